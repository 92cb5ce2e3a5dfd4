package io.sealift.kata;

import io.sealift.codec.Compression;
import io.sealift.codec.Decompressor;
import io.sealift.codec.JdkGzip;
import io.sealift.codec.LazyDecompressor;
import io.sealift.crypt.JcaCipher;
import io.sealift.crypt.KeyUnwrapper;
import io.sealift.crypt.LayerCipher;
import io.sealift.crypt.LayerKeys;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.imageconfig.ByteSize;
import io.sealift.imageconfig.Configuration;
import io.sealift.imageconfig.ProcessSettings;
import io.sealift.imageconfig.Setting;
import io.sealift.kbs.HubKeys;
import io.sealift.kbs.HubSecrets;
import io.sealift.kbs.OwnersSecrets;
import io.sealift.kbs.PacketKeys;
import io.sealift.linux.library.Isal;
import io.sealift.linux.library.Libcrypto;
import io.sealift.oci.ImageName;
import io.sealift.oci.Reference;
import io.sealift.overlay.AutoSnapshotter;
import io.sealift.overlay.CopySnapshotter;
import io.sealift.overlay.OverlaySnapshotter;
import io.sealift.policy.Gatekeeper;
import io.sealift.policy.Policy;
import io.sealift.policy.SignatureSchemes;
import io.sealift.policyfile.PolicyFile;
import io.sealift.pull.ImageClient;
import io.sealift.pull.LayerMemory;
import io.sealift.registries.RegistriesConf;
import io.sealift.registries.SettingsFiles;
import io.sealift.registry.CredentialSource;
import io.sealift.registry.RegistryClient;
import io.sealift.registry.Timeouts;
import io.sealift.registry.certs.CertificateDirectories;
import io.sealift.registry.login.AuthFiles;
import io.sealift.registry.login.AuthPlace;
import io.sealift.registry.login.CredentialHelpers;
import io.sealift.registry.proxy.Proxies;
import io.sealift.secret.FileSecrets;
import io.sealift.secret.SecretSource;
import io.sealift.secret.SecretsByScheme;
import io.sealift.sigstore.Sigstore;
import io.sealift.simple.Lookasides;
import io.sealift.simple.SimpleSigning;
import io.sealift.snapshot.Snapshotter;
import io.sealift.source.ImageSource;
import io.sealift.source.ImageSources;
import io.sealift.source.Place;
import io.sealift.source.Places;
import io.sealift.source.PlacesSource;
import io.sealift.telemetry.PullTraces;
import io.sealift.verify.Hashing;
import io.sealift.verify.JcaHashing;
import io.sealift.wire.guest.DataHub;
import io.sealift.zstd.ZstdDecompressor;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The one class that names the rooms: whoever reads it knows all code that a guest trusts with an
/// image. It is made anew when the settings are read again.
///
/// | seam | room, the preferred one first |
/// |---|---|
/// | where images may be had, and what short names mean | `registries-conf` |
/// | where images are found | `registry` |
/// | what inflates gzip | ISA-L through `linux`, the Java platform |
/// | what inflates zstd | libzstd through `linux`, zstd-jni |
/// | what computes digests | libcrypto through `linux`, the Java platform |
/// | what is set for all images | `image-config` |
/// | what checks signatures | `sign-simple`, `sign-sigstore` |
/// | what opens layer keys | `secrets-kbs` |
/// | where keys and policies are | files, `secrets-kbs` |
/// | what decrypts layers | libcrypto through `linux`, the Java platform |
/// | how layers are kept and stacked | `overlay`: mounts, copies |
/// | what makes traces of pulls | `telemetry` |
final class Assembly {

  /// Where the Kata agent expects the store, also to have put an encrypted volume there.
  static final Path WORK_DIR = Path.of("/run/kata-containers/image");

  /// Where the containers tools of a machine have their settings.
  private static final Path CONTAINERS = Path.of("/etc/containers");

  /// Bytes of certificates; all authorities of a machine have about 250 000.
  private static final int MAX_PEM_BYTES = 1 << 20;

  private final Options options;
  private final ProcessSettings settings;
  private final Peers peers;
  private final LayerMemory memory;
  private final Path containers;
  private final SecretSource secrets;

  /// @param memory of all assemblies of the process
  Assembly(Options options, ProcessSettings settings, Peers peers, LayerMemory memory)
      throws ImageException {
    this(options, settings, peers, memory, CONTAINERS);
  }

  /// @param containers in the place of `/etc/containers`
  Assembly(
      Options options, ProcessSettings settings, Peers peers, LayerMemory memory, Path containers)
      throws ImageException {
    this.options = options;
    this.settings = settings;
    this.peers = peers;
    this.memory = memory;
    this.containers = containers;
    secrets = secrets();
  }

