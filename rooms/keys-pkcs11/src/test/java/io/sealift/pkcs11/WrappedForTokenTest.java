package io.sealift.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyFile;
import io.sealift.crypt.WrappedKey;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Wrapped keys and key files by their form alone: no token is asked.
class WrappedForTokenTest {

  private static Pkcs11Keys keys(KeyFile... files) throws KeyException {
    return new Pkcs11Keys(List.of(files), _ -> Optional.empty(), ModuleVariables.required());
  }

  private static KeyFile file(String text) {
    return new KeyFile("key.yaml", text.getBytes(UTF_8), null);
  }

  private static WrappedKey wrapped(String json) {
    return new WrappedKey("pkcs11", json.getBytes(UTF_8));
  }

  @Test
  void tellsHowManyBitsTheKeysHave() throws Exception {
    String blob = "A".repeat(342) + "==";
    assertEquals(
        List.of("RSA-2048 by OAEP with SHA-256", "RSA-2048 by OAEP with SHA-1"),
        keys()
            .recipients(
                wrapped(
                    """
                    {"version":0,"recipients":[{"version":0,"blob":"%1$s","hash":"sha256"},
                      {"version":0,"blob":"%1$s"}]}
                    """
                        .formatted(blob))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | it is no wrapped key of this scheme",
        "{\"recipients\":1} | it is no wrapped key of this scheme",
        "{} | it is for 0 keys",
        "{\"recipients\":[]} | it is for 0 keys, expected 1 to 64",
        "{\"version\":1,\"recipients\":[{\"blob\":\"AA==\"}]} | it has version 1, expected 0",
        "{\"recipients\":[{\"version\":2,\"blob\":\"AA==\"}]} | it has version 2, expected 0",
        "{\"recipients\":[{\"blob\":\"AA==\",\"hash\":\"md5\"}]} | its hash is 'md5', expected sha1 or sha256",
        "{\"recipients\":[{\"blob\":\"\"}]} | a ciphertext has 0 bytes, expected 1 to 2048",
        "{\"recipients\":[{\"blob\":\"?\"}]} | a ciphertext is not base64",
      })
  void aMalformedOneIsRefusedAndShownAsSuch(String json, String why) throws Exception {
    KeyException refused =
        assertThrows(KeyException.class, () -> WrappedForToken.parse(json.getBytes(UTF_8)));
    assertTrue(refused.reason().startsWith(why), refused.reason());
    assertEquals(List.of(refused.reason()), keys().recipients(wrapped(json)));
  }

  @Test
  void oneForMoreKeysThanAreTriedIsRefused() {
    String many = String.join(",", Collections.nCopies(65, "{\"blob\":\"AA==\"}"));
    assertEquals(
        "it is for 65 keys, expected 1 to 64",
        assertThrows(
                KeyException.class,
                () ->
                    WrappedForToken.parse("{\"recipients\":[%s]}".formatted(many).getBytes(UTF_8)))
            .reason());
  }

  @Test
  void withoutAKeyFileNothingOpens() throws Exception {
    assertTrue(keys().knows("pkcs11"));
    assertFalse(keys().knows("pkcs7"));
    assertEquals(
        "no key of a token was given",
        assertThrows(KeyException.class, () -> keys().unwrap(wrapped("{}"))).reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pkcs11:\n  uri: x", "{\"pkcs11\": {}}"})
  void takesKeyFiles(String text) {
    assertTrue(Pkcs11Keys.takes(file(text)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "pkcs11\0", "# pkcs11\n-----BEGIN PRIVATE KEY-----"})
  void takesNothingElse(String text) {
    assertFalse(Pkcs11Keys.takes(file(text)));
  }

  private static final String GOOD = "pkcs11:token=t;object=k?pin-value=geheim&module-name=m";

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "pkcs11: {uri: 'pkcs11:token=t'} # names no key",
        "pkcs11: {} # its URI does not begin with pkcs11:",
        "pkcs11: {uri: @, extra: 1} # member 'extra' is not known, expected uri",
        "pkcs11: {uri: @}\\nmodules: {} # member 'modules' is not known, expected pkcs11, module",
        "pkcs11: {uri: [@]} # member 'uri' is no text",
        "pkcs11: {uri: @}\\nmodule: {env: [1]} # member 'env' is no map",
        "pkcs11: {uri: @}\\nmodule: {env: {A B: 1}} # 'A B' is no name of a variable",
        "pkcs11: {uri: @}\\nmodule: {env: {A=B: 1}} # 'A=B' is no name of a variable",
        "pkcs11: {uri: 'pkcs11:token=t;object=k'} # it takes a PIN of 1 to 1024 bytes",
        "pkcs11: {uri: 'pkcs11:token=t;object=k?pin-value='} # it takes a PIN",
        "pkcs11: {uri: 'pkcs11:token=t;object=k?pin-source=|cat'} # pin-source is no file: URI",
        "pkcs11: {uri: 'pkcs11:token=t;object=k?pin-source=pin'} # pin-source is no file: URI",
        "pkcs11: {uri: 'pkcs11:token=t;object=k?pin-source=http://h/pin'} # pin-source is no file: URI",
        "pkcs11: {uri: 'pkcs11:token=t;object=k?pin-source=file://h/pin'} # pin-source is no file: URI",
        "pkcs11: {uri: 'pkcs11:token=t;object=k?pin-source=/nowhere/pin'} # /nowhere/pin cannot be read",
        "pkcs11: {uri: @ # malformed YAML, line",
        "pkcs11: {uri: @}\\n--- {} # more than one YAML document",
      })
  void aMalformedKeyFileIsRefusedWithoutShowingThePin(String yaml, String why) {
    String text = yaml.replace("@", "'" + GOOD + "'").replace("\\n", "\n");
    KeyException refused = assertThrows(KeyException.class, () -> keys(file(text)));
    assertTrue(refused.reason().startsWith("read key file key.yaml: "), refused.reason());
    assertTrue(refused.reason().contains(why), refused.reason());
    assertFalse(refused.reason().contains("geheim"), refused.reason());
  }

  @Test
  void aPinThatIsGivenTwiceIsRefused() {
    KeyFile file =
        new KeyFile(
            "key.yaml", "pkcs11: {uri: '%s'}".formatted(GOOD).getBytes(UTF_8), new char[] {'1'});
    assertTrue(assertThrows(KeyException.class, () -> keys(file)).reason().contains("given twice"));
  }

  @Test
  void withoutAConfigurationNoModuleIsLoaded() throws Exception {
    try (Pkcs11Keys opener = keys(file("pkcs11: {uri: '%s'}".formatted(GOOD)))) {
      KeyException failed =
          assertThrows(
              KeyException.class,
              () -> opener.unwrap(wrapped("{\"recipients\":[{\"blob\":\"AA==\"}]}")));
      assertEquals(
          "pkcs11:token=t;object=k: no module may be loaded; allow it in ocicrypt.conf, or all usual"
              + " places with OCICRYPT_CONFIG=internal",
          failed.reason());
    }
  }
}
