package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.TransferException;
import io.sealift.oci.Reference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationTest {

  private static final Location BASE =
      new Location(new Endpoint(true, "reg.example", 443), "/v2/app/blobs/x?a=b");

  @ParameterizedTest
  @CsvSource({
    "https://cdn.example/x?sig=1, https://cdn.example, /x?sig=1",
    "https://cdn.example, https://cdn.example, /",
    "https://cdn.example?q, https://cdn.example, /?q",
    "HTTPS://CDN.example:8443/x, https://cdn.example:8443, /x",
    "http://cdn.example:80/x, http://cdn.example, /x",
    "//cdn.example/x, https://cdn.example, /x",
    "/x/y, https://reg.example, /x/y",
    "y, https://reg.example, /v2/app/blobs/y",
    "../y, https://reg.example, /v2/app/y",
    "?z, https://reg.example, /v2/app/blobs/?z",
    "https://[::1]:5000/x, https://[::1]:5000, /x",
    "https://cdn.example/x#fragment, https://cdn.example, /x",
    "https://cdn.example/%2e%2e/a%20b, https://cdn.example, /%2e%2e/a%20b",
  })
  void followsAUrl(String url, String endpoint, String target) throws Exception {
    Location location = BASE.resolve(url);
    assertEquals(endpoint, location.endpoint().toString());
    assertEquals(target, location.target());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://cdn.example/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https:///x",
        "https://user:secret@cdn.example/x",
        "https://cdn.example:99999/secret",
        "https://cdn.example/a b secret",
        "https://cdn.example/a\r\nX: secret",
        "https://cdn_1.example/secret",
        "http://%zz/secret"
      })
  void refusesAUrlAndDoesNotRepeatIt(String url) {
    TransferException refused = assertThrows(TransferException.class, () -> BASE.resolve(url));
    assertEquals(
        "follow a URL that https://reg.example gave: expected a sound one of http or https without"
            + " a user",
        refused.getMessage());
    assertEquals(null, refused.getCause());
  }

  @ParameterizedTest
  @CsvSource({
    "alpine, false, https://registry-1.docker.io",
    "index.docker.io/x/y, true, https://registry-1.docker.io",
    "Quay.io/x, false, https://quay.io",
    "reg.example/x, true, http://reg.example",
    "reg.example:5000/x, true, http://reg.example:5000",
    "reg.example:443/x, false, https://reg.example",
    "localhost/x, false, https://localhost",
    "[::1]:5000/x, true, http://[::1]:5000",
    "[2001:db8::1]/x, false, https://[2001:db8::1]",
  })
  void findsTheServerOfAReference(String reference, boolean plain, String expected)
      throws Exception {
    assertEquals(expected, Endpoint.of(Reference.parse(reference), plain).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"reg.example:0/x", "reg.example:65536/x", "reg.example:99999999999/x"})
  void refusesAPortThatIsNone(String reference) {
    assertThrows(BadReferenceException.class, () -> Endpoint.of(Reference.parse(reference), false));
  }

  @ParameterizedTest
  @CsvSource({"/x?sig=secret, https://reg.example/x", "/x, https://reg.example/x"})
  void doesNotShowTheQuery(String target, String text) {
    assertEquals(
        text, BASE.endpoint() + new Location(BASE.endpoint(), target).toString().substring(19));
    assertEquals(text, new Location(BASE.endpoint(), target).toString());
  }
}