  /// Traces of pulls; null when the environment names no exporter.
  static @Nullable PullTraces traces(Map<String, String> environment) throws BadReferenceException {
    return PullTraces.configured(environment::get, "sealift-kata", Main.version());
  }

  /// Brings images into the store and makes bundles.
  ImageClient client() throws ImageException, InterruptedIOException {
    Hashing hashing = Libcrypto.load().found().orElseGet(JcaHashing::new);
    RegistryClient registry = registry();
    return ImageClient.builder()
        .sources(sources(registry, places(), hashing))
        .gatekeeper(new Gatekeeper(this::policy, schemes(registry, hashing), secrets))
        .decompressors(List.of(gzip(), zstd()))
        .hashing(hashing)
        .keys(new LayerKeys(List.of(keys())))
        .cipher(cipher())
        .concurrentLayers(
            settings.number(
                Setting.CONCURRENT_DOWNLOADS,
                ImageClient.Builder.MAX_CONCURRENT_LAYERS,
                ImageClient.Builder.CONCURRENT_LAYERS))
        .memory(memory)
        .snapshotter(snapshotter())
        .workDir(workDir())
        .storeLimit(storeLimit())
        .build();
  }

  private KeyUnwrapper keys() {
    Path hub = peers.hub();
    return hub == null ? new PacketKeys(secrets) : new HubKeys(new DataHub(hub, DataHub.TIMEOUT));
  }

  /// Where the store is.
  Path workDir() {
    return options
        .path("work-dir")
        .or(() -> settings.text(Setting.WORK_DIR).map(Path::of))
        .orElse(WORK_DIR);
  }

  private long storeLimit() throws BadReferenceException {
    Optional<Long> given = options.storeLimit();
    return given.isPresent()
        ? given.get()
        : ByteSize.orUnbounded(settings.value(Setting.STORE_LIMIT));
  }

  /// How layers are stacked.
  Snapshotter snapshotter() throws BadReferenceException {
    return switch (options.stacking()) {
      case AUTO -> new AutoSnapshotter();
      case OVERLAY -> new OverlaySnapshotter();
      case COPY -> new CopySnapshotter();
    };
  }

  /// Where resources of the guest and of its owner are.
  SecretSource secretSource() {
    return secrets;
  }

  private SecretSource secrets() throws ImageException {
    Map<String, SecretSource> sources = new HashMap<>();
    sources.put("file", new FileSecrets());
    sources.put(Configuration.SCHEME, settings.configuration());
    Optional<SecretSource> owners = secretsOfOwner();
    owners.ifPresent(source -> sources.put("kbs", source));
    return new SecretsByScheme(sources);
  }

  /// The data hub behind this daemon, or else whom the settings name.
  private Optional<SecretSource> secretsOfOwner() throws ImageException {
    Path hub = peers.hub();
    if (hub != null) {
      return Optional.of(new HubSecrets(new DataHub(hub, DataHub.TIMEOUT)));
    }
    Optional<Configuration.Value> set = settings.value(Setting.KEY_BROKER);
    if (set.isEmpty()) {
      return Optional.empty();
    }
    OwnersSecrets owners =
        new OwnersSecrets(
            set.get().origin(),
            url -> anonymous().build().service(url),
            peers.agent(),
            settings.variable("OFFLINE_FS_KBC_EXTRA_FILE_PATH").orElse(""));
    return Optional.of(owners.named(set.get().text()));
  }

  private byte[] secret(String place, int maxBytes) throws ImageException, InterruptedIOException {
    return secrets.read(place, maxBytes);
  }

  private RegistryClient registry() throws ImageException, InterruptedIOException {
    RegistryClient.Builder builder = anonymous().credentials(credentials());
    options.registrySockets().forEach(builder::socket);
    Optional<String> authorities = settings.text(Setting.AUTHORITIES);
    if (authorities.isPresent()) {
      builder.certificates(List.of(secret(authorities.get(), MAX_PEM_BYTES)));
    }
    return builder.build();
  }

  private RegistryClient.Builder anonymous() throws ImageException {
    return RegistryClient.builder()
        .timeouts(
            new Timeouts(
                settings.time(Setting.CONNECT_TIMEOUT).orElse(Timeouts.DEFAULT.connect()),
                settings.time(Setting.READ_TIMEOUT).orElse(Timeouts.DEFAULT.read()),
                settings.time(Setting.TOTAL_TIMEOUT).orElse(null)))
        .connections(
            settings.number(
                Setting.CONNECTIONS,
                RegistryClient.Builder.MAX_CONNECTIONS,
                RegistryClient.Builder.CONNECTIONS))
        .certificates(
            new CertificateDirectories(
                List.of(containers.resolve("certs.d")),
                _ -> {
                  throw new InvalidKeyException(
                      "a guest shows registries no certificate of its own");
                }))
        .proxies(Proxies.of(proxyVariables()));
  }

