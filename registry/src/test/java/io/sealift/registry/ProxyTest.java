package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.ImageException;
import io.sealift.oci.Reference;
import io.sealift.registry.proxy.Proxies;
import io.sealift.source.ImageSource;
import io.sealift.testing.Fault;
import io.sealift.testing.InProcessProxy;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.ServerCertificate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Registries behind a forward proxy, which knows what their names mean.
class ProxyTest {

  private static final String IMAGE = "registry.example:5000/app:v1";

  private static Proxies through(InProcessProxy proxy) throws Exception {
    return through(proxy.url());
  }

  private static Proxies through(String proxy) throws Exception {
    String url = proxy.replace("://", "://ada:se%63ret@");
    return Proxies.of(Map.of("http_proxy", url, "https_proxy", url));
  }

  @ParameterizedTest
  @CsvSource({"http, http", "http, https", "https, http", "https, https"})
  void anImageComesThroughAProxy(String registryScheme, String proxyScheme) throws Exception {
    ServerCertificate certificate = ServerCertificate.make();
    InProcessRegistry.Builder builder = InProcessRegistry.builder().basic("alice", "pw");
    boolean tls = registryScheme.equals("https");
    if (tls) {
      builder.https(certificate);
    }
    try (Setting setting = new Setting(builder.start());
        InProcessProxy proxy =
            new InProcessProxy(
                setting.registry.address(),
                proxyScheme.equals("https") ? certificate : null,
                "200 x")) {
      RegistryClient client =
          setting
              .client()
              .certificates(
                  List.of(certificate.pem().getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
              .credentials("registry.example:5000", Setting.user("pw"))
              .proxies(through(proxy))
              .build();
      try (ImageSource source = client.open(Reference.parse(IMAGE))) {
        assertArrayEquals(setting.image.document().bytes(), source.manifest().bytes());
        assertArrayEquals(setting.bytes, setting.read(source));
      }
      String first = proxy.heads().getFirst();
      if (tls) {
        assertEquals(
            """
            CONNECT registry.example:5000 HTTP/1.1
            Host: registry.example:5000
            User-Agent: sealift/0.1
            Proxy-Authorization: Basic YWRhOnNlY3JldA==\
            """,
            first);
        assertEquals(1, proxy.heads().size());
      } else {
        assertTrue(
            first.startsWith("GET http://registry.example:5000/v2/app/manifests/v1 HTTP/1.1\n"));
        assertTrue(first.contains("\nHost: registry.example:5000\n"), first);
        for (String head : proxy.heads()) {
          assertTrue(head.contains("\nProxy-Authorization: Basic YWRhOnNlY3JldA=="), head);
        }
      }
      setting
          .registry
          .requests()
          .forEach(request -> assertEquals("", request.header("proxy-authorization")));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http  | 407 x | 5 | 0 | get http://registry.example:5000/v2/app/manifests/v1: the proxy PROXY wants credentials; put them into its URL: http://USER:PASSWORD@HOST",
        "https | 407 x | 5 | 0 | connect to https://registry.example:5000: the proxy PROXY wants credentials; put them into its URL: http://USER:PASSWORD@HOST",
        "https | 403 x | 1 | 0 | get https://registry.example:5000/v2/app/manifests/v1: the proxy PROXY answered with status 403; let it connect there, or name it in no_proxy",
        "https | 502 x | 1 | 4 | get https://registry.example:5000/v2/app/manifests/v1: the proxy PROXY answered with status 502",
        "http  | 502 x | 1 | 4 | fetch manifest v1 of http://registry.example:5000/v2/app: no reason given (status 502)",
        "https | gone  | 1 | 0 | get https://registry.example:5000/v2/app/manifests/v1: no connection to the proxy PROXY, Connection refused",
        "https | tls   | 1 | 0 | get https://registry.example:5000/v2/app/manifests/v1: TLS with the proxy PROXY: no trusted authority vouches for the server's certificate, issued by 'CN=localhost'; pass that authority's certificate with --tls-ca",
      })
  void aProxyThatDoesNotHelpIsNamedWithoutItsPassword(
      String scheme, String status, int exit, int pauses, String message) throws Exception {
    try (Setting setting = Setting.plain();
        InProcessProxy proxy =
            new InProcessProxy(
                setting.registry.address(),
                status.equals("tls") ? ServerCertificate.make() : null,
                status)) {
      String there = status.equals("gone") ? "http://127.0.0.1:1" : proxy.url();
      RegistryClient client =
          setting.client().plainHttp(scheme.equals("http")).proxies(through(there)).build();
      try (ImageSource source = client.open(Reference.parse(IMAGE))) {
        ImageException refused = assertThrows(ImageException.class, source::manifest);
        assertEquals(message.replace("PROXY", there), refused.getMessage());
        assertEquals(exit, refused.exitStatus());
        assertFalse(refused.getMessage().contains("secret"));
      }
      assertEquals(pauses, setting.pauses.size());
      assertEquals(List.of(), setting.registry.requests());
    }
  }

  @Test
  void aProxyWhoseNameIsUnknownIsNamed() throws Exception {
    RegistryClient client =
        RegistryClient.builder()
            .proxies(Proxies.of(Map.of("https_proxy", "http://ada:secret@proxy.invalid:3128")))
            .build();
    try (ImageSource source = client.open(Reference.parse(IMAGE))) {
      ImageException refused = assertThrows(ImageException.class, source::manifest);
      assertEquals(
          "get https://registry.example:5000/v2/app/manifests/v1: no such host: the proxy http://proxy.invalid:3128",
          refused.getMessage());
    }
  }

  @Test
  void thisMachineIsSpokenToDirectly() throws Exception {
    try (Setting setting = Setting.plain();
        InProcessProxy proxy = new InProcessProxy(setting.registry.address())) {
      try (ImageSource source = setting.open(setting.client().proxies(through(proxy)))) {
        source.manifest();
      }
      assertEquals(List.of(), proxy.heads());
    }
  }

  /// The proxy would connect to what this machine must not be led to.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "http://169.254.169.254/x    | an address of this machine or its link",
        "http://[fe80::1]/x          | an address of this machine or its link",
        "http://0xA9FEA9FE/x         | an odd form of address",
        "http://169.254.0xa9fe/x     | expected a sound one of http or https without a user",
        "http://2852039166/x         | an address of this machine or its link",
      })
  void aRedirectDoesNotLeadAProxyAstray(String location, String words) throws Exception {
    try (Setting setting = Setting.plain();
        InProcessProxy proxy = new InProcessProxy(setting.registry.address())) {
      setting.registry.plan("/manifests/", Fault.redirect(307, _ -> location));
      RegistryClient client = setting.client().proxies(through(proxy)).build();
      try (ImageSource source = client.open(Reference.parse(IMAGE))) {
        ImageException refused = assertThrows(ImageException.class, source::manifest);
        assertTrue(refused.getMessage().endsWith(words), refused.getMessage());
      }
      assertEquals(1, proxy.heads().size());
    }
  }

  /// What is said to the proxy is not said to the one behind it, nor to other servers.
  @Test
  void aRedirectToThisMachineDoesNotTakeTheProxysPasswordAlong() throws Exception {
    try (Setting storage = Setting.plain();
        Setting setting = Setting.plain();
        InProcessProxy proxy = new InProcessProxy(setting.registry.address())) {
      setting.registry.plan(
          "/manifests/", Fault.redirect(307, target -> storage.registry.url() + target));
      RegistryClient client = setting.client().proxies(through(proxy)).build();
      try (ImageSource source = client.open(Reference.parse(IMAGE))) {
        assertThrows(ImageException.class, source::manifest);
      }
      assertEquals(List.of(), storage.registry.requests());
    }
  }
}
