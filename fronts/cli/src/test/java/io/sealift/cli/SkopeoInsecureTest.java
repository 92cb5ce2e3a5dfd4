package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.BuiltImage;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.RegistryRequest;
import io.sealift.testing.ServerCertificate;
import io.sealift.testing.TarBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `insecure` lets a registry do, here and by the real skopeo. The one authority that both
/// trust vouches for one of the servers.
@Tag("peers")
class SkopeoInsecureTest {

  private static final BuiltImage IMAGE =
      new ImageBuilder().layer(new TarBuilder().file("f", "x").build()).build();

  private final ServerCertificate trusted = ServerCertificate.make();

  @TempDir Path directory;

  private InProcessRegistry.Builder server(String kind) {
    InProcessRegistry.Builder builder = InProcessRegistry.builder();
    return switch (kind) {
      case "proved" -> builder.https(trusted);
      case "unknown" -> builder.https();
      case "ended" -> builder.https(ServerCertificate.expired());
      case "other host" -> builder.https(trusted).address("127.0.0.2");
      case "plain" -> builder;
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /// Whether each of them gets the manifest.
  private record Both(boolean ours, boolean skopeos, String said) {}

  private Both both(InProcessRegistry server, boolean insecure) throws Exception {
    Path authority = Files.writeString(directory.resolve("ca.pem"), trusted.pem());
    Path conf =
        Files.writeString(
            directory.resolve("registries.conf"),
            "[[registry]]\nlocation = \"%s\"\ninsecure = %s\n"
                .formatted(server.address(), insecure));
    String name = server.name("app", "v1");
    Run ours =
        Run.of(
            Map.of("HOME", directory.toString()),
            "inspect",
            "--raw",
            name,
            "--creds=ada:secret",
            "--tls-ca=" + authority,
            "--registries-conf=" + conf);
    ProcessBuilder builder =
        new ProcessBuilder(
                "skopeo",
                "--registries-conf=" + conf,
                "inspect",
                "--raw",
                "--creds=ada:secret",
                "docker://" + name)
            .redirectErrorStream(true);
    builder.environment().put("SSL_CERT_FILE", authority.toString());
    builder.environment().put("HOME", directory.toString());
    Process skopeo = builder.start();
    String said = new String(skopeo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Both(ours.status() == 0, skopeo.waitFor() == 0, ours.err() + said);
  }

  @ParameterizedTest
  @CsvSource({
    "proved, true, true",
    "proved, false, true",
    "unknown, true, true",
    "unknown, false, false",
    "ended, true, true",
    "ended, false, false",
    "other host, true, true",
    "other host, false, false",
    "plain, true, true",
    "plain, false, false",
  })
  void itLetsARegistryDoTheSame(String kind, boolean insecure, boolean taken) throws Exception {
    try (InProcessRegistry server = server(kind).basic("ada", "secret").start()) {
      server.push("app", "v1", IMAGE);
      Both both = both(server, insecure);
      assertEquals(new Both(taken, taken, both.said()), both);
    }
  }

  /// Skopeo dispenses everybody with proof that such a registry names. Here only the registry's own
  /// host is dispensed, and a password goes nowhere else at its word: REALM is where the tokens are
  /// said to be, told is who sends the password there.
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, unknown, true,  true",
    "localhost, unknown, false, true",
    "localhost, proved,  false, true",
  })
  void aForeignRealmGetsNoPasswordHere(String host, String kind, boolean ours, boolean skopeos)
      throws Exception {
    try (InProcessRegistry tokens = server(kind).bearer("ada", "secret").start();
        InProcessRegistry server =
            server("unknown")
                .tokensOf(tokens)
                .realm(tokens.url().replace("127.0.0.1", host) + "/token")
                .start()) {
      server.push("app", "v1", IMAGE);
      Both both = both(server, true);
      assertEquals(new Both(ours, skopeos, both.said()), both);
      long told =
          tokens.requests().stream().filter(one -> !one.header("authorization").isEmpty()).count();
      assertEquals((ours ? 1 : 0) + 1, told, tokens.requests().toString());
    }
  }

  /// A redirect of the manifest; skopeo takes any certificate there too.
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, unknown, true,  true",
    "localhost, unknown, false, true",
    "localhost, proved,  true,  true",
  })
  void whereItRedirectsThereIsProofHere(String host, String kind, boolean ours, boolean skopeos)
      throws Exception {
    try (InProcessRegistry storage = server(kind).start();
        InProcessRegistry server = server("unknown").start()) {
      storage.push("app", "v1", IMAGE);
      server.push("app", "v1", IMAGE);
      server.plan(
          "/manifests/",
          Fault.redirect(307, target -> storage.url().replace("127.0.0.1", host) + target));
      Both both = both(server, true);
      assertEquals(new Both(ours, skopeos, both.said()), both);
      assertTrue(
          storage.requests().stream()
              .map((RegistryRequest request) -> request.header("authorization"))
              .allMatch(String::isEmpty));
    }
  }

  /// Bytes are proved whoever gave them.
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aDigestHoldsWhoeverTheRegistryIs(boolean spoiled) throws Exception {
    try (InProcessRegistry server = server("unknown").start()) {
      server.push("app", "v1", IMAGE);
      if (spoiled) {
        server.plan("/blobs/" + IMAGE.layers().getFirst().digest(), Fault.body(new byte[100]));
      }
      Path conf =
          Files.writeString(
              directory.resolve("registries.conf"),
              "[[registry]]\nlocation = \"%s\"\ninsecure = true\n".formatted(server.address()));
      Run run =
          Run.of(
              "unpack",
              server.name("app", "v1"),
              directory.resolve("tree").toString(),
              "--insecure-policy",
              "--registries-conf=" + conf);
      assertEquals(spoiled ? 6 : 0, run.status(), run.err());
      assertTrue(
          run.err().contains("sealift: warning: " + server.address() + " may be anybody"),
          run.err());
    }
  }
}
