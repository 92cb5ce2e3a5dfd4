package io.sealift.sigstore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.sigstore.crypto.VerifyingKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signatures of an index and of the manifest that it names for this machine.
class IndexesTest {

  private static final SigningKey KEY = SigningKey.make();

  private static String proven(Object digest) throws Exception {
    return "proven %s %s %s".formatted(VerifyingKey.of(KEY.der(), "key"), Scene.NAME, digest);
  }

  @Test
  void areLookedForAtTheManifestAndAtTheIndex() throws Exception {
    try (Scene scene = Scene.ofIndex()) {
      Scene.Examined examined = scene.examine(Scene.keys(KEY));
      assertEquals(
          List.of(
              "tag " + Scene.tag(scene.digest(), ".sig"),
              "referrers of " + scene.digest(),
              "tag " + Scene.tag(scene.rootDigest(), ".sig"),
              "referrers of " + scene.rootDigest()),
          examined.places());
      assertEquals(List.of(), examined.signatures());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneOfBothSuffices(boolean index) throws Exception {
    try (Scene scene = Scene.ofIndex()) {
      var digest = index ? scene.rootDigest() : scene.digest();
      scene.attach(
          digest, ".sig", CosignLayer.manifest(CosignLayer.signed(KEY, digest, Scene.NAME)));
      assertEquals(proven(digest), scene.examine(Scene.keys(KEY)).verdict());
    }
  }

  /// The bytes of the index are fetched again, and are those that the name led to.
  @Test
  void bundlesMayBeOverTheIndexItself() throws Exception {
    Keyless keyless = new Keyless();
    try (Scene scene = Scene.ofIndex()) {
      byte[] index = scene.named.document().bytes();
      scene.refer(Referrer.bundle(scene.named, keyless.bundle().message(index)));
      assertEquals(
          "proven %s null %s".formatted(Keyless.SIGNER, scene.rootDigest()),
          scene.examine(keyless.rootRequirement()).verdict());
    }
  }

  /// A statement about the index does not become one about a manifest by lying beside it.
  @Test
  void whatLiesBesideTheManifestHasToBeAboutIt() throws Exception {
    Keyless keyless = new Keyless();
    try (Scene scene = Scene.ofIndex()) {
      byte[] statement = Keyless.statement(Statement.COSIGN_SIGN, scene.rootDigest());
      scene.refer(Referrer.bundle(scene.image, keyless.bundle().statement(statement)));
      assertEquals(
          "an attestation about something else than " + scene.digest(),
          scene.examine(keyless.rootRequirement()).verdict());
    }
  }

  /// The tag is resolved once; what it leads to afterwards is another image's affair.
  @Test
  void theNameIsNotLookedUpAgain() throws Exception {
    try (Scene scene = Scene.ofIndex()) {
      scene.examine(Scene.keys(KEY));
      assertEquals(
          1,
          scene.registry.requests().stream()
              .filter(request -> request.target().endsWith("/manifests/v1"))
              .count());
    }
  }
}
