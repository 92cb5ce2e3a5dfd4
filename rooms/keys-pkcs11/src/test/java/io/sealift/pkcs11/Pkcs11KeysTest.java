package io.sealift.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyFile;
import io.sealift.crypt.WrappedKey;
import io.sealift.testing.crypt.SoftToken;
import io.sealift.testing.crypt.TokenRecipient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Wrapped keys and real tokens of SoftHSM, which takes OAEP with SHA-1 off itself and leaves the
/// one with SHA-256 to us.
@Tag("peers")
class Pkcs11KeysTest {

  private static final byte[] OPTIONS = "{\"symkey\":\"…\"}".getBytes(UTF_8);

  @TempDir static Path directory;
  private static SoftToken token = new SoftToken(Path.of(""));
  private static KeyPair keys = new KeyPair(null, null);
  private static KeyPair others = new KeyPair(null, null);

  @BeforeAll
  static void makeTokens() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
    others = generator.generateKeyPair();
    token =
        SoftToken.create(directory, "my token")
            .put(keys, "my token", "image key", "a1")
            .put(others, "my token", "other", "a2")
            .put(keys, "my token", "twice", "a3")
            .put(others, "my token", "twice", "a4")
            .add("same name")
            .add("same name");
    token.allowing();
  }

  private static String uri(String path, String pin) {
    return "pkcs11:%s?pin-value=%s&module-path=%s".formatted(path, pin, SoftToken.module());
  }

  private static KeyFile file(String yaml) {
    return new KeyFile("key.yaml", yaml.getBytes(UTF_8), null);
  }

  private static Pkcs11Keys keys(String... uris) throws KeyException {
    List<KeyFile> files = Stream.of(uris).map(token::keyFile).map(Pkcs11KeysTest::file).toList();
    return new Pkcs11Keys(files, token::variable, ModuleVariables.set());
  }

  private static WrappedKey wrapped(TokenRecipient... recipients) {
    return new WrappedKey("pkcs11", TokenRecipient.wrap(OPTIONS, recipients));
  }

  private static TokenRecipient recipient(KeyPair keys, String hash) {
    return new TokenRecipient((RSAPublicKey) keys.getPublic(), hash);
  }

  @ParameterizedTest
  @CsvSource({
    "token=my%20token;object=image%20key, sha256",
    "token=my%20token;object=image%20key, sha1",
    "token=my%20token;object=image%20key, ''",
    "token=my%20token;id=%A1, sha256",
    "token=my%20token;object=twice;id=%a3, sha256",
    "token=my%20token;manufacturer=SoftHSM%20project;model=SoftHSM%20v2;object=image%20key;type=private, sha1",
  })
  void opensWhatIsForAKeyOfAToken(String path, String hash) throws Exception {
    try (Pkcs11Keys opener = keys(uri(path, "1234"))) {
      assertArrayEquals(OPTIONS, opener.unwrap(wrapped(recipient(keys, hash))));
    }
  }

  @Test
  void triesEveryRecipientWithEveryKey() throws Exception {
    WrappedKey forBoth = wrapped(recipient(others, "sha1"), recipient(keys, "sha256"));
    String own = uri("token=my%20token;id=%a1", "1234");
    String other = uri("token=my%20token;id=%a2", "1234");
    try (Pkcs11Keys opener = keys(own)) {
      assertArrayEquals(OPTIONS, opener.unwrap(forBoth));
    }
    try (Pkcs11Keys opener = keys(other, own)) {
      assertArrayEquals(OPTIONS, opener.unwrap(wrapped(recipient(keys, "sha256"))));
    }
  }

  @Test
  void opensForSeveralThreadsAtOnce() throws Exception {
    WrappedKey key = wrapped(recipient(keys, "sha256"));
    try (Pkcs11Keys opener = keys(uri("token=my%20token;id=%a1", "1234"));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<byte[]> unwrap = () -> opener.unwrap(key);
      for (Future<byte[]> opened :
          threads.invokeAll(Stream.generate(() -> unwrap).limit(16).toList())) {
        assertArrayEquals(OPTIONS, opened.get());
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "token=my%20token;object=none | the token has no such private RSA key",
        "token=my%20token;object=twice | the token has several such private RSA keys; add id= to its URI",
        "token=nobody;object=image%20key | there is no such token",
        "token=same%20name;object=image%20key | 2 tokens are such; add serial= to its URI",
        "slot-id=99;object=image%20key | there is no such token",
        "token=my%20token;id=%a2 | the token's key does not open it, or it was changed",
      })
  void saysWhyAKeyDoesNotOpen(String path, String why) throws Exception {
    try (Pkcs11Keys opener = keys(uri(path, "1234"))) {
      KeyException failed =
          assertThrows(KeyException.class, () -> opener.unwrap(wrapped(recipient(keys, "sha256"))));
      assertEquals("pkcs11:" + path + ": " + why, failed.reason());
    }
  }

  /// SoftHSM does not lock itself, so it is asked whether the right PIN comes too late.
  @Test
  void aPinThatIsNotTakenIsNotTriedAgain() throws Exception {
    try (Pkcs11Keys opener = keys(uri("token=my%20token;id=%a1", "9999"))) {
      WrappedKey key = wrapped(recipient(keys, "sha256"));
      String why = assertThrows(KeyException.class, () -> opener.unwrap(key)).reason();
      assertEquals(
          "pkcs11:token=my%20token;id=%a1: the token does not take the PIN (C_Login: CKR_PIN_INCORRECT)",
          why);
      assertEquals(why, assertThrows(KeyException.class, () -> opener.unwrap(key)).reason());
    }
  }

  @Test
  void closingForgetsThePin() throws Exception {
    Pkcs11Keys opener = keys(uri("token=my%20token;id=%a1", "1234"));
    opener.close();
    assertThrows(KeyException.class, () -> opener.unwrap(wrapped(recipient(keys, "sha256"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha1", "sha256"})
  void aChangedCiphertextOpensNothingAndTellsNothing(String hash) throws Exception {
    byte[] good = recipient(keys, hash).ciphertext(OPTIONS);
    try (Pkcs11Keys opener = keys(uri("token=my%20token;id=%a1", "1234"))) {
      for (int at : new int[] {0, 1, 100, 255}) {
        byte[] changed = good.clone();
        changed[at] ^= 1;
        assertEquals(
            "pkcs11:token=my%20token;id=%a1: " + Oaep.WRONG,
            assertThrows(KeyException.class, () -> opener.unwrap(json(changed, hash))).reason());
      }
      assertArrayEquals(OPTIONS, opener.unwrap(json(good, hash)));
    }
  }

  private static WrappedKey json(byte[] ciphertext, String hash) {
    return new WrappedKey(
        "pkcs11",
        """
        {"version":0,"recipients":[{"version":0,"blob":"%s","hash":"%s"}]}
        """
            .formatted(Base64.getEncoder().encodeToString(ciphertext), hash)
            .getBytes(UTF_8));
  }

  @Test
  void thePinMayStandElsewhere() throws Exception {
    Path pin = Files.writeString(directory.resolve("pin"), "1234\n");
    String module = "module-path=" + SoftToken.module();
    String path = "pkcs11:token=my%20token;id=%a1?";
    for (String source : List.of(pin.toString(), "file:" + pin, "file://" + pin)) {
      String yaml = token.keyFile(path + "pin-source=" + source + "&" + module);
      try (Pkcs11Keys opener =
          new Pkcs11Keys(List.of(file(yaml)), token::variable, ModuleVariables.set())) {
        assertArrayEquals(OPTIONS, opener.unwrap(wrapped(recipient(keys, "sha256"))), source);
      }
    }
    KeyFile behindColon =
        new KeyFile("key.yaml", token.keyFile(path + module).getBytes(UTF_8), "1234".toCharArray());
    try (Pkcs11Keys opener =
        new Pkcs11Keys(List.of(behindColon), token::variable, ModuleVariables.set())) {
      behindColon.close();
      assertArrayEquals(OPTIONS, opener.unwrap(wrapped(recipient(keys, "sha256"))));
    }
  }

  @Test
  void aFileThatIsNoModuleIsSaidToBeNone() throws Exception {
    Path text = Files.writeString(directory.resolve("module.so"), "text");
    Path conf =
        Files.writeString(
            directory.resolve("other.conf"),
            "pkcs11: {allowed-module-paths: [%s]}".formatted(text));
    String yaml = token.keyFile("pkcs11:token=t;object=k?pin-value=1&module-path=" + text);
    try (Pkcs11Keys opener =
        new Pkcs11Keys(
            List.of(file(yaml)), name -> Optional.of(conf.toString()), ModuleVariables.set())) {
      KeyException failed =
          assertThrows(KeyException.class, () -> opener.unwrap(wrapped(recipient(keys, "sha256"))));
      assertEquals(
          "pkcs11:token=t;object=k: the token failed: module %s cannot be loaded".formatted(text),
          failed.reason());
    }
  }

  @Test
  void aVariableThatTheProcessLacksIsToldWhenNoneMayBeSet() {
    KeyFile file =
        file(token.keyFile(uri("token=t;object=k", "1")).replace("SOFTHSM2_CONF", "NONE_SUCH"));
    assertTrue(
        assertThrows(
                KeyException.class,
                () -> new Pkcs11Keys(List.of(file), token::variable, ModuleVariables.required()))
            .reason()
            .startsWith("read key file key.yaml: it wants the variable NONE_SUCH"));
  }

  @Test
  void keyFilesThatWantDifferentVariablesDoNotGoTogether() {
    String uri = uri("token=t;object=k", "1");
    KeyException refused =
        assertThrows(
            KeyException.class,
            () ->
                new Pkcs11Keys(
                    List.of(
                        file(token.keyFile(uri)),
                        file(new SoftToken(directory.resolve("x")).keyFile(uri))),
                    token::variable,
                    (name, value) -> assertFalse(name.isEmpty())));
    assertTrue(refused.reason().contains("another SOFTHSM2_CONF"), refused.reason());
  }
}
