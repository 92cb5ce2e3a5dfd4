package io.sealift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.TarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the documents say is so.
class DocumentsTest {

  private static final Path ROOT = Path.of("../..");

  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "docs/library.md",
        "docs/credentials.md",
        "docs/encryption.md",
        "docs/policy.md",
        "docs/registries.md",
        "docs/performance.md"
      })
  void everyLinkLeadsSomewhere(String document) throws Exception {
    Path file = ROOT.resolve(document);
    Matcher links = LINK.matcher(Files.readString(file));
    List<String> broken = new ArrayList<>();
    while (links.find()) {
      if (!Files.exists(file.resolveSibling(links.group(1)))) {
        broken.add(links.group(1));
      }
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void theLibrarysProgramIsTheOneThatIsCompiledHere() throws Exception {
    String program =
        Files.readString(Path.of("src/test/java/io/sealift/cli/LibraryExample.java"))
            .replaceFirst("package io.sealift.cli;\n\n", "");
    assertTrue(
        Files.readString(ROOT.resolve("docs/library.md")).contains("```java\n" + program + "```\n"),
        "put the text of LibraryExample.java into docs/library.md");
  }

  @Test
  void theLibrarysProgramPulls(@TempDir Path directory) throws Exception {
    BuiltImage image =
        new ImageBuilder().layer(new TarBuilder().file("etc/motd", "hello").build()).build();
    byte[] policy = "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}".getBytes(UTF_8);
    try (InProcessRegistry registry = InProcessRegistry.start().push("app", "v1", image)) {
      Path bundle = directory.resolve("bundle");
      String digest =
          LibraryExample.pull(
              registry.name("app", "v1"), directory.resolve("store"), bundle, policy);
      assertEquals(image.digest().toString(), digest);
      assertEquals("hello", Files.readString(bundle.resolve("rootfs/etc/motd")));
    }
  }
}
