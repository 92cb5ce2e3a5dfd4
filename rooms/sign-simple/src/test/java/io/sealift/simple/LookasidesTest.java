package io.sealift.simple;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.NotFoundException;
import io.sealift.oci.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Settings of signature stores.
class LookasidesTest {

  private static final Path OTHERWISE = Path.of("/otherwise");
  private static final String DIGEST = "sha256:" + "0".repeat(64);

  @TempDir Path directory;

  private void write(String name, String yaml) throws Exception {
    Files.writeString(directory.resolve(name), yaml);
  }

  private String base(String reference) throws Exception {
    return Lookasides.read(directory, OTHERWISE).base(Reference.parse(reference)).toString();
  }

  private static String base(String yaml, String reference) throws Exception {
    return Lookasides.parse(yaml.getBytes(StandardCharsets.UTF_8), "settings", OTHERWISE)
        .base(Reference.parse(reference))
        .toString();
  }

  @ParameterizedTest
  @CsvSource({
    "a.b.example:5000/ns/team/app:v1, file:///reference",
    "a.b.example:5000/ns/team/app:v2, file:///repository",
    "a.b.example:5000/ns/team/app@DIGEST, file:///digest",
    "a.b.example:5000/ns/team/app:v1@DIGEST, file:///digest",
    "a.b.example:5000/ns/team/apple, file:///namespace",
    "a.b.example:5000/ns/other, file:///top",
    "a.b.example:5000/nsx, file:///host",
    "a.b.example/ns/team/app:v1, file:///wildcard",
    "a.b.example:5001/ns/team/app:v1, file:///wildcard",
    "b.example/app, file:///wide",
    "other.example/app, file:///wide",
    "xb.example/app, file:///wide",
    "busybox, file:///hub",
    "docker.io/other/busybox, file:///default",
    "a.b.example.org/app, file:///default",
    "localhost:5000/app, file:///default"
  })
  void theMostParticularScopeDecides(String reference, String expected) throws Exception {
    write(
        "scopes.yaml",
        """
        default-docker: {lookaside: "file:///default"}
        docker:
          a.b.example:5000/ns/team/app:v1: {lookaside: "file:///reference"}
          a.b.example:5000/ns/team/app@DIGEST: {lookaside: "file:///digest"}
          a.b.example:5000/ns/team/app: {lookaside: "file:///repository"}
          a.b.example:5000/ns/team: {lookaside: "file:///namespace"}
          a.b.example:5000/ns: {lookaside: "file:///top"}
          a.b.example:5000: {lookaside: "file:///host"}
          "*.b.example": {lookaside: "file:///wildcard"}
          "*.example": {lookaside: "file:///wide"}
          docker.io/library: {lookaside: "file:///hub"}
        """
            .replace("DIGEST", DIGEST));
    assertEquals(expected, base(reference.replace("DIGEST", DIGEST)));
  }

