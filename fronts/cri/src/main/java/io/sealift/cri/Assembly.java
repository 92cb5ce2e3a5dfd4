package io.sealift.cri;

import io.sealift.codec.Decompressor;
import io.sealift.codec.JdkGzip;
import io.sealift.cri.image.Pins;
import io.sealift.crypt.JcaCipher;
import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyFile;
import io.sealift.crypt.KeyUnwrapper;
import io.sealift.crypt.LayerCipher;
import io.sealift.crypt.LayerKeys;
import io.sealift.failure.AuthenticationException;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.imageconfig.ByteSize;
import io.sealift.imageconfig.Configuration;
import io.sealift.imageconfig.ProcessSettings;
import io.sealift.imageconfig.Setting;
import io.sealift.jwe.JweKeys;
import io.sealift.kbs.HubSecrets;
import io.sealift.kbs.OwnersSecrets;
import io.sealift.kbs.PacketKeys;
import io.sealift.keyprovider.ProviderKeys;
import io.sealift.linux.library.Isal;
import io.sealift.linux.library.Libcrypto;
import io.sealift.oci.ImageName;
import io.sealift.oci.Reference;
import io.sealift.overlay.AutoSnapshotter;
import io.sealift.pem.LockedKeyException;
import io.sealift.pem.PrivateKeys;
import io.sealift.pgp.PgpKeys;
import io.sealift.pkcs7.Pkcs7Keys;
import io.sealift.policy.Gatekeeper;
import io.sealift.policy.Policy;
import io.sealift.policy.SignatureSchemes;
import io.sealift.policyfile.PolicyFile;
import io.sealift.pull.ImageClient;
import io.sealift.pull.LayerMemory;
import io.sealift.registries.HostsTree;
import io.sealift.registries.RegistriesConf;
import io.sealift.registries.SettingsFiles;
import io.sealift.registry.CredentialSource;
import io.sealift.registry.RegistryClient;
import io.sealift.registry.Retries;
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
import io.sealift.source.LayoutSource;
import io.sealift.source.Place;
import io.sealift.source.Places;
import io.sealift.source.PlacesSource;
import io.sealift.telemetry.PullTraces;
import io.sealift.verify.Hashing;
import io.sealift.verify.JcaHashing;
import io.sealift.wire.guest.AttestationAgent;
import io.sealift.wire.guest.DataHub;
import io.sealift.zstd.ZstdDecompressor;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The one class that names the rooms: whoever reads it knows all code that a node trusts with an
/// image. It is made anew when the settings are read again.
///
/// | seam | room, the preferred one first |
/// |---|---|
/// | where images may be had, and what short names mean | `registries-conf` |
/// | where images are found | `registry`, layouts of `core` as mirrors |
/// | what inflates gzip | ISA-L through `linux`, the Java platform |
/// | what inflates zstd | libzstd through `linux`, zstd-jni |
/// | what computes digests | libcrypto through `linux`, the Java platform |
/// | what is set for all images | `image-config` |
/// | what checks signatures | `sign-simple`, `sign-sigstore` |
/// | what opens layer keys | `keys-jwe`, `keys-pgp`, `keys-pkcs7`, `keys-provider`, `secrets-kbs` |
/// | where keys and policies are | files, `secrets-kbs` |
/// | what decrypts layers | libcrypto through `linux`, the Java platform |
/// | how layers are kept | `overlay` |
/// | what makes traces of pulls | `telemetry` |
final class Assembly {

  private static final Path WORK_DIR = Path.of("/var/lib/sealift");

  /// Where the containers tools of a machine have their settings.
  private static final Path CONTAINERS = Path.of("/etc/containers");

  /// Bytes of certificates; all authorities of a machine have about 250 000.
  private static final int MAX_PEM_BYTES = 1 << 20;

  private final ServeOptions options;
  private final ProcessSettings settings;
  private final LayerMemory memory;
  private final Retries retries;
  private final SecretSource secrets;
  private final Hashing hashing = Libcrypto.load().found().orElseGet(JcaHashing::new);

  /// @param memory of all assemblies of the process
  /// @param retries how often registries are asked again that do not answer
  Assembly(ServeOptions options, ProcessSettings settings, LayerMemory memory, Retries retries)
      throws ImageException {
    this.options = options;
    this.settings = settings;
    this.memory = memory;
    this.retries = retries;
    secrets = secrets();
  }

  /// Traces of pulls; null when the environment names no exporter.
  static @Nullable PullTraces traces(Map<String, String> environment, String version)
      throws BadReferenceException {
    return PullTraces.configured(environment::get, "sealift-cri", version);
  }

