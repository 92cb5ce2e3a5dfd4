package io.sealift.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessKeyBroker;
import io.sealift.testing.InProcessProxy;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.ServerCertificate;
import io.sealift.testing.SocketRelay;
import io.sealift.testing.TarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The examples of docs/credentials.md do what it says: TLS with certificates from directories,
/// files and a key broker, and a proxy. `registry.example` is a registry in this process, which
/// only the proxy can find.
class AccessDocumentTest {

  private static final Path DOCUMENT = Path.of("../../docs/credentials.md");
  private static final BuiltImage IMAGE =
      new ImageBuilder().layer(new TarBuilder().file("f", "x").build()).build();

  @TempDir Path directory;
  private final ServerCertificate certificate = ServerCertificate.make();
  private final ServerCertificate ours = ServerCertificate.make();
  private final Map<String, String> environment = new HashMap<>();
  private final InProcessRegistry registry =
      InProcessRegistry.builder()
          .https(certificate)
          .client(ours)
          .basic("ada", "open sesame")
          .start();
  private final InProcessProxy proxy = new InProcessProxy(registry.address());

  @BeforeEach
  void publish() {
    registry.push("team/app", "1.0", IMAGE);
    environment.put("HOME", directory.toString());
    environment.put("https_proxy", proxy.url());
  }

  @AfterEach
  void stop() {
    proxy.close();
    registry.close();
  }

  private void write(String file, String content) throws Exception {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private static String example(String language) throws Exception {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(DOCUMENT));
    assertTrue(block.find(), language);
    return block.group(1);
  }

  private Run inspect(String... options) {
    String[] line = new String[options.length + 2];
    line[0] = "inspect";
    line[1] = "registry.example/team/app:1.0";
    System.arraycopy(options, 0, line, 2, options.length);
    return Run.of(environment, line);
  }

  private void certificates(String below) throws Exception {
    write(below + "/registry.example/ca.crt", certificate.pem());
    write(below + "/registry.example/client.cert", ours.pem());
    write(below + "/registry.example/client.key", ours.keyPem());
  }

  /// Everything at its usual place.
  @Test
  void theFilesOfTheDocumentLetAnImageIn() throws Exception {
    write(".config/containers/auth.json", example("json"));
    certificates(".config/containers/certs.d");
    Run run = inspect();
    assertEquals(0, run.status(), run.err());
    assertTrue(proxy.heads().getFirst().startsWith("CONNECT registry.example:443 "));
  }

  @ParameterizedTest
  @CsvSource({"file", "kbs"})
  void anAuthorityComesFromAFileOrTheOwner(String from) throws Exception {
    write("auth.json", example("json"));
    write("certs/registry.example/client.cert", ours.pem());
    write("certs/registry.example/client.key", ours.keyPem());
    write("ca.pem", certificate.pem());
    try (InProcessKeyBroker broker = new InProcessKeyBroker()) {
      broker.resource("resource/default/ca/registry", certificate.pem().getBytes(US_ASCII));
      environment.put("AA_KBC_PARAMS", "cc_kbc::" + broker.uri());
      Run run =
          inspect(
              "--authfile=" + directory.resolve("auth.json"),
              "--cert-dir=" + directory.resolve("certs"),
              "--tls-ca="
                  + (from.equals("kbs")
                      ? "kbs:///default/ca/registry"
                      : directory.resolve("ca.pem")));
      assertEquals(0, run.status(), run.err());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nowhere            | 4 | read --cert-dir DIR/nowhere: there is no such directory",
        "c/registry.example | 2 | read --cert-dir DIR/c/registry.example: expected directories named HOST[:PORT], found certificates; put them into one",
      })
  void aDirectoryThatIsNoneOfTheKindIsNamed(String named, int status, String message)
      throws Exception {
    certificates("c");
    Run run = inspect("--cert-dir=" + directory.resolve(named));
    assertEquals("sealift: " + message.replace("DIR", directory.toString()) + "\n", run.err());
    assertEquals(status, run.status());
  }

  @ParameterizedTest
  @CsvSource({
    "socks5://ada:secret@proxy, read https_proxy: SOCKS is not spoken here; name a proxy of http or https",
    "http://ada:secret@proxy.invalid, get https://registry.example/v2/team/app/manifests/1.0: no such host: the proxy http://proxy.invalid:80",
  })
  void aProxyThatIsOfNoUseIsNamedWithoutItsPassword(String url, String message) throws Exception {
    environment.put("https_proxy", url);
    assertEquals("sealift: " + message + "\n", inspect().err());
  }

  @Test
  void aRegistryMayBeBehindASocket() throws Exception {
    Path socket = directory.resolve("socket");
    try (InProcessRegistry near = InProcessRegistry.start().push("team/app", "1.0", IMAGE);
        SocketRelay _ = new SocketRelay(socket, near.address())) {
      Run run = inspect("--registry-socket=registry.example=" + socket);
      assertEquals(0, run.status(), run.err());
      assertEquals(0, proxy.heads().size());
      Run bad = inspect("--registry-socket=a/b=" + socket);
      assertEquals(
          "sealift: read --registry-socket: expected HOST[:PORT]=PATH, found 'a/b'\n", bad.err());
    }
  }
}