  @ParameterizedTest
  @CsvSource({
    "'{lookaside: file:///new, sigstore: file:///old}', file:///new",
    "'{sigstore: file:///old}', file:///old",
    "'{lookaside: , sigstore: file:///old}', file:///old",
    "'{lookaside: \"\", sigstore: file:///old}', file:///old",
    "'{lookaside-staging: file:///staging, sigstore-staging: file:///x}', file:///general",
    "'{use-sigstore-attachments: true}', file:///general",
    "'{}', file:///general",
    "'', file:///general",
    "~, file:///general",
    "'{lookaside: file:///new, unknown: [1, {a: b}]}', file:///new",
    "'{lookaside: file:///new, lookaside-staging: 5}', file:///new"
  })
  void aScopeThatDoesNotSayWhereGivesWayToTheNext(String section, String expected)
      throws Exception {
    String yaml =
        "docker:\n  r.example/app: %s\n  r.example: {lookaside: 'file:///general'}\n"
            .formatted(section);
    assertEquals(expected, base(yaml, "r.example/app:v1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing\n",
        "---\n...\n",
        "~",
        "{}",
        "unknown: {docker: 5}\n",
        "docker:\n",
        "docker: {}\n",
        "docker: {other.example: {lookaside: 'file:///x'}}\n",
        "default-docker:\n",
        "default-docker: {}\n",
        "default-docker: {lookaside-staging: 'file:///x'}\n"
      })
  void whereNothingIsSaidADirectoryOfTheMachineHoldsThem(String yaml) throws Exception {
    assertEquals("file:///otherwise", base(yaml, "r.example/app"));
  }

  @Test
  void aMissingDirectoryAndFilesOfOtherNamesSayNothing() throws Exception {
    write("a.yml", "default-docker: {lookaside: 'file:///x'}");
    write("a.yaml.old", "default-docker: {lookaside: 'file:///x'}");
    write("yaml", "}");
    assertEquals("file:///otherwise", base("r.example/app"));
    directory = directory.resolve("missing");
    assertEquals("file:///otherwise", base("r.example/app"));
  }

  @Test
  void allFilesCount() throws Exception {
    write("a.yaml", "docker: {a.example: {lookaside: 'file:///a'}}");
    write(".b.yaml", "docker: {b.example: {lookaside: 'file:///b'}}");
    write("c.yaml", "default-docker: {lookaside: 'file:///c'}");
    assertEquals("file:///a", base("a.example/app"));
    assertEquals("file:///b", base("b.example/app"));
    assertEquals("file:///c", base("c.example/app"));
  }

  @ParameterizedTest
  @CsvSource({
    "docker: {a.example: {lookaside: 'file:///a'}}, a.example",
    "docker: {a.example: {}}, a.example",
    "docker: {a.example: }, a.example",
    "default-docker: {lookaside: 'file:///a'}, default-docker"
  })
  void twoFilesMustNotSpeakOfTheSameScope(String yaml, String scope) throws Exception {
    write("a.yaml", yaml);
    write("b.yaml", yaml);
    BadReferenceException refused =
        assertThrows(BadReferenceException.class, () -> base("other.example/app"));
    assertEquals(
        "read %s: '%s' is there already, in %s; keep one of them"
            .formatted(directory.resolve("b.yaml"), scope, directory.resolve("a.yaml")),
        refused.getMessage());
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("{", "malformed YAML: "),
        Arguments.of("a: b: c", "malformed YAML: "),
        Arguments.of("docker: {a: {lookaside: \u0000}}", "malformed YAML: "),
        Arguments.of("[]", "the document: expected a map"),
        Arguments.of("docker", "the document: expected a map"),
        Arguments.of("docker: []", "docker: expected a map"),
        Arguments.of("docker: a.example", "docker: expected a map"),
        Arguments.of("docker: {a.example: 'file:///x'}", "a.example: expected a map"),
        Arguments.of("default-docker: 'file:///x'", "default-docker: expected a map"),
        Arguments.of(
            "default-docker: {lookaside: ['file:///x']}",
            "lookaside of default-docker: expected text"),
        Arguments.of(
            "default-docker: {sigstore: {a: b}}", "sigstore of default-docker: expected text"),
        Arguments.of(
            "default-docker: {use-sigstore-attachments: []}",
            "use-sigstore-attachments of default"),
        Arguments.of("docker: {a: {}, a: {}}", "the key 'a' is there twice, line 1"),
        Arguments.of(
            "docker: {a: {lookaside: x, lookaside: y}}", "the key 'lookaside' is there twice"),
        Arguments.of(
            "docker: {}\ndefault-docker: {}\ndocker: {}",
            "the key 'docker' is there twice, line 3"),
        Arguments.of("? [a]\n: b", "a key that is no text, line 1"),
        Arguments.of("~: b", "a key that is no text"),
        Arguments.of("docker: {a: &x {}}\nb: *y", "an alias of what is not there, line 2"),
        Arguments.of("a: &x [*x]", "an alias of what is not there"),
        Arguments.of("docker: {a: &x {}, b: {<<: *x}}", "a merge key <<, which is not understood"),
        Arguments.of("docker: {}\n---\ndocker: {}", "more than one YAML document"),
        Arguments.of(
            "a: " + "[".repeat(20) + "]".repeat(20), "more than the 16 maps and lists inside"),
        Arguments.of("a: " + "[".repeat(100_000), "more than the 16 maps and lists inside"),
        Arguments.of("{a: ".repeat(60_000), "more than the 16 maps and lists inside"),
        Arguments.of("- ".repeat(100_000), "more than the 16 maps and lists inside"),
        Arguments.of("? ".repeat(100_000), "more than the 16 maps and lists inside"),
        Arguments.of("#".repeat(300_000), "more than the 262144 bytes allowed"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void whatIsMalformedIsRefused(String yaml, String reason) throws Exception {
    write("a.yaml", yaml);
    BadReferenceException refused =
        assertThrows(BadReferenceException.class, () -> base("r.example/app"));
    assertTrue(
        refused.getMessage().startsWith("read %s/a.yaml: %s".formatted(directory, reason)),
        refused.getMessage());
  }

  @Test
  void whatIsNotUtf8IsRefused() throws Exception {
    Files.write(directory.resolve("a.yaml"), new byte[] {'a', ':', (byte) 0xe4});
    BadReferenceException refused =
        assertThrows(BadReferenceException.class, () -> base("r.example/app"));
    assertTrue(refused.getMessage().endsWith("not UTF-8"), refused.getMessage());
  }

  @Test
  void whatCannotBeReadIsRefused() throws Exception {
    Files.createDirectory(directory.resolve("a.yaml"));
    assertThrows(NotFoundException.class, () -> base("r.example/app"));
    directory = Files.writeString(directory.resolve("file"), "");
    assertThrows(NotFoundException.class, () -> base("r.example/app"));
  }

  /// A billion laughs: each line doubles the one before, were it copied.
  @Test
  void aliasesTakeNoMemory() throws Exception {
    StringBuilder yaml = new StringBuilder("a0: &a0 {lookaside: 'file:///x'}\n");
    for (int i = 1; i < 1000; i++) {
      yaml.append("a%d: &a%d {x: *a%d, y: *a%d}\n".formatted(i, i, i - 1, i - 1));
    }
    yaml.append("docker: {r.example: *a0}\n");
    assertEquals("file:///x", base(yaml.toString(), "r.example/app"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///with%20space",
        "file:/one/slash",
        "FILE:///x",
        "http://host/x",
        "https://host:8443",
        "https://host/x?token=y"
      })
  void urlsOfFilesAndWebServersAreBases(String url) throws Exception {
    assertEquals(url, base("default-docker: {lookaside: '%s'}".formatted(url), "r.example/app"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/path",
        "path",
        "file:path",
        "file:///x?y",
        "file:///a%00b",
        "ftp://host/x",
        "http:///x",
        "https://user:secret@host/x",
        "https://host/x#y",
        "https://ho st/x",
        "5"
      })
  void otherUrlsAreRefusedWhereTheyAreUsed(String url) throws Exception {
    String yaml =
        "docker:\n  a.example: {lookaside: '%s'}\n  b.example: {sigstore: 'file:///b'}"
            .formatted(url);
    assertEquals("file:///b", base(yaml, "b.example/app"));
    BadReferenceException refused =
        assertThrows(BadReferenceException.class, () -> base(yaml, "a.example/app"));
    assertTrue(
        refused.getMessage().endsWith("expected a URL of file, http or https, without a user"),
        refused.getMessage());
    assertTrue(!refused.getMessage().contains("secret"), refused.getMessage());
  }

  /// What a confidential guest is configured with.
  @Test
  void theOldNameIsUnderstoodInADocumentOfItsOwn() throws Exception {
    String yaml =
        """
        default-docker:
            sigstore: file:///var/lib/containers/sigstore
        docker:
            quay.io/confidential:
                sigstore: file:///etc/containers/quay_verification/signatures
        """;
    assertEquals(
        "file:///etc/containers/quay_verification/signatures",
        base(yaml, "quay.io/confidential/app:v1"));
    assertEquals("file:///var/lib/containers/sigstore", base(yaml, "quay.io/other"));
  }
}
