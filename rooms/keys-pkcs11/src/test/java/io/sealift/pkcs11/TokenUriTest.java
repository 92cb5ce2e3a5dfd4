package io.sealift.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.crypt.KeyException;
import io.sealift.linux.token.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// URIs of tokens' keys, good and bad ones.
class TokenUriTest {

  private static final Token TOKEN =
      new Token(7, "my token", "SoftHSM project", "SoftHSM v2", "ee77");

  @ParameterizedTest
  @CsvSource({
    "pkcs11:token=my%20token;object=k, true",
    "pkcs11:token=my%20token;manufacturer=SoftHSM%20project;model=SoftHSM%20v2;serial=ee77;id=%01, true",
    "pkcs11:slot-id=7;object=k, true",
    "pkcs11:serial=ee77;object=k;type=private, true",
    "pkcs11:token=my%20tokens;object=k, false",
    "pkcs11:token=my%20token;serial=ee78;object=k, false",
    "pkcs11:token=my%20token;slot-id=8;object=k, false",
    "pkcs11:token=my%20token;model=;object=k, false",
  })
  void meansATokenThatAllItsAttributesFit(String uri, boolean fits) throws Exception {
    assertEquals(fits, TokenUri.parse(uri).matches(TOKEN));
  }

  @Test
  void valuesAreDecoded() throws Exception {
    TokenUri uri =
        TokenUri.parse(
            "pkcs11:id=%A9%00z;object=b%C3%BCro%3b&;token=t?pin-value=a%26b/?&module-path=/usr/lib/p.so");
    assertArrayEquals(new byte[] {(byte) 0xa9, 0, 'z'}, uri.id());
    assertArrayEquals("büro;&".getBytes(UTF_8), uri.label());
    assertEquals("/usr/lib/p.so", uri.query("module-path"));
    assertArrayEquals("a&b/?".getBytes(UTF_8), uri.takePin());
  }

  @Test
  void isShownWithoutThePin() throws Exception {
    TokenUri uri = TokenUri.parse("pkcs11:token=t;object=k?pin-value=geheim&module-name=m");
    assertEquals("pkcs11:token=t;object=k", uri.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "pkcs12:token=t;object=k | its URI does not begin with pkcs11:",
        "PKCS11:token=t;object=k | its URI does not begin with pkcs11:",
        "pkcs11: | names no token",
        "pkcs11:object=k | names no token: neither token=, serial= nor slot-id=",
        "pkcs11:token=t | names no key: neither object= nor id=",
        "pkcs11:token=t;object=k;type=cert | type=cert, expected private",
        "pkcs11:token=t;object=k;token=u | 'token' is in its URI twice",
        "pkcs11:token=t;object=k?pin-value=a&pin-value=b | 'pin-value' is in its URI twice",
        "pkcs11:token=t;object=k?pin-value=1&pin-source=/x | both pin-value and pin-source",
        "pkcs11:token=t;object=k;library-version=3 | not known there, expected one of id, manufacturer, model, object, serial, slot-id, token, type",
        "pkcs11:token=t;object=k;x-secret | an attribute of its URI has no name or no value",
        "pkcs11:token=t;;object=k | an attribute of its URI has no name or no value",
        "pkcs11:token=t;object=k;pin-value=1 | an attribute that is not known there",
        "pkcs11:token=t;object=k?token=u | expected one of module-name, module-path, pin-source, pin-value",
        "pkcs11:token=t;object=k%2 | % without two hexadecimal digits",
        "pkcs11:token=t;object=k%zz | % without two hexadecimal digits",
        "pkcs11:token=a b;object=k | has to be percent-encoded",
        "pkcs11:token=a/b;object=k | has to be percent-encoded",
        "pkcs11:token=ü;object=k | has to be percent-encoded",
        "pkcs11:token=%ff;object=k | 'token' of its URI is not UTF-8",
        "pkcs11:slot-id=-1;object=k | slot-id=-1, expected a number",
        "pkcs11:slot-id=9999999999999999999;object=k | expected a number",
      })
  void aBadOneIsRefusedAndSaysWhy(String uri, String why) {
    KeyException refused = assertThrows(KeyException.class, () -> TokenUri.parse(uri));
    assertTrue(refused.reason().contains(why), refused.reason());
  }

  @ParameterizedTest
  @CsvSource({
    "pkcs11:token=t;object=k?pin-value=geheim%2",
    "pkcs11:token=t;object=k?pin-value=geheim ",
    "pkcs11:token=t;object=k?pin-value=geheim&geheim",
    "pkcs11:token=t;object=k?pin-value=x&geheim=y",
    "pkcs11:token=t;object=k?pin-value=geheim&pin-value=geheim",
  })
  void noFailureShowsThePin(String uri) {
    KeyException refused = assertThrows(KeyException.class, () -> TokenUri.parse(uri + "%"));
    assertFalse(refused.reason().contains("geheim"), refused.reason());
  }
}