  /// Everything that pulls need, as it is set now.
  ///
  /// @param number tells it from those before and after
  Node node(long number) throws ImageException, InterruptedIOException {
    RegistryClient registry = registry();
    RegistriesConf names = registriesConf();
    Path hosts = options.registryHostsDir;
    Places places = hosts == null ? names : HostsTree.at(hosts);
    ImageClient client =
        ImageClient.builder()
            .sources(sources(registry, places))
            .gatekeeper(new Gatekeeper(this::policy, schemes(registry), secrets))
            .decompressors(decompressors())
            .hashing(hashing)
            .keys(keys())
            .cipher(cipher())
            .concurrentLayers(
                settings.number(
                    Setting.CONCURRENT_DOWNLOADS,
                    ImageClient.Builder.MAX_CONCURRENT_LAYERS,
                    ImageClient.Builder.CONCURRENT_LAYERS))
            .memory(memory)
            .storeLimit(ByteSize.orUnbounded(settings.value(Setting.STORE_LIMIT)))
            .snapshotter(snapshotter())
            .workDir(workDir())
            .build();
    return new Node(
        number,
        asker -> asker == null ? client : client.from(sources(registry.as(asker), places)),
        name -> names.meanings(name).keySet(),
        pins());
  }

  /// Where the store is.
  Path workDir() {
    return Optional.ofNullable(options.workDir)
        .or(() -> settings.text(Setting.WORK_DIR).map(Path::of))
        .orElse(WORK_DIR)
        .toAbsolutePath()
        .normalize();
  }

  Snapshotter snapshotter() {
    return new AutoSnapshotter();
  }

  private Pins pins() throws BadReferenceException {
    return Pins.of(
        options.pinnedImages.isEmpty()
            ? List.of(
                settings.text(Setting.PINNED_IMAGES).orElse(Setting.SANDBOX_IMAGES).split(" "))
            : options.pinnedImages);
  }

  private ImageSources sources(RegistryClient registry, Places places) {
    return name ->
        switch (name) {
          case ImageName.InRegistry(Reference reference) ->
              PlacesSource.of(
                  reference,
                  places.of(reference),
                  (place, last) -> open(place, reference, last, registry),
                  hashing);
          case ImageName.InLayout _, ImageName.InArchive _ ->
              throw new BadReferenceException(
                  "open %s: a node takes images by the names of registries".formatted(name));
        };
  }

  private static ImageSource open(
      Place place, Reference reference, boolean last, RegistryClient registry)
      throws ImageException, InterruptedIOException {
    return switch (place) {
      case Place.Repository repository -> registry.open(repository, reference, last);
      case Place.Layout layout -> LayoutSource.directory(layout);
    };
  }

  private RegistriesConf registriesConf() throws ImageException, InterruptedIOException {
    if (options.registryHostsDir != null) {
      return RegistriesConf.none();
    }
    Optional<String> named =
        Optional.ofNullable(options.registriesConf).or(() -> settings.text(Setting.REGISTRIES));
    return named.isPresent()
        ? RegistriesConf.parse(secret(named.get(), RegistriesConf.MAX_BYTES), named.get())
        : RegistriesConf.read(SettingsFiles.usual(null, CONTAINERS), null);
  }

  private RegistryClient registry() throws ImageException, InterruptedIOException {
    RegistryClient.Builder builder = registryBuilder().credentials(credentials());
    Optional<String> authorities = settings.text(Setting.AUTHORITIES);
    if (authorities.isPresent()) {
      builder.certificates(List.of(secret(authorities.get(), MAX_PEM_BYTES)));
    }
    return builder.build();
  }

  private RegistryClient.Builder registryBuilder() throws ImageException {
    return RegistryClient.builder()
        .retries(retries)
        .timeouts(timeouts())
        .connections(
            settings.number(
                Setting.CONNECTIONS,
                RegistryClient.Builder.MAX_CONNECTIONS,
                RegistryClient.Builder.CONNECTIONS))
        .certificates(new CertificateDirectories(certificates(), Assembly::privateKey))
        .proxies(Proxies.of(proxyVariables()));
  }

  private Timeouts timeouts() throws BadReferenceException {
    return new Timeouts(
        settings.time(Setting.CONNECT_TIMEOUT).orElse(Timeouts.DEFAULT.connect()),
        settings.time(Setting.READ_TIMEOUT).orElse(Timeouts.DEFAULT.read()),
        settings.time(Setting.TOTAL_TIMEOUT).orElse(null));
  }

  private List<Path> certificates() {
    return options.certDir == null
        ? List.of(CONTAINERS.resolve("certs.d"), Path.of("/etc/docker/certs.d"))
        : List.of(options.certDir);
  }

  private static PrivateKey privateKey(byte[] file) throws GeneralSecurityException {
    try {
      return PrivateKeys.read(file, null)
          .orElseThrow(() -> new InvalidKeyException("found something else"));
    } catch (LockedKeyException locked) {
      throw new InvalidKeyException(locked.getMessage(), locked);
    }
  }

  private CredentialSource credentials() {
    Optional<String> named =
        Optional.ofNullable(options.authfile).or(() -> settings.text(Setting.CREDENTIALS));
    return new AuthFiles(
        named.map(file -> List.of(AuthPlace.named(file, place(file), secrets))).orElse(List.of()),
        CredentialHelpers.NONE);
  }

