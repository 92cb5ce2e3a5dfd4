package io.sealift.kbs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.BadReferenceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceUriTest {

  @ParameterizedTest
  @CsvSource({
    "kbs:///default/key/1, resource, '', default/key/1, '', kbs:///default/key/1",
    "kbs+resource:///a/b/c, resource, '', a/b/c, '', kbs:///a/b/c",
    "kbs+pkcs11:///a, pkcs11, '', a, '', kbs+pkcs11:///a",
    "kbs://h.example:8080/a/b/c, resource, h.example:8080, a/b/c, '', kbs://h.example:8080/a/b/c",
    "'kbs://[::1]:80/a/b/c.d', resource, '[::1]:80', a/b/c.d, '', 'kbs://[::1]:80/a/b/c.d'",
    "kbs+nebula-ca:///x/y?a=b&c=%20, nebula-ca, '', x/y, a=b&c=%20, kbs+nebula-ca:///x/y?a=b&c=%20",
  })
  void isTakenApart(
      String text, String plugin, String host, String path, String query, String canonical)
      throws Exception {
    ResourceUri uri = ResourceUri.parse(text);
    assertEquals(plugin, uri.plugin());
    assertEquals(host, uri.host());
    assertEquals(path, uri.path());
    assertEquals(query, uri.query());
    assertEquals(canonical, uri.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "kbs",
        "kbs:",
        "kbs://",
        "kbs:///",
        "kbs://a",
        "kbs+:///a/b/c",
        "KBS:///a/b/c",
        "file:///a/b/c",
        "kbs:///a//c",
        "kbs:///a/b/",
        "kbs:///../b/c",
        "kbs:///a/.b/c",
        "kbs:///a/b/%2e%2e",
        "kbs:///a/b/c d",
        "kbs:///a/b/c#d",
        "kbs:///a/b/c\n",
        "kbs:///a/b/ü",
        " kbs:///a/b/c",
      })
  void isRefusedWithItsText(String text) {
    BadReferenceException refused =
        assertThrows(BadReferenceException.class, () -> ResourceUri.parse(text));
    assertEquals(
        "read %s: expected kbs:///REPOSITORY/TYPE/TAG".formatted(text.replace("\n", "\\x0a")),
        refused.getMessage());
  }

  @Test
  void isBounded() {
    String text = "kbs:///a/b/" + "c".repeat(1013);
    assertEquals(1024, text.length());
    org.junit.jupiter.api.Assertions.assertDoesNotThrow(() -> ResourceUri.parse(text));
    assertThrows(BadReferenceException.class, () -> ResourceUri.parse(text + "c"));
  }
}
