package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.crypt.LayerEncryptor;
import io.sealift.testing.sign.CosignSigner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The policies of docs/policy.md do what it says.
class PolicyDocumentTest {

  private static final Path DOCUMENT = Path.of("../../docs/policy.md");

  private static final Pattern SECTION =
      Pattern.compile("\n### ([^\n]*)\n(?:(?!\n### ).)*?```json\n(.*?)```", Pattern.DOTALL);

  @TempDir Path directory;
  private final CosignSigner signer = CosignSigner.withNewKey();
  private InProcessRegistry registry = InProcessRegistry.start();

  @BeforeEach
  void publish() throws Exception {
    registry = InProcessRegistry.builder().referrers(10).start();
    Files.writeString(directory.resolve("cosign.pub"), signer.publicKey());
    Files.writeString(directory.resolve("rekor.pub"), CosignSigner.withNewKey().publicKey());
    BuiltBlob layer =
        BuiltBlob.layer(
            new TarBuilder().file("f", "x").build(), Packing.GZIP, ImageBuilder.Form.OCI);
    BuiltBlob encrypted = new LayerEncryptor(layer, 1).wrap("jwe", new byte[1]).build();
    push("plain", image(layer), false);
    push("signed", image(layer), true);
    push("encrypted", image(encrypted), false);
  }

  private static BuiltImage image(BuiltBlob layer) {
    return new ImageBuilder().layer(layer).build();
  }

  private void push(String repository, BuiltImage image, boolean signed) {
    registry.push(repository, "v1", image);
    if (signed) {
      String name = registry.name(repository, "v1").replaceAll(":v1$", "");
      registry.push(
          repository, CosignSigner.tag(image.digest()), signer.sign(image.digest(), name));
    }
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private static Map<String, String> policies() throws Exception {
    Map<String, String> policies = new LinkedHashMap<>();
    Matcher sections = SECTION.matcher(Files.readString(DOCUMENT));
    while (sections.find()) {
      policies.put(sections.group(1), sections.group(2));
    }
    return policies;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // what the title ends with | plain | signed | encrypted
        "reject                 | 3 | 3 | 3",
        "insecureAcceptAnything | 0 | 0 | 0",
        "sigstoreSigned         | 3 | 0 | 3",
        "allow                  | 3 | 0 | 0",
        "predicateType          | 3 | 3 | 3",
      })
  void letInWhatTheySay(String title, int plain, int signed, int encrypted) throws Exception {
    String policy =
        policies().entrySet().stream()
            .filter(section -> section.getKey().endsWith("`" + title + "`"))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow();
    Path file =
        Files.writeString(
            directory.resolve("policy.json"), policy.replace("/etc/containers", directory + ""));
    assertEquals(plain, verify("plain", file).status());
    Run run = verify("signed", file);
    assertEquals(signed, run.status(), run.out() + run.err());
    assertEquals(encrypted, verify("encrypted", file).status());
    assertEquals(0, Run.of("policy", "check", file.toString()).status());
  }

  private Run verify(String repository, Path policy) {
    return Run.of("verify", registry.name(repository, "v1"), "--plain-http", "--policy=" + policy);
  }

  @Test
  void areAllWellFormed() throws Exception {
    Map<String, String> policies = policies();
    assertEquals(8, policies.size(), policies.keySet().toString());
    for (String policy : policies.values()) {
      Path file = Files.writeString(directory.resolve("policy.json"), policy);
      Run run = Run.of("policy", "explain", file.toString(), "registry.example/ns/app:v1");
      assertEquals(0, run.status(), run.err());
    }
  }
}
