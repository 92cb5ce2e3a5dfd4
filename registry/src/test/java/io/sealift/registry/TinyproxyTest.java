package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.AuthenticationException;
import io.sealift.oci.Reference;
import io.sealift.registry.proxy.Proxies;
import io.sealift.source.ImageSource;
import io.sealift.testing.ForeignServer;
import io.sealift.testing.InProcessProxy;
import io.sealift.testing.InProcessRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A forward proxy that others made. It asks a proxy of ours what names mean, so that nothing
/// leaves this machine.
@Tag("peers")
class TinyproxyTest {

  private static final Reference IMAGE;

  static {
    try {
      IMAGE = Reference.parse("registry.example:5000/app:v1");
    } catch (io.sealift.failure.BadReferenceException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @TempDir Path directory;
  private final int port = ForeignServer.freePort();

  private ForeignServer start(InProcessProxy upstream) throws Exception {
    Path settings =
        Files.writeString(
            directory.resolve("tinyproxy.conf"),
            """
            Port %d
            Listen 127.0.0.1
            Timeout 60
            BasicAuth ada secret
            Upstream http %s
            LogFile "%s"
            """
                .formatted(port, upstream.address(), directory.resolve("log")));
    return ForeignServer.start(
        "127.0.0.1",
        port,
        directory.resolve("said"),
        List.of("tinyproxy", "-d", "-c", settings.toString()));
  }

  private Proxies through(String user) throws Exception {
    String url = "http://" + user + "@127.0.0.1:" + port;
    return Proxies.of(Map.of("http_proxy", url, "https_proxy", url));
  }

  @ParameterizedTest
  @CsvSource({"http", "https"})
  void anImageComesThroughIt(String scheme) throws Exception {
    InProcessRegistry.Builder builder = InProcessRegistry.builder().bearer("alice", "pw");
    if (scheme.equals("https")) {
      builder.https();
    }
    try (Setting setting =
            new Setting(builder.realm(scheme + "://registry.example:5000/token").start());
        InProcessProxy upstream = new InProcessProxy(setting.registry.address())) {
      try (ForeignServer _ = start(upstream);
          ImageSource source =
              setting
                  .client()
                  .credentials(Setting.user("pw"))
                  .proxies(through("ada:secret"))
                  .build()
                  .open(IMAGE)) {
        assertArrayEquals(setting.image.document().bytes(), source.manifest().bytes());
        assertArrayEquals(setting.bytes, setting.read(source));
        assertTrue(upstream.heads().getFirst().contains("registry.example:5000"));
      }
    }
  }

  /// Without TLS it answers as if it were the registry.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http  | log in to http://registry.example:5000: the registry wants credentials; pass --creds USER:PASSWORD",
        "https | connect to https://registry.example:5000: the proxy PROXY wants credentials; put them into its URL: http://USER:PASSWORD@HOST",
      })
  void aWrongPasswordIsRefused(String scheme, String message) throws Exception {
    try (Setting setting = Setting.plain();
        InProcessProxy upstream = new InProcessProxy(setting.registry.address())) {
      RegistryClient client =
          setting.client().plainHttp(scheme.equals("http")).proxies(through("ada:wrong")).build();
      try (ForeignServer _ = start(upstream);
          ImageSource source = client.open(IMAGE)) {
        AuthenticationException refused =
            assertThrows(AuthenticationException.class, source::manifest);
        assertEquals(message.replace("PROXY", "http://127.0.0.1:" + port), refused.getMessage());
        assertEquals(List.of(), upstream.heads());
      }
    }
  }
}
