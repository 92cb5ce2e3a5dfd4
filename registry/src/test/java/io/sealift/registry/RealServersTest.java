package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.oci.Reference;
import io.sealift.registry.proxy.Proxies;
import io.sealift.source.ImageSource;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.DockerRegistry;
import io.sealift.testing.ForeignServer;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessProxy;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.Packing;
import io.sealift.testing.RegistryRequest;
import io.sealift.testing.ServerCertificate;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.TokenServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The registry that Docker made, as people run it: with passwords, with a token server, with TLS,
/// behind nginx and behind a forward proxy. Filled once by skopeo.
@Tag("peers")
class RealServersTest {

  private static final BuiltImage IMAGE =
      new ImageBuilder().layer(new TarBuilder().file("a", random()).build(), Packing.GZIP).build();

  private static byte[] random() {
    byte[] bytes = new byte[3_000_000];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  @TempDir static Path scratch;
  private static String htpasswd;

  private final ServerCertificate server = ServerCertificate.make();
  private final ServerCertificate ours = ServerCertificate.make();

  @BeforeAll
  static void fill() throws Exception {
    Path layout = new LayoutWriter().add(IMAGE, "v1").writeTo(scratch.resolve("layout"));
    try (DockerRegistry registry = DockerRegistry.start(scratch)) {
      for (String repository : List.of("app", "ns/app", "open/app", "other/app")) {
        registry.push(layout, repository);
      }
    }
    htpasswd =
        "{htpasswd: {realm: a registry, path: %s}}"
            .formatted(
                Files.writeString(
                    scratch.resolve("htpasswd"), said("htpasswd", "-Bbn", "ada", "open sesame")));
  }

  private static String said(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }

  private static RegistryClient.Builder client(String user, String password) {
    RegistryClient.Builder builder = RegistryClient.builder().plainHttp(true);
    return user.equals("-")
        ? builder
        : builder.credentials(new Credentials(user, password.toCharArray()));
  }

  /// Everything of the image.
  private static void assertGives(RegistryClient.Builder client, String name) throws Exception {
    try (ImageSource source = client.build().open(Reference.parse(name))) {
      assertArrayEquals(IMAGE.document().bytes(), source.manifest().bytes());
      byte[] layer = IMAGE.layers().getFirst().bytes();
      assertArrayEquals(layer, Setting.read(source, IMAGE.layers().getFirst().descriptor()));
    }
  }

  private static String refusal(RegistryClient.Builder client, String name) throws Exception {
    try (ImageSource source = client.build().open(Reference.parse(name))) {
      return String.valueOf(
          assertThrows(AuthenticationException.class, source::manifest).getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ada | open sesame | -",
        "ada | wrong       | fetch manifest v1 of http://HERE/v2/app: UNAUTHORIZED: authentication required (status 401); check the name, or pass other credentials with --creds USER:PASSWORD",
        "eve | open sesame | fetch manifest v1 of http://HERE/v2/app: UNAUTHORIZED: authentication required (status 401); check the name, or pass other credentials with --creds USER:PASSWORD",
        "-   | -           | log in to http://HERE: the registry wants credentials; pass --creds USER:PASSWORD",
      })
  void aRegistryWithPasswords(String user, String password, String message) throws Exception {
    try (DockerRegistry registry = DockerRegistry.start(scratch, "{}", htpasswd)) {
      String name = registry.address() + "/app:v1";
      if (message.equals("-")) {
        assertGives(client(user, password), name);
      } else {
        assertEquals(
            message.replace("HERE", registry.address()), refusal(client(user, password), name));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ada | open sesame | ns/app    | -",
        "ada | open sesame | open/app  | -",
        "-   | -           | open/app  | -",
        "-   | -           | ns/app    | authentication required (status 401)",
        "ada | open sesame | other/app | authentication required (status 401)",
        "ada | wrong       | ns/app    | UNAUTHORIZED: incorrect username or password (status 401)",
      })
  void aRegistryWithATokenServer(String user, String password, String repository, String message)
      throws Exception {
    try (TokenServer tokens = TokenServer.start("ada", "open sesame", null);
        DockerRegistry registry =
            DockerRegistry.start(scratch, "{}", tokens.settings(scratch, "127.0.0.1"))) {
      String name = registry.address() + "/" + repository + ":v1";
      if (message.equals("-")) {
        assertGives(client(user, password), name);
        assertEquals(1, tokens.requests().size(), "one token does for everything");
      } else {
        String refusal = refusal(client(user, password), name);
        assertTrue(refusal.contains(message), refusal);
      }
    }
  }

  private String tls(String clientAuthorities) throws Exception {
    Path certificate = Files.writeString(scratch.resolve("server.crt"), server.pem());
    Path key = Files.writeString(scratch.resolve("server.key"), server.keyPem());
    return "{certificate: %s, key: %s, clientcas: %s}"
        .formatted(certificate, key, clientAuthorities);
  }

  private RegistryClient.Builder trusting(String user) {
    return client(user, "open sesame")
        .plainHttp(false)
        .certificates(List.of(server.pem().getBytes(StandardCharsets.US_ASCII)));
  }

  /// With TLS a token server may be on another host, here by another name.
  @ParameterizedTest
  @CsvSource({"127.0.0.1", "localhost"})
  void aTokenServerElsewhereWithTls(String host) throws Exception {
    try (TokenServer tokens = TokenServer.start("ada", "open sesame", server);
        DockerRegistry registry =
            DockerRegistry.start(scratch, tls("[]"), tokens.settings(scratch, host))) {
      assertGives(trusting("ada"), registry.address() + "/ns/app:v1");
      RegistryRequest request = tokens.requests().getFirst();
      assertTrue(request.header("authorization").startsWith("Basic "));
      assertTrue(request.target().contains("scope=repository%3Ans%2Fapp%3Apull"), request.target());
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aRegistryThatWantsToSeeOurCertificate(boolean shown) throws Exception {
    Path authority = Files.writeString(scratch.resolve("clients.crt"), ours.pem());
    try (DockerRegistry registry =
        DockerRegistry.start(scratch, tls("[" + authority + "]"), htpasswd)) {
      RegistryClient.Builder client = trusting("ada");
      String name = registry.address() + "/app:v1";
      if (shown) {
        assertGives(client.certificates(certificates()), name);
        return;
      }
      String at = "https://" + registry.address();
      assertEquals(
          "get %s/v2/app/manifests/v1: TLS with %s: %s".formatted(at, at, Handshake.WANTS_OURS),
          refusal(client, name)
              .replaceFirst(" \\(alert (bad_certificate|certificate_required)\\)$", ""),
          "the older word or the newer one");
    }
  }

  /// Before TLS 1.3 a server refuses somebody without a certificate with the same words as somebody
  /// whom it has no cipher in common with; but only the former was asked for one.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "-tls1_2 -Verify 1 | 5 | WANTS (alert handshake_failure)",
        "-tls1_3 -Verify 1 | 5 | WANTS (alert certificate_required)",
        "-tls1_2 -cipher ECDHE-ECDSA-ARIA128-GCM-SHA256 | 1 | (handshake_failure) Received fatal alert: handshake_failure",
      })
  void aServerThatDoesNotComeToAnAgreementWithUs(String options, int status, String message)
      throws Exception {
    Path certificate = Files.writeString(scratch.resolve("server.crt"), server.pem());
    Path key = Files.writeString(scratch.resolve("server.key"), server.keyPem());
    int port = ForeignServer.freePort();
    List<String> command =
        new ArrayList<>(List.of("openssl", "s_server", "-quiet", "-accept", "127.0.0.1:" + port));
    command.addAll(List.of("-cert", certificate.toString(), "-key", key.toString()));
    command.addAll(List.of(options.split(" ", -1)));
    try (ForeignServer openssl =
            ForeignServer.start("127.0.0.1", port, scratch.resolve("openssl.said"), command);
        ImageSource source =
            trusting("-").build().open(Reference.parse(openssl.address() + "/app:v1"))) {
      ImageException refused = assertThrows(ImageException.class, source::manifest);
      String at = "https://" + openssl.address();
      assertEquals(
          "get %s/v2/app/manifests/v1: TLS with %s: %s"
              .formatted(at, at, message.replace("WANTS", Handshake.WANTS_OURS)),
          refused.getMessage());
      assertEquals(status, refused.exitStatus());
    }
  }

  private CertificateSource certificates() throws Exception {
    CertificateSource.Own own = PemPair.read(ours);
    return _ -> new CertificateSource.Certificates(List.of(), List.of(own));
  }

  /// What ends TLS for the registry, and proves who asks.
  ///
  /// @param protocols of TLS and more, as nginx calls them
  private ForeignServer nginx(DockerRegistry registry, int port, String protocols)
      throws Exception {
    Path directory = Files.createDirectories(scratch.resolve("nginx-" + port));
    Files.writeString(directory.resolve("server.crt"), server.pem());
    Files.writeString(directory.resolve("server.key"), server.keyPem());
    Files.writeString(directory.resolve("clients.crt"), ours.pem());
    return Nginx.start(
        directory,
        port,
        """
        listen 127.0.0.1:%d ssl http2;
        ssl_protocols %s;
        ssl_certificate server.crt;
        ssl_certificate_key server.key;
        ssl_client_certificate clients.crt;
        ssl_verify_client on;
        location / {
          proxy_pass http://%s;
          proxy_set_header Host $http_host;
          proxy_set_header X-Forwarded-Proto https;
        }
        """
            .formatted(port, protocols, registry.address()));
  }

  /// Which has HTTP/2 too, and does not speak it unless asked to.
  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3", "TLSv1.2 TLSv1.3"})
  void behindNginx(String protocols) throws Exception {
    try (DockerRegistry registry = DockerRegistry.start(scratch, "{}", htpasswd);
        ForeignServer nginx = nginx(registry, ForeignServer.freePort(), protocols)) {
      assertGives(trusting("ada").certificates(certificates()), nginx.address() + "/app:v1");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none    | the server wants a certificate of ours that it knows; put it into its directory below certs.d as client.cert and client.key (status 400)",
        "another | the server wants a certificate of ours that it knows; put it into its directory below certs.d as client.cert and client.key (status 400)",
        "plain   | the server wants TLS; leave out --plain-http, or insecure = true for it (status 400)",
      })
  void whatNginxRefusesIsUnderstood(String shown, String message) throws Exception {
    try (DockerRegistry registry = DockerRegistry.start(scratch);
        ForeignServer nginx = nginx(registry, ForeignServer.freePort(), "TLSv1.2 TLSv1.3")) {
      RegistryClient.Builder client = trusting("ada").plainHttp(shown.equals("plain"));
      if (shown.equals("another")) {
        CertificateSource.Own own = PemPair.read(ServerCertificate.make());
        client.certificates(_ -> new CertificateSource.Certificates(List.of(), List.of(own)));
      }
      String refusal = refusal(client, nginx.address() + "/app:v1");
      assertTrue(refusal.endsWith("/app: " + message), refusal);
    }
  }

  /// HAProxy that speaks HTTP/2 and nothing else, and goes away without a word from who does not.
  @Test
  void behindAServerOfHttp2Alone() throws Exception {
    int port = ForeignServer.freePort();
    Path directory = Files.createDirectories(scratch.resolve("haproxy-" + port));
    Path pem = Files.writeString(directory.resolve("server.pem"), server.pem() + server.keyPem());
    try (DockerRegistry registry = DockerRegistry.start(scratch, "{}", htpasswd)) {
      String settings =
          """
          defaults
            mode http
            timeout connect 10s
            timeout client 60s
            timeout server 60s
          frontend here
            bind 127.0.0.1:%d ssl crt %s alpn h2 proto h2
            default_backend registry
          backend registry
            server one %s
          """
              .formatted(port, pem, registry.address());
      Path file = Files.writeString(directory.resolve("haproxy.cfg"), settings);
      List<String> command = List.of("haproxy", "-db", "-f", file.toString());
      try (ForeignServer haproxy =
          ForeignServer.start("127.0.0.1", port, directory.resolve("said"), command)) {
        assertGives(trusting("ada"), haproxy.address() + "/app:v1");
      }
    }
  }

  /// Behind two proxies: one that others made, and one of ours that takes all names for this
  /// registry, because none is asked for an address of this machine.
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void behindAForwardProxy(boolean tls) throws Exception {
    try (DockerRegistry registry = DockerRegistry.start(scratch, tls ? tls("[]") : "{}", htpasswd);
        InProcessProxy names = new InProcessProxy(registry.address());
        ForeignServer proxy = tinyproxy(names, ForeignServer.freePort())) {
      String url = "http://ada:through@" + proxy.address();
      RegistryClient.Builder client = tls ? trusting("ada") : client("ada", "open sesame");
      assertGives(
          client.proxies(Proxies.of(Map.of("http_proxy", url, "https_proxy", url))),
          "registry.example:5000/app:v1");
      assertTrue(names.heads().getFirst().contains("registry.example:5000"));
    }
  }

  private static ForeignServer tinyproxy(InProcessProxy upstream, int port) throws Exception {
    Path settings =
        Files.writeString(
            scratch.resolve("tinyproxy-%d.conf".formatted(port)),
            """
            Port %d
            Listen 127.0.0.1
            BasicAuth ada through
            Upstream http %s
            LogFile "%s"
            """
                .formatted(port, upstream.address(), scratch.resolve("tinyproxy-log-" + port)));
    return ForeignServer.start(
        "127.0.0.1",
        port,
        scratch.resolve("tinyproxy-%d.said".formatted(port)),
        List.of("tinyproxy", "-d", "-c", settings.toString()));
  }
}
