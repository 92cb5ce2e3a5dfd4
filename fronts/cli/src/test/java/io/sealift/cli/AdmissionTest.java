package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.sign.CosignSigner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The policy is asked every time, about the name that was asked for, and about the very bytes.
class AdmissionTest {

  @TempDir Path directory;
  private final CosignSigner signer = CosignSigner.withNewKey();
  private final BuiltImage image = image("good");
  private InProcessRegistry registry = InProcessRegistry.start();
  private Path policy = Path.of("");
  private int bundles;

  private static BuiltImage image(String content) {
    return new ImageBuilder().layer(new TarBuilder().file("f", content).build()).build();
  }

  @BeforeEach
  void publish() throws Exception {
    policy = directory.resolve("policy.json");
    Path key = Files.writeString(directory.resolve("cosign.pub"), signer.publicKey());
    trust(key);
    registry.push("app", "v1", image);
    sign("app", image, signer);
  }

  private void sign(String repository, BuiltImage signed, CosignSigner by) {
    String name = registry.name(repository, "v1").replaceAll(":v1$", "");
    registry.push(repository, CosignSigner.tag(signed.digest()), by.sign(signed.digest(), name));
  }

  private void trust(Path key) throws Exception {
    Files.writeString(
        policy,
        """
        {"default": [{"type": "sigstoreSigned", "keyPath": "%s",
          "signedIdentity": {"type": "matchRepository"}}]}
        """
            .formatted(key));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Run pull(String name) {
    return Run.of(
        "pull",
        name,
        "--bundle=" + bundle(),
        "--work-dir=" + directory.resolve("store"),
        "--snapshotter=copy",
        "--plain-http",
        "--policy=" + policy);
  }

  private Path bundle() {
    return directory.resolve("bundle" + bundles++);
  }

  private void assertRefused(String name, String reason) {
    Path next = directory.resolve("bundle" + bundles);
    Run run = pull(name);
    assertEquals(3, run.status(), run.err());
    assertTrue(run.err().contains(reason), run.err());
    assertFalse(Files.exists(next));
  }

  @Test
  void aSignedImageEntersAndItsVerdictIsKept() throws Exception {
    Run run = pull(registry.name("app", "v1"));
    assertEquals(0, run.status(), run.err());
    Run images = Run.of("images", "--work-dir=" + directory.resolve("store"), "--output=json");
    assertEquals(0, images.status(), images.err());
    assertTrue(images.out().contains("sigstoreSigned"), images.out());
  }

  @Test
  void aStoredImageIsRefusedWhenThePolicyChanged() throws Exception {
    assertEquals(0, pull(registry.name("app", "v1")).status());
    trust(Files.writeString(directory.resolve("other.pub"), CosignSigner.withNewKey().publicKey()));
    assertRefused(registry.name("app", "v1"), "sigstoreSigned");
  }

  @Test
  void aStoredImageIsRefusedWhenThePolicyCannotBeRead() throws Exception {
    assertEquals(0, pull(registry.name("app", "v1")).status());
    Files.delete(policy);
    Run run = pull(registry.name("app", "v1"));
    assertEquals(4, run.status(), run.err());
    Files.writeString(policy, "{");
    assertRefused(registry.name("app", "v1"), policy.toString());
  }

  @Test
  void aStoredImageIsRefusedUnderAnotherName() throws Exception {
    assertEquals(0, pull(registry.name("app", "v1")).status());
    registry.push("other", "v1", image);
    registry.push(
        "other",
        CosignSigner.tag(image.digest()),
        signer.sign(image.digest(), registry.name("app", "v1").replaceAll(":v1$", "")));
    assertRefused(registry.name("other", "v1"), "app");
  }

  @Test
  void aSignatureOfAnotherImageIsOfNoUse() throws Exception {
    BuiltImage evil = image("evil");
    registry.push("app", "v1", evil);
    registry.push(
        "app",
        CosignSigner.tag(evil.digest()),
        signer.sign(image.digest(), registry.name("app", "v1").replaceAll(":v1$", "")));
    assertRefused(registry.name("app", "v1"), "which is another image");
  }

  @Test
  void aStrangersSignatureBesideIsNoHarmAndNoHelp() throws Exception {
    BuiltImage other = image("other");
    registry.push("app", "v2", other);
    sign("app", other, CosignSigner.withNewKey());
    assertRefused(registry.name("app", "v2"), "sigstoreSigned");
    assertEquals(0, pull(registry.name("app", "v1")).status());
  }

  @Test
  void verifyTellsWhereItLookedAndWhatItFound() throws Exception {
    Run run =
        Run.of(
            "verify",
            registry.name("app", "v1"),
            "--plain-http",
            "--policy=" + policy,
            "--output=json");
    assertEquals(0, run.status(), run.err());
    JsonObject json =
        JsonReader.readObject(
            run.out().getBytes(StandardCharsets.UTF_8), "output", JsonLimits.ofBytes(1 << 20));
    JsonObject requirement = json.objects("requirements").getFirst();
    assertEquals("sigstoreSigned", requirement.string("type"));
    assertEquals("holds", requirement.string("outcome"));
  }
}
