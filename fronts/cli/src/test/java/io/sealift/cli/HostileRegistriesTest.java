package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.RegistryRequest;
import io.sealift.testing.TarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Registries that send a client elsewhere, ask it for what is not theirs, never end, or say its
/// secrets aloud. The password goes nowhere but to the registry that it is for.
class HostileRegistriesTest {

  private static final String PASSWORD = "hunter2-hunter2";
  private static final String BASIC = "YWRhOmh1bnRlcjItaHVudGVyMg==";
  private static final BuiltBlob LAYER = Attack.layer(new TarBuilder().file("f", "x"));
  private static final BuiltImage IMAGE = new ImageBuilder().layer(LAYER).build();
  private static final BuiltBlob CONFIG = IMAGE.blobs().getFirst();

  @TempDir Path directory;

  private final InProcessRegistry evil = InProcessRegistry.start();
  private WorkDir work = new WorkDir(Path.of(""));

  private static Fault challenge(String challenge) {
    return Fault.raw("HTTP/1.1 401 x\r\nWWW-Authenticate: " + challenge + "\r\n\r\n");
  }

  @BeforeEach
  void store() {
    work = new WorkDir(directory.resolve("store"));
    evil.push("app", "v1", IMAGE);
  }

  @AfterEach
  void theStoreIsAsBefore() throws Exception {
    for (RegistryRequest request : evil.requests()) {
      assertEquals("", request.header("authorization"), request.toString());
    }
    evil.close();
    work.assertSoundAndUndone();
  }

  private Path bundle() {
    return directory.resolve("bundle");
  }

  private Run pull(InProcessRegistry from, String... more) {
    return work.pull(
        from.name("app", "v1"),
        bundle(),
        Stream.concat(Stream.of("--snapshotter=copy", "--creds=ada:" + PASSWORD), Stream.of(more))
            .toArray(String[]::new));
  }

  /// With TLS, which the other runs are without.
  private Run pullOverTls(InProcessRegistry from) throws Exception {
    Path authority = Files.write(directory.resolve("ca.pem"), from.certificate());
    return work.run(
        "pull",
        from.name("app", "v1"),
        "--bundle=" + bundle(),
        "--snapshotter=copy",
        "--insecure-policy",
        "--progress=none",
        "--creds=ada:" + PASSWORD,
        "--tls-ca=" + authority);
  }

  /// Refused by status and one line, in which `HERE` and `EVIL` stand for the registries' URLs.
  private void assertRefused(InProcessRegistry here, Run run, int status, String message) {
    String said =
        message
            .replace("HERE", here.url())
            .replace("EVIL", evil.url())
            .replace("BYTES", LAYER.size() + " bytes")
            .replace("LAYER", LAYER.digest())
            .replace("CONFIG", CONFIG.digest());
    assertEquals("sealift: " + said + "\n", run.err());
    assertEquals(status, run.status());
    assertEquals("", run.out());
    assertFalse(Files.exists(bundle()));
  }

  /// A registry that wants the password, over TLS or not, and has the image.
  private static InProcessRegistry registry(String scheme) {
    InProcessRegistry.Builder builder = InProcessRegistry.builder().basic("ada", PASSWORD);
    return (scheme.equals("https") ? builder.https() : builder).start().push("app", "v1", IMAGE);
  }

  @Test
  void anotherPlaceOfALayerThatAsksForCredentialsGetsNone() {
    try (InProcessRegistry registry = registry("http")) {
      BuiltBlob elsewhere =
          LAYER.urls(
              evil.url() + "/basic",
              "file:///etc/passwd",
              "http://169.254.169.254/x",
              evil.url() + "/bearer");
      registry.push("app", "v1", new ImageBuilder().layer(elsewhere).build());
      registry.remove(LAYER.digest());
      evil.plan("/basic", challenge("Basic realm=\"x\""));
      evil.plan("/bearer", challenge("Bearer realm=\"" + evil.url() + "/token\""));
      assertRefused(
          registry,
          pull(registry),
          4,
          "fetch blob LAYER of HERE/v2/app: BLOB_UNKNOWN: blob unknown to registry (status 404)");
      assertEquals(
          List.of("GET /basic", "GET /bearer"),
          evil.requests().stream().map(RegistryRequest::toString).toList());
    }
  }