  /// Those of the environment, and what the configuration says of others.
  private Map<String, String> proxyVariables() {
    Map<String, String> variables = new HashMap<>(settings.environment());
    for (Setting setting : List.of(Setting.HTTPS_PROXY, Setting.HTTP_PROXY, Setting.NO_PROXY)) {
      settings
          .text(setting)
          .ifPresent(text -> setting.variables().forEach(name -> variables.put(name, text)));
    }
    return variables;
  }

  private SecretSource secrets() throws ImageException {
    Map<String, SecretSource> sources = new HashMap<>();
    sources.put("file", new FileSecrets());
    sources.put(Configuration.SCHEME, settings.configuration());
    secretsOfOwner().ifPresent(source -> sources.put("kbs", source));
    return new SecretsByScheme(sources);
  }

  /// Where the settings say, or else a data hub when there is one.
  private Optional<SecretSource> secretsOfOwner() throws ImageException {
    Optional<Configuration.Value> set = settings.value(Setting.KEY_BROKER);
    if (set.isEmpty()) {
      return Files.exists(DataHub.SOCKET)
          ? Optional.of(new HubSecrets(new DataHub(DataHub.SOCKET, DataHub.TIMEOUT)))
          : Optional.empty();
    }
    OwnersSecrets owners =
        new OwnersSecrets(
            set.get().origin(),
            url -> registryBuilder().build().service(url),
            AttestationAgent.SOCKET,
            settings.variable("OFFLINE_FS_KBC_EXTRA_FILE_PATH").orElse(""));
    return Optional.of(owners.named(set.get().text()));
  }

  private byte[] secret(String file, int maxBytes) throws ImageException, InterruptedIOException {
    return secrets.read(place(file), maxBytes);
  }

  /// A path or URI as sources of secrets know it.
  private static String place(String file) {
    return file.contains("://") || file.startsWith("file:")
        ? file
        : Path.of(file).toAbsolutePath().normalize().toString();
  }

  /// Read for every image, so that a new one holds at once.
  private Policy policy() throws ImageException, InterruptedIOException {
    if (options.insecurePolicy) {
      return Policy.insecureAcceptAnything("--insecure-policy");
    }
    Path usual = CONTAINERS.resolve("policy.json");
    Optional<String> named =
        Optional.ofNullable(options.policy).or(() -> settings.text(Setting.POLICY));
    if (named.isEmpty() && !Files.exists(usual)) {
      return Policy.absent(
          "write {\"default\":[{\"type\":\"insecureAcceptAnything\"}]} or a stricter one to %s, or start the daemon with --policy"
              .formatted(usual));
    }
    String file = named.orElse(usual.toString());
    return PolicyFile.parse(secret(file, PolicyFile.MAX_BYTES), file);
  }

  private SignatureSchemes schemes(RegistryClient registry) {
    return new SignatureSchemes(
        new SimpleSigning(this::lookasides, registry::documents, InstantSource.system()),
        new Sigstore(hashing));
  }

  private Lookasides lookasides() throws ImageException, InterruptedIOException {
    Path otherwise = Path.of("/var/lib/containers/sigstore");
    Optional<String> document = settings.text(Setting.SIGNATURE_STORES);
    return document.isPresent()
        ? Lookasides.parse(secret(document.get(), Lookasides.MAX_BYTES), document.get(), otherwise)
        : Lookasides.read(CONTAINERS.resolve("registries.d"), otherwise);
  }

  private LayerKeys keys() throws ImageException {
    List<KeyFile> files = KeyDirectory.read(options.decryptionKeysDir);
    try {
      List<KeyUnwrapper> unwrappers = new ArrayList<>();
      unwrappers.add(new JweKeys(files));
      unwrappers.add(new PgpKeys(files));
      unwrappers.add(new Pkcs7Keys(files));
      Optional<String> providers = settings.variable("OCICRYPT_KEYPROVIDER_CONFIG");
      if (providers.isPresent()) {
        unwrappers.add(ProviderKeys.read(Path.of(providers.get()), List.of()));
      }
      unwrappers.add(new PacketKeys(secrets));
      return new LayerKeys(unwrappers);
    } catch (KeyException locked) {
      throw new AuthenticationException(locked.reason(), locked);
    } finally {
      files.forEach(KeyFile::close);
    }
  }

  private static List<Decompressor> decompressors() {
    List<Decompressor> all = new ArrayList<>();
    all.add(Isal.load().found().orElseGet(JdkGzip::new));
    Decompressor zstd =
        ZstdDecompressor.load()
            .found()
            .or(() -> ZstdDecompressor.loadBundled().found())
            .orElse(null);
    if (zstd != null) {
      all.add(zstd);
    }
    return all;
  }

  private static LayerCipher cipher() {
    return Libcrypto.loadCipher().found().orElseGet(JcaCipher::new);
  }
}
