package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.cli.doctor.Examination;
import io.sealift.cli.options.AccessOptions;
import io.sealift.cli.options.KeyOptions;
import io.sealift.cli.options.LimitOptions;
import io.sealift.cli.options.PlaceOptions;
import io.sealift.cli.options.PolicyOptions;
import io.sealift.cli.options.SourceOptions;
import io.sealift.cli.options.StackingOptions;
import io.sealift.cli.options.StoreOptions;
import io.sealift.cli.options.TlsOptions;
import io.sealift.codec.Compression;
import io.sealift.codec.Decompressor;
import io.sealift.codec.JdkGzip;
import io.sealift.codec.LazyDecompressor;
import io.sealift.crypt.JcaCipher;
import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyFile;
import io.sealift.crypt.KeyUnwrapper;
import io.sealift.crypt.LayerCipher;
import io.sealift.crypt.LayerKeys;
import io.sealift.failure.AuthenticationException;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.imageconfig.Configuration;
import io.sealift.imageconfig.Setting;
import io.sealift.jwe.JweKeys;
import io.sealift.kbs.HubSecrets;
import io.sealift.kbs.OwnersSecrets;
import io.sealift.kbs.PacketKeys;
import io.sealift.keyprovider.ProviderKeys;
import io.sealift.linux.library.Isal;
import io.sealift.linux.library.Libcrypto;
import io.sealift.linux.library.Loaded;
import io.sealift.oci.ImageName;
import io.sealift.oci.Reference;
import io.sealift.overlay.AutoSnapshotter;
import io.sealift.overlay.CopySnapshotter;
import io.sealift.overlay.OverlaySnapshotter;
import io.sealift.overlay.OverlayTrial;
import io.sealift.pem.LockedKeyException;
import io.sealift.pem.PrivateKeys;
import io.sealift.pgp.PgpKeys;
import io.sealift.pkcs11.ModuleVariables;
import io.sealift.pkcs11.Pkcs11Keys;
import io.sealift.pkcs7.Pkcs7Keys;
import io.sealift.policy.Gatekeeper;
import io.sealift.policy.Policy;
import io.sealift.policy.SignatureSchemes;
import io.sealift.pull.ImageClient;
import io.sealift.registry.Credentials;
import io.sealift.registry.RegistryClient;
import io.sealift.registry.certs.CertificateDirectories;
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
import io.sealift.store.Store;
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

/// The one class that names the rooms: whoever reads it knows all code that the command line trusts
/// with an image.
///
/// | seam | room, the preferred one first |
/// |---|---|
/// | where images may be had | `registries-conf`, by `ImagePlaces` |
/// | where images are found | `registry`, layouts of `core` |
/// | what inflates gzip | ISA-L through `linux`, the Java platform |
/// | what inflates zstd | libzstd through `linux`, zstd-jni |
/// | what computes digests | libcrypto through `linux`, the Java platform |
/// | what is set for all images | `image-config` |
/// | what checks signatures | `sign-simple`, `sign-sigstore` |
/// | what opens layer keys | `keys-jwe`, `keys-pgp`, `keys-pkcs7`, `keys-pkcs11`, `keys-provider`, `secrets-kbs` |
/// | where keys and policies are | files, `secrets-kbs` |
/// | what decrypts layers | libcrypto through `linux`, the Java platform |
/// | how layers are kept and stacked | `overlay`: mounts, copies |
final class Assembly {

  private final Surroundings surroundings;

  /// Made when it is asked for, and once: a key broker is proved to only once then.
  private @Nullable SecretSource secrets;

  private final ImagePlaces places;

  Assembly(Surroundings surroundings) {
    this.surroundings = surroundings;
    places = new ImagePlaces(surroundings, this::secret);
  }

