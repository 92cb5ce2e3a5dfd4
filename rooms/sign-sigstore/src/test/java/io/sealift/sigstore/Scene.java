package io.sealift.sigstore;

import io.sealift.oci.Digest;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.oci.Reference;
import io.sealift.policy.Material;
import io.sealift.policy.Requirement.SigstoreSigned;
import io.sealift.policy.Signature;
import io.sealift.policy.SignatureScheme;
import io.sealift.policy.TrustAnchor;
import io.sealift.registry.RegistryClient;
import io.sealift.registry.Retries;
import io.sealift.secret.FileSecrets;
import io.sealift.source.ImageSource;
import io.sealift.source.Resolved;
import io.sealift.source.Resolver;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.TarBuilder;
import io.sealift.verify.JcaHashing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A registry with an image `app:v1`, and what is attached to it; a test closes it.
final class Scene implements AutoCloseable {

  /// The present of all tests.
  static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  static final String REPOSITORY = "app";

  /// What the image is called in payloads.
  static final String NAME = "registry.example/app";

  final InProcessRegistry registry;
  final BuiltImage image;
  final BuiltImage named;
  private int enough = Integer.MAX_VALUE;

  private Scene(InProcessRegistry registry, BuiltImage image, BuiltImage named) {
    this.registry = registry;
    this.image = image;
    this.named = named;
    registry.push(REPOSITORY, "v1", named);
  }

  /// One image in a registry that lists referrers.
  static Scene open() {
    return open(InProcessRegistry.builder().referrers(100));
  }

  static Scene open(InProcessRegistry.Builder registry) {
    BuiltImage image = image("hello");
    return new Scene(registry.start(), image, image);
  }

  /// An index of two images.
  static Scene ofIndex() {
    BuiltImage image = image("hello");
    Map<Platform, BuiltImage> images = new LinkedHashMap<>();
    images.put(new Platform("plan9", "riscv64", null), image("other"));
    images.put(Platform.host(), image);
    return new Scene(
        InProcessRegistry.builder().referrers(100).start(), image, ImageBuilder.index(images));
  }

  static BuiltImage image(String text) {
    return new ImageBuilder().layer(new TarBuilder().file("motd", text).build()).build();
  }

  /// The digest of the image's manifest.
  Digest digest() {
    return image.digest();
  }

  /// The digest of what the name leads to.
  Digest rootDigest() {
    return named.digest();
  }

  static String tag(Digest digest, String suffix) {
    return digest.algorithm().label() + "-" + digest.hex() + suffix;
  }

  /// Attaches signatures to the image.
  Scene attach(CosignLayer... layers) {
    return attach(digest(), ".sig", CosignLayer.manifest(layers));
  }

  Scene attach(Digest digest, String suffix, BuiltImage manifest) {
    registry.push(REPOSITORY, tag(digest, suffix), manifest);
    return this;
  }

  /// Adds a referrer.
  Scene refer(BuiltImage referrer) {
    registry.push(REPOSITORY, referrer);
    return this;
  }

  /// How many signatures end the examination.
  Scene enough(int value) {
    enough = value;
    return this;
  }

  /// What an examination came across.
  record Examined(List<String> places, List<Signature> signatures) {

    /// A line for each signature: `proven SIGNER REFERENCE DIGEST`, or the reason why it is
    /// worthless.
    List<String> verdicts() {
      return signatures.stream()
          .map(signature ->
              switch (signature) {
                case Signature.Proven(String place, String signer, Signature.Claim claim) ->
                    "proven %s %s %s".formatted(signer, claim.reference(), claim.digest());
                case Signature.Worthless(String place, String reason) -> reason;
              })
          .toList();
    }

    /// The only line.
    String verdict() {
      if (signatures.size() != 1) {
        throw new AssertionError(verdicts());
      }
      return verdicts().getFirst();
    }
  }

  Examined examine(SigstoreSigned requirement) throws Exception {
    return examine(registry, Platform.host(), requirement, enough);
  }

  /// Examines the image `app:v1` for `linux/amd64`.
  static Examined examine(InProcessRegistry registry, SigstoreSigned requirement) throws Exception {
    Platform platform = new Platform("linux", "amd64", null);
    return examine(registry, platform, requirement, Integer.MAX_VALUE);
  }

  private static Examined examine(
      InProcessRegistry registry, Platform platform, SigstoreSigned requirement, int enough)
      throws Exception {
    Reference reference = Reference.parse(registry.name(REPOSITORY, "v1"));
    try (ImageSource source = client().open(reference)) {
      Resolved resolved =
          new Resolver(new JcaHashing())
              .resolve(new ImageName.InRegistry(reference), source, platform);
      return examine(resolved, source, requirement, enough);
    }
  }

  static RegistryClient client() throws Exception {
    return RegistryClient.builder().plainHttp(true).retries(Retries.none()).build();
  }

  static Examined examine(
      Resolved resolved, ImageSource source, SigstoreSigned requirement, int enough)
      throws Exception {
    Examined examined = new Examined(new ArrayList<>(), new ArrayList<>());
    new Sigstore(new JcaHashing(), InstantSource.fixed(NOW))
        .examine(
            requirement,
            resolved,
            source,
            new FileSecrets(),
            new SignatureScheme.Observer() {
              @Override
              public void looksAt(String place) {
                examined.places.add(place);
              }

              @Override
              public boolean finds(Signature signature) {
                examined.signatures.add(signature);
                return examined.signatures.size() >= enough;
              }
            });
    return examined;
  }

  /// A requirement of one of these keys.
  static SigstoreSigned keys(SigningKey... keys) {
    List<Material> materials =
        Stream.of(keys).<Material>map(key -> given("key", key.pem())).toList();
    return new SigstoreSigned(new TrustAnchor.PublicKeys(materials), List.of(), null, null);
  }

  static Material given(String name, byte[] bytes) {
    return new Material.Given(name, bytes);
  }

  @Override
  public void close() {
    registry.close();
  }
}
