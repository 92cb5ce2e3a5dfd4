package io.sealift.registry.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.BadReferenceException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {

  private static String proxy(Map<String, String> environment, String server) throws Exception {
    boolean tls = server.startsWith("https://");
    String rest = server.substring(server.indexOf("://") + 3);
    int colon = rest.lastIndexOf(':');
    String host = rest.substring(0, colon).replaceAll("[\\[\\]]", "");
    return Proxies.of(environment)
        .leadingTo(tls, host, Integer.parseInt(rest.substring(colon + 1)))
        .map(Proxy::toString)
        .orElse("-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                             | http  | -",
        "''                                             | https | -",
        "http_proxy=a                                   | http  | http://a:80",
        "http_proxy=a                                   | https | -",
        "https_proxy=a                                  | http  | -",
        "https_proxy=a                                  | https | http://a:80",
        "HTTP_PROXY=a                                   | http  | http://a:80",
        "HTTPS_PROXY=a                                  | https | http://a:80",
        "HTTP_PROXY=a http_proxy=b                      | http  | http://a:80",
        "HTTPS_PROXY= https_proxy=b                     | https | http://b:80",
        "HTTP_PROXY=a REQUEST_METHOD=GET                | http  | -",
        "HTTP_PROXY=a http_proxy=b REQUEST_METHOD=GET   | http  | http://b:80",
        "HTTPS_PROXY=a REQUEST_METHOD=GET               | https | http://a:80",
        "HTTP_PROXY=a REQUEST_METHOD=                   | http  | http://a:80",
        "http_proxy=a no_proxy=*                        | http  | -",
        "http_proxy=a NO_PROXY=*                        | http  | -",
        "http_proxy=a NO_PROXY=none no_proxy=*          | http  | http://a:80",
        "all_proxy=a ALL_PROXY=a                        | http  | -",
      })
  void theVariablesAreThoseOfGo(String variables, String scheme, String expected) throws Exception {
    Map<String, String> environment = new HashMap<>();
    for (String variable : variables.isEmpty() ? new String[0] : variables.split(" ", -1)) {
      String[] pair = variable.split("=", 2);
      environment.put(pair[0], pair[1]);
    }
    assertEquals(expected, proxy(environment, scheme + "://registry.example:443"));
  }

  /// Whether the server is spoken to directly.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                          | localhost:80            | true",
        "''                          | LOCALHOST:80            | true",
        "''                          | 127.0.0.1:80            | true",
        "''                          | 127.9.9.9:80            | true",
        "''                          | [::1]:80                | true",
        "''                          | localhost.example:80    | false",
        "''                          | r.example:80            | false",
        "*                           | r.example:80            | true",
        "x, *                        | r.example:80            | true",
        "*                           | 10.0.0.1:80             | true",
        "r.example                   | r.example:80            | true",
        "R.Example                   | r.eXample:80            | true",
        "r.example                   | a.r.example:80          | true",
        "r.example                   | ar.example:80           | false",
        "r.example                   | r.example.org:80        | false",
        ".r.example                  | r.example:80            | false",
        ".r.example                  | a.r.example:80          | true",
        "*.r.example                 | r.example:80            | false",
        "*.r.example                 | a.b.r.example:80        | true",
        "r.*.example                 | r.a.example:80          | false",
        "r.example:80                | r.example:80            | true",
        "r.example:80                | r.example:81            | false",
        ".r.example:80               | a.r.example:80          | true",
        "r.example:http              | r.example:80            | false",
        ":80                         | r.example:80            | false",
        "example                     | r.example:80            | true",
        "a.b, r.example              | r.example:80            | true",
        "a.b r.example               | r.example:80            | true",
        "' , ,r.example, '           | r.example:80            | true",
        "10.1.2.3                    | 10.1.2.3:80             | true",
        "10.1.2.3                    | 10.1.2.33:80            | false",
        "10.1.2.3:80                 | 10.1.2.3:80             | true",
        "10.1.2.3:80                 | 10.1.2.3:81             | false",
        "10.1.2.3                    | a.10.1.2.3:80           | false",
        "10.0.0.0/8                  | 10.255.0.1:80           | true",
        "10.0.0.0/8                  | 11.0.0.1:80             | false",
        "10.128.0.0/9                | 10.127.0.1:80           | false",
        "10.128.0.0/9                | 10.129.0.1:80           | true",
        "10.1.2.3/32                 | 10.1.2.3:80             | true",
        "0.0.0.0/0                   | 8.8.8.8:80              | true",
        "0.0.0.0/0                   | r.example:80            | false",
        "0.0.0.0/0                   | [2001:db8::1]:80        | false",
        "10.0.0.0/33                 | 10.0.0.1:80             | false",
        "10.0.0.0/x                  | 10.0.0.1:80             | false",
        "10.0.0.0/8/8                | 10.0.0.1:80             | false",
        "2001:db8::/32               | [2001:db8::1]:80        | true",
        "2001:db8::/32               | [2001:db9::1]:80        | false",
        "2001:db8::1                 | [2001:db8:0:0::1]:80    | true",
        "[2001:db8::1]               | [2001:db8::1]:80        | true",
        "[2001:db8::1]:80            | [2001:db8::1]:80        | true",
        "[2001:db8::1]:81            | [2001:db8::1]:80        | false",
      })
  void exceptionsHaveManyForms(String exceptions, String server, boolean direct) throws Exception {
    Map<String, String> environment = Map.of("http_proxy", "http://p:3128", "no_proxy", exceptions);
    assertEquals(direct ? "-" : "http://p:3128", proxy(environment, "http://" + server));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "proxy                         | http://proxy:80     | ''",
        "proxy:3128                    | http://proxy:3128   | ''",
        "http://Proxy:3128/            | http://proxy:3128   | ''",
        "https://proxy                 | https://proxy:443   | ''",
        "https://proxy:8443            | https://proxy:8443  | ''",
        "http://[::1]:3128             | http://[::1]:3128   | ''",
        "http://ada:pw@proxy           | http://proxy:80     | Basic YWRhOnB3",
        "ada:pw@proxy:3128             | http://proxy:3128   | Basic YWRhOnB3",
        "http://ada@proxy              | http://proxy:80     | Basic YWRhOg==",
        "http://ada:p%40%3a%2F%25@p    | http://p:80         | Basic YWRhOnBAOi8l",
        "http://ada:%c3%A9@p           | http://p:80         | Basic YWRhOsOp",
        "http://ada:a+b@p              | http://p:80         | Basic YWRhOmErYg==",
        "http://ada:a:b@p              | http://p:80         | Basic YWRhOmE6Yg==",
      })
  void aProxyIsAUrl(String text, String shown, String authorization) throws Exception {
    Proxy proxy = Proxy.parse(text, "http_proxy");
    assertEquals(shown, proxy.toString());
    assertEquals(authorization, proxy.authorization().orElse(""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://SECRET@proxy",
        "http://",
        "http://a b:SECRET@proxy",
        "http://ada:SECRET@proxy:port",
        "http://ada:SECRET@proxy:99999",
        "http://ada:SECRET@proxy:0",
        "http://ada:SECRET%4@proxy",
        "http://ada:SECRET%zz@proxy",
        "http://ada:SECRET@pro_xy",
        "socks5://ada:SECRET@proxy",
      })
  void whatIsNoProxyIsRefusedWithoutShowingIt(String text) {
    BadReferenceException refused =
        assertThrows(BadReferenceException.class, () -> Proxies.of(Map.of("https_proxy", text)));
    assertFalse(refused.getMessage().contains("SECRET"), refused.getMessage());
    assertEquals(
        text.startsWith("socks")
            ? "read https_proxy: SOCKS is not spoken here; name a proxy of http or https"
            : "read https_proxy: expected http[s]://[USER:PASSWORD@]HOST[:PORT], percent-encoded",
        refused.getMessage());
  }
}