  /// A client for bringing images into a store.
  ImageClient client(
      SourceOptions source,
      PolicyOptions policy,
      KeyOptions keys,
      StoreOptions store,
      StackingOptions stacking,
      LimitOptions limits)
      throws ImageException, InterruptedIOException {
    return builder(source, policy, keys, limits)
        .snapshotter(snapshotter(stacking))
        .workDir(store.workDir(surroundings))
        .storeLimit(stacking.storeLimit(surroundings))
        .build();
  }

  /// A client that asks the policy and brings nothing into a store.
  ImageClient client(
      SourceOptions source, PolicyOptions policy, KeyOptions keys, LimitOptions limits)
      throws ImageException, InterruptedIOException {
    return withoutStore(builder(source, policy, keys, limits));
  }

  /// A client for finding images only.
  ImageClient client(SourceOptions source) throws ImageException, InterruptedIOException {
    Policy none = Policy.absent("this command lets nothing in");
    RegistryClient registry = registry(source);
    return withoutStore(
        builder(source, registry, new KeyOptions(), new LimitOptions())
            .gatekeeper(Gatekeeper.withoutSignatures(() -> none)));
  }

  private ImageClient withoutStore(ImageClient.Builder builder) {
    return builder
        .snapshotter(new CopySnapshotter())
        .workDir(new StoreOptions().workDir(surroundings))
        .build();
  }

  private ImageClient.Builder builder(
      SourceOptions source, PolicyOptions policy, KeyOptions keys, LimitOptions limits)
      throws ImageException, InterruptedIOException {
    RegistryClient registry = registry(source);
    SecretSource secrets = secrets();
    return builder(source, registry, keys, limits)
        .gatekeeper(
            new Gatekeeper(
                policy.source(surroundings, secrets), schemes(policy, registry), secrets));
  }

  private ImageClient.Builder builder(
      SourceOptions source, RegistryClient registry, KeyOptions keys, LimitOptions limits)
      throws ImageException, InterruptedIOException {
    Hashing hashing = hashing();
    return ImageClient.builder()
        .sources(sources(source, registry, hashing))
        .decompressors(List.of(gzip(), zstd()))
        .hashing(hashing)
        .keys(keys(keys))
        .cipher(cipher())
        .limits(limits.limits())
        .concurrentLayers(limits.concurrentLayers(surroundings));
  }

  /// What opens the keys of encrypted layers. A provider for packets of Confidential Containers is
  /// asked before they are opened here.
  LayerKeys keys(KeyOptions options) throws ImageException, InterruptedIOException {
    List<KeyFile> files = options.files(this::secret);
    try {
      for (KeyFile file : files) {
        if (!isKey(file)) {
          throw new BadReferenceException(
              "read --decryption-key %s: expected a private key, a certificate, a secret key ring or where a token has a key, found something else"
                  .formatted(file.name()));
        }
      }
      List<KeyUnwrapper> unwrappers = new ArrayList<>();
      unwrappers.add(new JweKeys(files));
      unwrappers.add(new PgpKeys(files));
      unwrappers.add(new Pkcs7Keys(files));
      unwrappers.add(new Pkcs11Keys(files, surroundings::variable, moduleVariables()));
      Optional<Path> providers = options.providers(surroundings);
      if (providers.isPresent()) {
        unwrappers.add(ProviderKeys.read(providers.get(), options.forProviders()));
      } else if (!options.forProviders().isEmpty()) {
        throw new BadReferenceException(
            "read --decryption-key %s: no key providers are configured; name their file with --keyprovider-config"
                .formatted(options.forProviders().getFirst()));
      }
      unwrappers.add(new PacketKeys(secrets()));
      return new LayerKeys(unwrappers);
    } catch (KeyException locked) {
      throw new AuthenticationException(locked.reason(), locked);
    } finally {
      files.forEach(KeyFile::close);
    }
  }

  private static ModuleVariables moduleVariables() {
    ModuleVariables setting = ModuleVariables.set();
    return (name, value) -> {
      HeadStart.end();
      setting.provide(name, value);
    };
  }

  private static boolean isKey(KeyFile file) throws KeyException {
    return JweKeys.takes(file)
        || Pkcs7Keys.takes(file)
        || PgpKeys.takes(file)
        || Pkcs11Keys.takes(file);
  }

