package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.BuiltImage;
import io.sealift.testing.DockerRegistry;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The registry that Docker made with certificates that openssl made, by an authority of nobody's
/// but our own: whom we believe, and how we show who we are; and what the real skopeo says to the
/// same directory of certificates.
@Tag("peers")
class PrivateAuthorityTest {

  private static final BuiltImage IMAGE =
      new ImageBuilder().layer(new TarBuilder().file("f", "x").build(), Packing.GZIP).build();

  @TempDir static Path scratch;
  @TempDir Path directory;
  private static OpenSsl made;

  @BeforeAll
  static void make() throws Exception {
    made = new OpenSsl(scratch);
    made.authority("root");
    made.authority("other");
    made.authority("between", "root");
    made.server("server", "between", "IP:127.0.0.1,DNS:registry.example");
    made.server("elsewhere", "between", "DNS:elsewhere.example");
    for (String key : List.of("PKCS #8", "PKCS #1", "SEC 1")) {
      made.client(file(key), "other", key);
    }
    made.client("stranger", "root", "SEC 1");
    for (String server : List.of("server", "elsewhere")) {
      Files.writeString(
          made.file(server + ".chain"), made.text(server + ".crt") + made.text("between.crt"));
    }
    Path layout = new LayoutWriter().add(IMAGE, "v1").writeTo(scratch.resolve("layout"));
    try (DockerRegistry registry = DockerRegistry.start(scratch)) {
      said(
          "skopeo",
          "copy",
          "--quiet",
          "--insecure-policy",
          "--dest-tls-verify=false",
          "oci:" + layout + ":v1",
          "docker://" + registry.address() + "/app:v1");
    }
  }

  private static String file(String key) {
    return "client-" + key.replaceAll("[ #]", "");
  }

  private static String said(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  /// @param certificate a file's name
  /// @param clients authority of those who are let in; empty for everyone
  private static DockerRegistry registry(String certificate, String clients) throws Exception {
    return DockerRegistry.start(
        scratch,
        "{certificate: %s, key: %s, clientcas: [%s]}"
            .formatted(
                made.file(certificate),
                made.file(certificate.replaceAll("\\..*", ".key")),
                clients.isEmpty() ? "" : made.file(clients)),
        "{}");
  }

  private Run inspect(DockerRegistry registry, String... options) {
    List<String> line = new ArrayList<>(List.of("inspect", registry.address() + "/app:v1"));
    line.addAll(List.of(options));
    return Run.of(Map.of("HOME", directory.toString()), line.toArray(String[]::new));
  }

  private boolean skopeo(DockerRegistry registry, Path own) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            "skopeo",
            "inspect",
            "--raw",
            "--cert-dir=" + own,
            "docker://" + registry.address() + "/app:v1");
    builder.environment().put("HOME", directory.toString());
    builder.redirectErrorStream(true).redirectOutput(directory.resolve("said").toFile());
    return builder.start().waitFor() == 0;
  }

  /// Copies files under new names: `ca.crt=root.crt`.
  private Path put(String where, String files) throws Exception {
    Path own = Files.createDirectories(directory.resolve(where));
    for (String file : files.split(" ", -1)) {
      String[] pair = file.split("=", -1);
      Files.copy(made.file(pair[1]), own.resolve(pair[0]));
    }
    return own;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "server.chain    | ca.crt=root.crt                    | -",
        "server.chain    | a.crt=other.crt b.crt=root.crt     | -",
        "server.crt      | ca.crt=root.crt                    | no trusted authority vouches for the server's certificate, issued by 'CN=between'",
        "server.crt      | ca.crt=root.crt b.crt=between.crt  | -",
        "server.chain    | ca.crt=other.crt                   | no trusted authority vouches for the server's certificate, issued by 'CN=root'",
        "elsewhere.chain | ca.crt=root.crt                    | the server's certificate is for elsewhere.example",
      })
  void aServerIsBelievedWhenItsAuthorityIs(String certificate, String files, String message)
      throws Exception {
    try (DockerRegistry registry = registry(certificate, "")) {
      Path own = put(registry.address(), files);
      Run run = inspect(registry, "--cert-dir=" + directory);
      boolean taken = message.equals("-");
      assertEquals(taken ? 0 : 1, run.status(), run.err());
      assertTrue(taken || run.err().contains(message), run.err());
      assertEquals(taken, skopeo(registry, own));
    }
  }

  @ParameterizedTest
  @CsvSource({"--tls-ca", "hosts.toml", "certs.d"})
  void anAuthorityIsNamedInManyWays(String way) throws Exception {
    try (DockerRegistry registry = registry("server.chain", "")) {
      Run run =
          switch (way) {
            case "--tls-ca" -> inspect(registry, "--tls-ca=" + made.file("root.crt"));
            case "certs.d" -> {
              put(".config/containers/certs.d/" + registry.address(), "a.crt=root.crt");
              yield inspect(registry);
            }
            default -> {
              Path own = put("hosts/" + registry.address(), "a.crt=root.crt");
              Files.writeString(own.resolve("hosts.toml"), "ca = 'a.crt'\n");
              yield inspect(registry, "--registry-hosts-dir=" + directory.resolve("hosts"));
            }
          };
      assertEquals(0, run.status(), run.err());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PKCS #8, certs.d",
    "PKCS #1, certs.d",
    "SEC 1, certs.d",
    "PKCS #8, hosts.toml",
    "PKCS #1, hosts.toml",
    "SEC 1, hosts.toml"
  })
  void weShowACertificateOfOurs(String key, String way) throws Exception {
    String files =
        "ca.crt=root.crt ours.cert=%s.crt ours.key=%s.key".formatted(file(key), file(key));
    try (DockerRegistry registry = registry("server.chain", "other.crt")) {
      Path own = put(registry.address(), files);
      if (way.equals("certs.d")) {
        Run run = inspect(registry, "--cert-dir=" + directory);
        assertEquals(0, run.status(), run.err());
        assertTrue(skopeo(registry, own));
      } else {
        Files.writeString(
            own.resolve("both.pem"), made.text(file(key) + ".key") + made.text(file(key) + ".crt"));
        for (String client : List.of("'both.pem'", "[['ours.cert', 'ours.key']]")) {
          Files.writeString(own.resolve("hosts.toml"), "ca = 'ca.crt'\nclient = " + client + "\n");
          Run run = inspect(registry, "--registry-hosts-dir=" + directory);
          assertEquals(0, run.status(), run.err());
        }
      }
    }
  }

  /// None, or one that nobody there knows. Not even where the registry may be anybody is that taken
  /// for a registry without TLS.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ca.crt=root.crt                                           | false",
        "ca.crt=root.crt ours.cert=stranger.crt ours.key=stranger.key | false",
        "ca.crt=root.crt                                           | true",
      })
  void withoutOneItIsSaidWhatIsWanted(String files, boolean insecure) throws Exception {
    try (DockerRegistry registry = registry("server.chain", "other.crt")) {
      Path own = put("certs/" + registry.address(), files);
      Path conf =
          Files.writeString(
              directory.resolve("registries.conf"),
              insecure
                  ? "[[registry]]\nlocation = '%s'\ninsecure = true\n".formatted(registry.address())
                  : "");
      Run run =
          inspect(
              registry, "--cert-dir=" + directory.resolve("certs"), "--registries-conf=" + conf);
      assertEquals(5, run.status(), run.err());
      assertTrue(
          run.err()
              .contains(
                  "the server wants a certificate of ours that it knows; put it into its directory below certs.d as client.cert and client.key"),
          run.err());
      assertEquals(false, skopeo(registry, own));
    }
  }
}