  /// Those of the environment, and what the settings say of others.
  private Map<String, String> proxyVariables() {
    Map<String, String> variables = new HashMap<>();
    for (Setting setting : List.of(Setting.HTTPS_PROXY, Setting.HTTP_PROXY, Setting.NO_PROXY)) {
      settings
          .text(setting)
          .ifPresent(value -> variables.put(setting.variables().getFirst(), value));
    }
    return variables;
  }

  private CredentialSource credentials() {
    List<AuthPlace> named =
        settings
            .text(Setting.CREDENTIALS)
            .map(place -> List.of(AuthPlace.named(place, place, secrets)))
            .orElse(List.of());
    return new AuthFiles(named, CredentialHelpers.NONE);
  }

  private ImageSources sources(RegistryClient registry, Places places, Hashing hashing) {
    return name -> {
      if (name instanceof ImageName.InRegistry(Reference reference)) {
        return PlacesSource.of(
            reference,
            places.of(reference),
            (place, last) -> open(place, reference, last, registry),
            hashing);
      }
      throw new BadReferenceException(
          "open %s: a guest takes images from registries".formatted(name));
    };
  }

  private static ImageSource open(
      Place place, Reference reference, boolean last, RegistryClient registry)
      throws ImageException, InterruptedIOException {
    return switch (place) {
      case Place.Repository repository -> registry.open(repository, reference, last);
      case Place.Layout layout ->
          throw new BadReferenceException(
              "open %s: a guest takes images from registries, not from %s"
                  .formatted(reference, layout));
    };
  }

  private Places places() throws ImageException, InterruptedIOException {
    Optional<String> named = settings.text(Setting.REGISTRIES);
    return named.isPresent()
        ? named(named.get())
        : RegistriesConf.readPlaces(SettingsFiles.usual(null, containers));
  }

  /// What a bare name without a registry may mean, in the order to try, and why.
  Map<Reference, String> meanings(String name) throws ImageException, InterruptedIOException {
    Optional<String> named = settings.text(Setting.REGISTRIES);
    RegistriesConf registries =
        named.isPresent()
            ? named(named.get())
            : RegistriesConf.read(SettingsFiles.usual(null, containers), null);
    return registries.meanings(name);
  }

  private RegistriesConf named(String place) throws ImageException, InterruptedIOException {
    return RegistriesConf.parse(secret(place, RegistriesConf.MAX_BYTES), place);
  }

  /// Read for every image, so that a new one holds at once.
  private Policy policy() throws ImageException, InterruptedIOException {
    if (options.has("insecure-policy")) {
      return Policy.insecureAcceptAnything("--insecure-policy");
    }
    Path usual = containers.resolve("policy.json");
    Optional<String> named = options.place("policy").or(() -> settings.text(Setting.POLICY));
    if (named.isEmpty() && !Files.exists(usual)) {
      return Policy.absent(
          "name one with agent.image_policy_file and agent.enable_signature_verification=true on the kernel's command line, in the configuration or with --policy, or write %s"
              .formatted(usual));
    }
    String place = named.orElse(usual.toString());
    return PolicyFile.parse(secret(place, PolicyFile.MAX_BYTES), place);
  }

  private SignatureSchemes schemes(RegistryClient registry, Hashing hashing) {
    return new SignatureSchemes(
        new SimpleSigning(this::lookasides, registry::documents, InstantSource.system()),
        new Sigstore(hashing));
  }

  private Lookasides lookasides() throws ImageException, InterruptedIOException {
    Path otherwise = Path.of("/var/lib/containers/sigstore");
    Optional<String> document = settings.text(Setting.SIGNATURE_STORES);
    return document.isPresent()
        ? Lookasides.parse(secret(document.get(), Lookasides.MAX_BYTES), document.get(), otherwise)
        : Lookasides.read(containers.resolve("registries.d"), otherwise);
  }

  private static Decompressor gzip() {
    return new LazyDecompressor(
        Compression.GZIP, () -> Isal.load().found().orElseGet(JdkGzip::new));
  }

  private static Decompressor zstd() {
    return new LazyDecompressor(
        Compression.ZSTD,
        () ->
            ZstdDecompressor.load()
                .found()
                .or(() -> ZstdDecompressor.loadBundled().found())
                .orElseThrow(() -> new IllegalStateException("no zstd here")));
  }

  private static LayerCipher cipher() {
    return Libcrypto.loadCipher().found().orElseGet(JcaCipher::new);
  }
}
