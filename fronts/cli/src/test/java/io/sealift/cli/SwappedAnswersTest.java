package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sealift.oci.Platform;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.sign.CosignSigner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A registry that answers each request for another image than the one before gains nothing.
class SwappedAnswersTest {

  @TempDir Path directory;
  private final CosignSigner signer = CosignSigner.withNewKey();
  private final BuiltImage good = image("good");
  private final BuiltImage evil = image("evil");
  private InProcessRegistry registry = InProcessRegistry.start();

  private static BuiltImage image(String content) {
    return new ImageBuilder().layer(new TarBuilder().file("f", content).build()).build();
  }

  @BeforeEach
  void publish() throws Exception {
    Files.writeString(directory.resolve("cosign.pub"), signer.publicKey());
    Files.writeString(
        directory.resolve("policy.json"),
        """
        {"default": [{"type": "sigstoreSigned", "keyPath": "%s"}]}
        """
            .formatted(directory.resolve("cosign.pub")));
    registry.push("app", "v1", good);
    registry.push("app", evil);
    sign(good);
  }

  private void sign(BuiltImage image) {
    String repository = registry.name("app", "v1").replaceAll(":v1$", "");
    registry.push("app", CosignSigner.tag(image.digest()), signer.sign(image.digest(), repository));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Run pull() {
    return Run.of(
        "pull",
        registry.name("app", "v1"),
        "--bundle=" + directory.resolve("bundle"),
        "--work-dir=" + directory.resolve("store"),
        "--snapshotter=copy",
        "--plain-http",
        "--policy=" + directory.resolve("policy.json"));
  }

  private void assertNothingEnters() {
    Run run = pull();
    assertNotEquals(0, run.status(), run.out());
    assertFalse(Files.exists(directory.resolve("bundle")));
  }

  @Test
  void honestAnswersLetTheImageIn() {
    Run run = pull();
    assertEquals(0, run.status(), run.err());
  }

  @Test
  void theTagNamesAnotherImageAtFirst() {
    registry.plan("manifests/v1", 1, Fault.body(evil.document().bytes()));
    assertNothingEnters();
  }

  @Test
  void theTagNamesAnotherImageAlways() {
    registry.push("app", "v1", evil);
    assertNothingEnters();
  }

  @Test
  void theSignatureIsAnothers() {
    registry.push("app", "v1", evil);
    String repository = registry.name("app", "v1").replaceAll(":v1$", "");
    registry.push("app", CosignSigner.tag(evil.digest()), signer.sign(good.digest(), repository));
    assertNothingEnters();
  }

  @Test
  void theLayerIsAnothers() {
    registry.plan(
        "blobs/" + good.layers().getFirst().digest(), Fault.body(evil.layers().getFirst().bytes()));
    assertNothingEnters();
  }

  @Test
  void aSignedIndexAdmitsTheChildThatItNames() {
    BuiltImage index = ImageBuilder.index(Map.of(Platform.host(), good));
    registry.remove(CosignSigner.tag(good.digest()));
    registry.push("app", "v1", index);
    sign(index);
    Run run = pull();
    assertEquals(0, run.status(), run.err());
  }

  @Test
  void aSignedIndexAdmitsNoChildThatWasSwapped() {
    BuiltImage index = ImageBuilder.index(Map.of(Platform.host(), good));
    registry.push("app", "v1", index);
    sign(index);
    registry.plan("manifests/" + good.digest(), Fault.body(evil.document().bytes()));
    assertNothingEnters();
  }

  @Test
  void anIndexWithAnotherChildNeedsASignatureOfItsOwn() {
    BuiltImage index = ImageBuilder.index(Map.of(Platform.host(), good));
    sign(index);
    registry.push("app", "v1", ImageBuilder.index(Map.of(Platform.host(), evil)));
    assertNothingEnters();
  }
}