  private static LayerCipher cipher() {
    return Libcrypto.loadCipher().found().orElseGet(JcaCipher::new);
  }

  /// What checks signatures, without any registry in particular.
  SignatureSchemes schemes() throws ImageException {
    return schemes(new PolicyOptions(), registryBuilder(new SourceOptions()).build());
  }

  private SignatureSchemes schemes(PolicyOptions policy, RegistryClient registry) {
    return new SignatureSchemes(
        new SimpleSigning(() -> lookasides(policy), registry::documents, InstantSource.system()),
        new Sigstore(hashing()));
  }

  private Lookasides lookasides(PolicyOptions policy)
      throws ImageException, InterruptedIOException {
    Path otherwise = policy.signatureStore(surroundings);
    Optional<String> document = policy.signatureStores(surroundings);
    return document.isPresent()
        ? Lookasides.parse(secret(document.get(), Lookasides.MAX_BYTES), document.get(), otherwise)
        : Lookasides.read(policy.registriesD(surroundings), otherwise);
  }

  /// Where keys and policies are.
  synchronized SecretSource secrets() throws ImageException {
    SecretSource known = secrets;
    if (known == null) {
      Map<String, SecretSource> sources = new HashMap<>();
      sources.put("file", new FileSecrets());
      sources.put(Configuration.SCHEME, surroundings.configuration());
      secretsOfOwner().ifPresent(source -> sources.put("kbs", source));
      known = new SecretsByScheme(sources);
      secrets = known;
    }
    return known;
  }

  /// A source that is made only when it is asked.
  private byte[] secret(String uri, int maxBytes) throws ImageException, InterruptedIOException {
    return secrets().read(uri, maxBytes);
  }

  /// Where a confidential guest's owner keeps secrets: where the settings say, or else the data hub
  /// when there is one.
  private Optional<SecretSource> secretsOfOwner() throws ImageException {
    Optional<Configuration.Value> set = surroundings.settingWithOrigin(Setting.KEY_BROKER);
    if (set.isEmpty()) {
      return Files.exists(DataHub.SOCKET)
          ? Optional.of(new HubSecrets(new DataHub(DataHub.SOCKET, DataHub.TIMEOUT)))
          : Optional.empty();
    }
    OwnersSecrets secrets =
        new OwnersSecrets(
            set.get().origin(),
            url -> registryBuilder(new SourceOptions()).build().service(url),
            AttestationAgent.SOCKET,
            surroundings.variable("OFFLINE_FS_KBC_EXTRA_FILE_PATH").orElse(""));
    return Optional.of(secrets.named(set.get().text()));
  }

