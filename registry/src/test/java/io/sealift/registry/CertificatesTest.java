package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.oci.Reference;
import io.sealift.registry.certs.CertificateDirectories;
import io.sealift.source.ImageSource;
import io.sealift.source.Place;
import io.sealift.source.TlsFiles;
import io.sealift.testing.Fault;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.ServerCertificate;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whom a registry's certificate has to come from, and whom ours is shown to.
class CertificatesTest {

  private static final Pattern KEY = Pattern.compile("BEGIN PRIVATE KEY-----([^-]*)-----END");

  private static final CertificateDirectories.KeyReader KEYS =
      file -> {
        Matcher key = KEY.matcher(new String(file, StandardCharsets.US_ASCII));
        if (!key.find()) {
          throw new GeneralSecurityException("found something else");
        }
        byte[] bytes = Base64.getMimeDecoder().decode(key.group(1));
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes));
      };

  @TempDir Path directory;
  private final ServerCertificate ours = ServerCertificate.make();

  private CertificateDirectories directories(String... names) {
    List<Path> all = new ArrayList<>();
    for (String name : names) {
      all.add(directory.resolve(name));
    }
    return new CertificateDirectories(all, KEYS);
  }

  private void write(String file, String content) throws Exception {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private static byte[] manifest(RegistryClient.Builder client, String name) throws Exception {
    try (ImageSource source = client.build().open(Reference.parse(name))) {
      return source.manifest().bytes();
    }
  }

  private RegistryClient.Builder client() {
    return RegistryClient.builder().pause((_, _) -> {}).certificates(directories("one", "two"));
  }

  /// HERE is the registry's host and port.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "one/HERE/ca.crt                  | true",
        "two/HERE/ca.crt                  | true",
        "one/HERE/any.crt                 | true",
        "one/HERE/x.txt two/HERE/ca.crt   | false",
        "one/HERE/ca.pem                  | false",
        "one/127.0.0.1/ca.crt             | false",
        "one/ca.crt                       | false",
        "one/127.0.0.1:1/ca.crt           | false",
      })
  void theFirstDirectoryOfTheRegistrysVeryNameSaysWhomToTrust(String files, boolean trusted)
      throws Exception {
    try (Setting setting = new Setting(InProcessRegistry.builder().https().start())) {
      for (String file : files.split(" ", -1)) {
        write(
            file.replace("HERE", setting.registry.address()),
            new String(setting.registry.certificate(), StandardCharsets.US_ASCII));
      }
      String name = setting.registry.name("app", "v1");
      if (trusted) {
        assertArrayEquals(setting.image.document().bytes(), manifest(client(), name));
      } else {
        TransferException refused =
            assertThrows(TransferException.class, () -> manifest(client(), name));
        assertEquals(
            "get %s/v2/app/manifests/v1: TLS with %s: no trusted authority vouches for the server's certificate, issued by 'CN=localhost'; pass that authority's certificate with --tls-ca"
                .formatted(setting.registry.url(), setting.registry.url()),
            refused.getMessage());
      }
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    try (Setting setting =
        new Setting(InProcessRegistry.builder().https().address("127.0.0.2").start())) {
      TransferException refused =
          assertThrows(
              TransferException.class,
              () -> manifest(setting.client(), setting.registry.name("app", "v1")));
      assertTrue(
          refused
              .getMessage()
              .endsWith(
                  "the server's certificate is for localhost, registry.example, 127.0.0.1; use such a name, or have one made for this one"),
          refused.getMessage());
      assertEquals(List.of(), setting.pauses);
    }
  }

  @Test
  void aCertificateThatHasEndedIsRefusedEvenWhenItIsTrustedItself() throws Exception {
    try (Setting setting =
        new Setting(InProcessRegistry.builder().https(ServerCertificate.expired()).start())) {
      TransferException refused =
          assertThrows(
              TransferException.class,
              () -> manifest(setting.client(), setting.registry.name("app", "v1")));
      assertTrue(
          refused
              .getMessage()
              .contains(": a certificate of the server has ended, see NotAfter: Tue Dec 31"),
          refused.getMessage());
    }
  }

  @Test
  void ourCertificateIsShownToTheRegistryThatItIsFor() throws Exception {
    try (Setting setting = new Setting(InProcessRegistry.builder().https().client(ours).start())) {
      String here = "one/" + setting.registry.address();
      write(here + "/client.cert", ours.pem());
      write(here + "/client.key", ours.keyPem());
      RegistryClient.Builder client =
          client().certificates(List.of(setting.registry.certificate()));
      assertArrayEquals(
          setting.image.document().bytes(), manifest(client, setting.registry.name("app", "v1")));
      assertThrows(
          ImageException.class, () -> manifest(client, "localhost:" + port(setting) + "/app:v1"));
    }
  }

  private static String port(Setting setting) {
    return setting.registry.address().split(":", -1)[1];
  }

  /// What the server says may be lost: since TLS 1.3 it comes when we are sending already. Whoever
  /// has no cipher in common with us says the same as whoever, with TLS 1.2, wanted a certificate.
  @ParameterizedTest
  @CsvSource({
    "(certificate_required) Received fatal alert: certificate_required, false, true",
    "(bad_certificate) Received fatal alert: bad_certificate, true, true",
    "(unknown_ca) Received fatal alert: unknown_ca, true, true",
    "(certificate_expired) Received fatal alert: certificate_expired, true, true",
    "(access_denied) Received fatal alert: access_denied, true, true",
    "(handshake_failure) Received fatal alert: handshake_failure, true, true",
    "(handshake_failure) Received fatal alert: handshake_failure, false, false",
    "(decrypt_error) Received fatal alert: decrypt_error, true, false",
    "(certificate_unknown) PKIX path building failed, true, false",
  })
  void aServerThatWantsOurCertificateIsUnderstood(String alert, boolean asked, boolean wants) {
    for (boolean shown : List.of(true, false)) {
      IOException said =
          new Handshake("SERVER", shown).explained(new SSLHandshakeException(alert), asked);
      assertEquals(wants, said instanceof StrangerException);
      String remedy =
          shown
              ? "the server wants a certificate of ours that it knows; put it into its directory below certs.d as client.cert and client.key"
              : "the server wants a certificate of ours; only a registry is shown one, and nobody else";
      assertEquals(
          "TLS with SERVER: "
              + (wants
                  ? remedy + " (alert " + alert.replaceAll("\\((.*)\\).*", "$1") + ")"
                  : alert),
          said.getMessage());
    }
  }

  /// Who writes to a server that has gone away hears nothing of why, unless he reads.
  @Test
  void whatAServerSaidBeforeItWentAwayIsHeard() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.builder().https().client(ours).start();
        Watchdog watchdog = new Watchdog()) {
      Endpoint endpoint = Endpoint.of(Reference.parse(registry.name("app", "v1")), false);
      Trust trust = Trust.of(List.of(registry.certificate()), CertificateSource.NONE);
      Connection connection =
          new Connection(
              endpoint,
              HttpVersion.HTTP_1_1,
              StandardProtocolFamily.INET,
              Timeouts.DEFAULT,
              watchdog,
              new LongAdder());
      connection.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), trust, null);
      IOException gone =
          assertThrows(
              IOException.class,
              () -> {
                while (true) {
                  connection.send(new byte[1000]);
                }
              });
      assertEquals(
          "TLS with %s: the server wants a certificate of ours; only a registry is shown one, and nobody else (alert certificate_required)"
              .formatted(registry.url()),
          gone.getMessage());
      connection.abort();
    }
  }

  /// Even though that server would take it.
  @Test
  void ourCertificateIsNotShownWhereTheRegistrySendsUs() throws Exception {
    try (Setting storage = new Setting(InProcessRegistry.builder().https().client(ours).start());
        Setting setting = new Setting(InProcessRegistry.builder().https().client(ours).start())) {
      for (Setting each : List.of(storage, setting)) {
        write("one/" + each.registry.address() + "/client.cert", ours.pem());
        write("one/" + each.registry.address() + "/client.key", ours.keyPem());
      }
      setting.registry.plan(
          "/manifests/", Fault.redirect(307, target -> storage.registry.url() + target));
      RegistryClient.Builder client =
          client()
              .certificates(
                  List.of(setting.registry.certificate(), storage.registry.certificate()));
      assertThrows(
          ImageException.class, () -> manifest(client, setting.registry.name("app", "v1")));
      assertEquals(List.of(), storage.registry.requests());
    }
  }

  /// The authorities of a registry hold for its token server and storage too.
  @Test
  void whomTheRegistrySendsUsToMayBeVouchedForByItsAuthority() throws Exception {
    ServerCertificate shared = ServerCertificate.make();
    try (InProcessRegistry tokens =
            InProcessRegistry.builder().https(shared).bearer("alice", Setting.PASSWORD).start();
        Setting setting =
            new Setting(InProcessRegistry.builder().https(shared).tokensOf(tokens).start())) {
      write("one/" + setting.registry.address() + "/ca.crt", shared.pem());
      assertArrayEquals(
          setting.image.document().bytes(),
          manifest(
              client().credentials(Setting.user(Setting.PASSWORD)),
              setting.registry.name("app", "v1")));
    }
  }

  /// DIR is the registry's directory; each file with its content behind an equals sign.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.cert=PEM          | read certificates in DIR: a.cert is there without a.key; authorities end in .crt",
        "a.key=KEY           | read certificates in DIR: a.key is there without a.cert; authorities end in .crt",
        "a.crt=x             | read DIR/a.crt: expected X.509 in PEM, found no certificate",
        "a.crt=              | read DIR/a.crt: expected X.509 in PEM, found no certificate",
        "a.cert=x a.key=KEY  | read DIR/a.cert: expected X.509 in PEM, found no certificate",
        "a.cert=PEM a.key=!! | read DIR/a.key: expected a private key, found something else",
      })
  void whatIsOfNoUseIsNamed(String files, String message) throws Exception {
    Path own = directory.resolve("one/registry.example");
    for (String file : files.split(" ", -1)) {
      String[] pair = file.split("=", 2);
      String content =
          switch (pair[1]) {
            case "PEM" -> ours.pem();
            case "KEY" -> ours.keyPem();
            default -> pair[1];
          };
      write("one/registry.example" + File.separator + pair[0], content);
    }
    BadReferenceException refused =
        assertThrows(
            BadReferenceException.class,
            () -> directories("one").certificatesFor("registry.example"));
    String found =
        refused.getMessage().replaceFirst("PEM, (?!found).*", "PEM, found no certificate");
    assertEquals(message.replace("DIR", own.toString()), found);
  }

  private byte[] manifest(RegistryClient.Builder client, Setting setting, TlsFiles files)
      throws Exception {
    Reference reference = Reference.parse(setting.registry.name("app", "v1"));
    Place.Server server =
        new Place.Server(
            URI.create(setting.registry.url() + "/v2"), null, true, true, Map.of(), files);
    Place.Repository place = new Place.Repository(reference, false, server, "a test");
    try (ImageSource source = client.build().open(place, reference, true)) {
      return source.manifest().bytes();
    }
  }

  private TlsFiles files(String authority, String certificate, String key) {
    return new TlsFiles(
        List.of(directory.resolve(authority)),
        List.of(new TlsFiles.Pair(directory.resolve(certificate), directory.resolve(key))));
  }

  /// What a place's settings name is for that place; a directory of the same host is for all.
  @Test
  void filesThatAPlaceNamesAreForThatPlace() throws Exception {
    try (Setting setting = new Setting(InProcessRegistry.builder().https().client(ours).start())) {
      write("ca.crt", new String(setting.registry.certificate(), StandardCharsets.US_ASCII));
      write("own.pem", ours.keyPem() + "one file may have both\n" + ours.pem());
      RegistryClient.Builder client = client();
      assertArrayEquals(
          setting.image.document().bytes(),
          manifest(client, setting, files("ca.crt", "own.pem", "own.pem")));
      assertThrows(
          ImageException.class, () -> manifest(client, setting.registry.name("app", "v1")));
      ServerCertificate another = ServerCertificate.make();
      write("one/" + setting.registry.address() + "/a.cert", another.pem());
      write("one/" + setting.registry.address() + "/a.key", another.keyPem());
      assertArrayEquals(
          setting.image.document().bytes(),
          manifest(client, setting, files("ca.crt", "own.pem", "own.pem")));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no.crt   | own.pem  | own.pem | read DIR/no.crt: DIR/no.crt; make it readable",
        "ca.crt   | own.pem  | pub.pem | read DIR/pub.pem: expected a private key, found something else",
        "ca.crt   | own.pem  | other.pem | read DIR/other.pem: expected the private key of the first certificate in DIR/own.pem, found another one",
        "bad.crt  | own.pem  | own.pem | read DIR/bad.crt: expected X.509 in PEM, found no certificate",
      })
  void aFileThatIsNamedAndOfNoUseIsToldOf(
      String authority, String certificate, String key, String message) throws Exception {
    try (Setting setting = new Setting(InProcessRegistry.builder().https().start())) {
      write("ca.crt", new String(setting.registry.certificate(), StandardCharsets.US_ASCII));
      write("bad.crt", "");
      write("own.pem", ours.keyPem() + ours.pem());
      write("pub.pem", "!!");
      write("other.pem", ServerCertificate.make().keyPem());
      BadReferenceException refused =
          assertThrows(
              BadReferenceException.class,
              () -> manifest(client(), setting, files(authority, certificate, key)));
      assertEquals(message.replace("DIR", directory.toString()), refused.getMessage());
    }
  }

  @Test
  void aBrokenDirectoryFailsWhereItIsWantedWithItsOwnFailure() throws Exception {
    try (Setting setting = new Setting(InProcessRegistry.builder().https().start())) {
      write("one/" + setting.registry.address() + "/a.key", "x");
      assertThrows(
          BadReferenceException.class,
          () -> manifest(client(), setting.registry.name("app", "v1")));
    }
  }

  @Test
  void aNameIsNoPathOutOfTheDirectory() throws Exception {
    write("ca.crt", "x");
    write("one/ca.crt", "x");
    for (String name : List.of("..", ".", "../one", "")) {
      assertEquals(List.of(), directories("one").certificatesFor(name).authorities(), name);
    }
  }
}