  /// HOST stands for a host that is not the registry's own.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http  | http://HOST/token            | 5 | log in to HERE: refused to ask for a token at http://HOST; expected the registry's own host",
        "http  | https://token.invalid/token  | 5 | log in to HERE: refused to ask for a token at https://token.invalid; expected the registry's own host",
        "https | http://HOST/token            | 5 | log in to HERE: refused to ask for a token at http://HOST; expected HTTPS",
        "http  | http://169.254.169.254/token | 5 | log in to HERE: refused to ask for a token at http://169.254.169.254; expected the registry's own host",
        "http  | file:///etc/passwd           | 1 | follow a URL that HERE gave: expected a sound one of http or https without a user",
      })
  void aTokenIsNotAskedForElsewhere(String scheme, String realm, int status, String message)
      throws Exception {
    try (InProcessRegistry registry = registry(scheme)) {
      String host = evil.address().replace("127.0.0.1", "localhost");
      registry.plan("/v2/", challenge("Bearer realm=\"" + realm.replace("HOST", host) + "\""));
      Run run = scheme.equals("https") ? pullOverTls(registry) : pull(registry);
      assertRefused(registry, run, status, message.replace("HOST", host));
      assertEquals(List.of(), evil.requests());
    }
  }

  @ParameterizedTest
  @CsvSource({"301", "302", "303", "307", "308"})
  void aRedirectToAnotherServerIsFollowedWithoutCredentials(int status) throws Exception {
    try (InProcessRegistry registry = registry("http")) {
      registry.plan("/blobs/", Fault.redirect(status, target -> evil.url() + target));
      WorkDir.made(pull(registry));
      assertEquals(2, evil.requests().size());
      WorkDir.done(work.run("unmount", bundle().toString()));
      WorkDir.done(work.run("rm", IMAGE.digest().toString()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http  | TARGET                    | get HERE/v2/app/blobs/LAYER: more than 10 redirects",
        "http  | http://169.254.169.254/x  | get http://169.254.169.254/x: HERE leads to http://169.254.169.254, an address of this machine or its link",
        "http  | http://[fe80::1]/x        | get http://[fe80::1]/x: HERE leads to http://[fe80::1], an address of this machine or its link",
        "http  | ftp://127.0.0.1/x         | follow a URL that HERE gave: expected a sound one of http or https without a user",
        "http  | http://ada:x@127.0.0.1/x  | follow a URL that HERE gave: expected a sound one of http or https without a user",
        "https | EVILTARGET                | get HERE/v2/app/blobs/LAYER: redirected from HTTPS to EVIL/v2/app/blobs/LAYER, which is not",
      })
  void aRedirectThatLeadsAstrayIsNotFollowed(String scheme, String location, String message)
      throws Exception {
    try (InProcessRegistry registry = registry(scheme)) {
      registry.plan(
          "/blobs/" + LAYER.digest(),
          Fault.redirect(
              307, target -> location.replace("EVIL", evil.url()).replace("TARGET", target)));
      Run run = scheme.equals("https") ? pullOverTls(registry) : pull(registry);
      assertRefused(registry, run, 1, message);
      assertEquals(List.of(), evil.requests());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "manifests | endless  | 7 | read manifest v1 of HERE/v2/app: more than the 4194304 bytes allowed",
        "manifests | headers  | 1 | get HERE/v2/app/manifests/v1: more than 128 headers",
        "token     | endless  | 7 | read token from HERE/token: more than the 1048576 bytes allowed",
        "LAYER     | endless  | 6 | verify layer LAYER: expected BYTES, got more",
        "LAYER     | part     | 1 | fetch blob LAYER of HERE/v2/app: no reason given (status 206)",
        "LAYER     | lengths  | 1 | get HERE/v2/app/blobs/LAYER: both a length and a transfer encoding",
        "LAYER     | encoding | 1 | get HERE/v2/app/blobs/LAYER: a content encoding that was not asked for",
      })
  void anAnswerThatIsNoneIsRefused(String part, String fault, int status, String message) {
    try (InProcessRegistry registry = InProcessRegistry.builder().bearer("ada", PASSWORD).start()) {
      registry.push("app", "v1", IMAGE);
      registry.plan(part.replace("LAYER", LAYER.digest()), fault(fault));
      assertRefused(registry, pull(registry), status, message);
    }
  }

  private static Fault fault(String name) {
    return switch (name) {
      case "endless" -> Fault.endless();
      case "headers" -> Fault.raw("HTTP/1.1 200 x\r\n" + "X: y\r\n".repeat(200) + "\r\n");
      case "part" -> Fault.status(206, "hello");
      case "lengths" ->
          Fault.raw("HTTP/1.1 200 x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n");
      case "encoding" -> Fault.header("Content-Encoding", "gzip");
      default -> throw new IllegalArgumentException(name);
    };
  }

  @ParameterizedTest
  @CsvSource({"--quiet", "--debug"})
  void secretsThatARegistrySaysAloudAreNotRepeated(String option) {
    try (InProcessRegistry registry = InProcessRegistry.builder().bearer("ada", PASSWORD).start()) {
      registry.push("app", "v1", IMAGE);
      String aloud = PASSWORD + " " + BASIC + " token-1-secret";
      registry.plan("/blobs/", Fault.error(403, "DENIED", aloud));
      Run run = option.equals("--debug") ? pull(registry, option) : pull(registry);
      String said = run.err().lines().findFirst().orElseThrow();
      assertRefused(
          registry,
          new Run(run.status(), run.out(), said + "\n"),
          5,
          "fetch blob CONFIG of HERE/v2/app: DENIED: *** *** *** (status 403); check the name, or pass other credentials with --creds USER:PASSWORD");
      for (String secret : List.of(PASSWORD, BASIC, "token-1-secret")) {
        assertFalse((run.out() + run.err()).contains(secret), secret);
      }
    }
  }
}