  private ImageSources sources(SourceOptions options, RegistryClient registry, Hashing hashing) {
    return name ->
        switch (name) {
          case ImageName.InRegistry(Reference reference) ->
              PlacesSource.of(
                  reference,
                  places(options.places()).of(reference),
                  (place, last) -> open(place, reference, last, registry),
                  hashing);
          case ImageName.InLayout(Path directory, String image) ->
              LayoutSource.directory(directory, image);
          case ImageName.InArchive(Path file, String image) -> LayoutSource.archive(file, image);
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

  /// Where the images of registries may be had.
  Places places(PlaceOptions options) throws ImageException, InterruptedIOException {
    return places.of(options);
  }

  /// What a bare name without a registry may mean, in the order to try, and why.
  Map<Reference, String> meanings(String name, PlaceOptions options)
      throws ImageException, InterruptedIOException {
    return places.meanings(name, options);
  }

  private RegistryClient registry(SourceOptions options)
      throws ImageException, InterruptedIOException {
    TlsOptions tls = options.tls();
    return registryBuilder(options)
        .certificates(tls.authorities(surroundings, this::secret))
        .build();
  }

  /// With everything but the authorities of `--tls-ca`.
  private RegistryClient.Builder registryBuilder(SourceOptions options) throws ImageException {
    RegistryClient.Builder builder = RegistryClient.builder().plainHttp(options.plainHttp());
    AccessOptions access = options.access();
    access
        .login(surroundings)
        .ifPresent(login -> builder.credentials(new Credentials(login.user(), login.password())));
    builder.credentials(
        access.credentials(surroundings, this::secret, () -> places.logins(options.places())));
    options.tls().sockets().forEach(builder::socket);
    return builder
        .warnings(warning -> surroundings.say("warning: " + warning))
        .certificates(
            new CertificateDirectories(
                options.tls().directories(surroundings), Assembly::privateKey))
        .timeouts(options.pace().timeouts(surroundings))
        .connections(options.pace().connections(surroundings))
        .proxies(Proxies.of(proxyVariables()));
  }

  /// Those of the environment, and what the configuration says of others.
  private Map<String, String> proxyVariables() {
    Map<String, String> variables = new HashMap<>(surroundings.environment());
    for (Setting setting : List.of(Setting.HTTPS_PROXY, Setting.HTTP_PROXY, Setting.NO_PROXY)) {
      if (setting.variables().stream().allMatch(name -> surroundings.variable(name).isEmpty())) {
        surroundings
            .setting(setting)
            .ifPresent(value -> variables.put(setting.variables().getLast(), value));
      }
    }
    return variables;
  }

  private static PrivateKey privateKey(byte[] file) throws GeneralSecurityException {
    try {
      return PrivateKeys.read(file, null)
          .orElseThrow(() -> new InvalidKeyException("found something else"));
    } catch (LockedKeyException locked) {
      throw new InvalidKeyException(locked.getMessage(), locked);
    }
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
                .orElseThrow(
                    () -> new IllegalStateException("no zstd here; see 'sealift doctor'")));
  }

  Hashing hashing() {
    return Libcrypto.load().found().orElseGet(JcaHashing::new);
  }

  /// The store, made when it is not there; the caller closes it.
  Store store(StoreOptions options) throws ImageException, InterruptedIOException {
    return Store.open(options.workDir(surroundings), new CopySnapshotter());
  }

  /// The store as it is, for looking into it; the caller closes it.
  Store existingStore(StoreOptions options) throws ImageException, InterruptedIOException {
    return Store.openExisting(options.workDir(surroundings), new CopySnapshotter());
  }

  /// The store, for undoing what was stacked from it; the caller closes it.
  Store storeForUnstacking(StoreOptions options) throws ImageException, InterruptedIOException {
    return Store.open(options.workDir(surroundings), new AutoSnapshotter());
  }

  /// For files of this process's own making.
  Snapshotter files() {
    return new CopySnapshotter();
  }

  /// An overlay mount lives as long as its mount namespace, which is this process's own unless it
  /// is root.
  private Snapshotter snapshotter(StackingOptions stacking) {
    return switch (stacking.snapshotter()) {
      case overlay -> new OverlaySnapshotter();
      case copy -> new CopySnapshotter();
      case auto -> surroundings.isRoot() ? new AutoSnapshotter() : new CopySnapshotter();
    };
  }

  /// Looks at every room.
  void examine(Examination examination, Path workDir) {
    examination.library("gzip", Isal.load(), Decompressor::name, "inflates", "java.util.zip does");
    Loaded<Decompressor> zstd = ZstdDecompressor.load();
    String bundled =
        switch (ZstdDecompressor.loadBundled()) {
          case Loaded.Present<Decompressor> _ -> "zstd-jni does";
          case Loaded.Absent<Decompressor>(String library, String reason) ->
              "neither does " + library + ": it " + reason;
        };
    examination.library("zstd", zstd, Decompressor::name, "inflates", bundled);
    examination.library(
        "digests", Libcrypto.load(), Hashing::name, "computes them", "the Java platform does");
    examination.overlay(
        surroundings.isRoot()
            ? OverlayTrial.below(Examination.nearest(workDir)).obstacle()
            : "takes root");
  }
}
