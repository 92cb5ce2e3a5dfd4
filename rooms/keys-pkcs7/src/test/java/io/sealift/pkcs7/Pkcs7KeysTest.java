package io.sealift.pkcs7;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyFile;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class Pkcs7KeysTest {

  private static final byte[] OPTIONS = "{\"symkey\":\"c2VjcmV0\"}".getBytes(UTF_8);
  private static final String WRONG = "the private key does not open it, or it was changed";
  private static final String NO_ENVELOPE = "it is no envelope of PKCS #7";

  private static TestHolder ada;
  private static TestHolder eve;

  @BeforeAll
  static void make() throws Exception {
    ada = TestHolder.make("ada", 17);
    eve = TestHolder.make("eve", 18);
  }

  private static byte[] open(byte[] envelope, KeyFile... files) throws KeyException {
    return new Pkcs7Keys(List.of(files)).unwrap(TestEnvelope.key(envelope));
  }

  private static String refusal(byte[] envelope, KeyFile... files) {
    return assertThrows(KeyException.class, () -> open(envelope, files)).reason();
  }

  static Stream<TestEnvelope> forms() {
    return Stream.of(TestEnvelope.GO, TestEnvelope.SPECIFIED)
        .flatMap(form ->
            Stream.of(
                form,
                form.cipher(TestEnvelope.AES_192_GCM, 24),
                form.cipher(TestEnvelope.AES_256_GCM, 32)));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void opensEnvelopesInBothForms(TestEnvelope form) throws Exception {
    byte[] envelope = form.seal(OPTIONS, ada);
    assertArrayEquals(OPTIONS, open(envelope, ada.certificateFile(), ada.keyFile()));
  }

  @Test
  void certificateAndKeyMayBeOneFileAndInDer() throws Exception {
    byte[] envelope = TestEnvelope.GO.seal(OPTIONS, ada);
    byte[] both = Der.join(ada.keyFile().bytes(), ada.certificateFile().bytes());
    assertArrayEquals(OPTIONS, open(envelope, TestHolder.file("both.pem", both)));
    assertArrayEquals(
        OPTIONS,
        open(
            envelope,
            TestHolder.file("ada.crt", ada.certificate().getEncoded()),
            TestHolder.file("ada.key", ada.keys().getPrivate().getEncoded())));
  }

  @Test
  void everyRecipientOpensIt() throws Exception {
    byte[] envelope = TestEnvelope.GO.seal(OPTIONS, ada, eve);
    assertArrayEquals(OPTIONS, open(envelope, ada.certificateFile(), ada.keyFile()));
    assertArrayEquals(OPTIONS, open(envelope, eve.keyFile(), eve.certificateFile()));
    assertArrayEquals(
        OPTIONS,
        open(
            TestEnvelope.GO.seal(OPTIONS, eve),
            ada.keyFile(),
            eve.keyFile(),
            ada.certificateFile(),
            eve.certificateFile()));
    assertEquals(
        List.of("certificate 11 of CN=ada", "certificate 12 of CN=eve"),
        new Pkcs7Keys(List.of()).recipients(TestEnvelope.key(envelope)));
  }

  @Test
  void theCertificateSaysWhichRecipientIsMeant() throws Exception {
    byte[] envelope = TestEnvelope.GO.seal(OPTIONS, ada);
    TestHolder sameSerial = TestHolder.make(ada.keys(), "ava", 17);
    TestHolder sameName = TestHolder.make(ada.keys(), "ada", 18);
    for (TestHolder another : List.of(sameSerial, sameName, eve)) {
      assertEquals(
          "none of 1 certificates is a recipient; it is for certificate 11 of CN=ada",
          refusal(envelope, another.certificateFile(), another.keyFile()));
    }
  }

  static Stream<Arguments> lacks() throws Exception {
    return Stream.of(
        Arguments.of(
            "it takes a certificate and its private RSA key, and 0 and 0 were given", List.of()),
        Arguments.of(
            "it takes a certificate and its private RSA key, and 0 and 1 were given",
            List.of(ada.keyFile())),
        Arguments.of(
            "it takes a certificate and its private RSA key, and 1 and 0 were given",
            List.of(ada.certificateFile())),
        Arguments.of(
            "none of 1 certificates belongs to one of 1 private RSA keys",
            List.of(ada.certificateFile(), eve.keyFile())));
  }

  @ParameterizedTest
  @MethodSource("lacks")
  void certificateAndKeyAreBothNeeded(String reason, List<KeyFile> files) throws Exception {
    assertEquals(
        reason, refusal(TestEnvelope.GO.seal(OPTIONS, ada), files.toArray(KeyFile[]::new)));
  }

  static Stream<Arguments> refused() throws Exception {
    byte[] sound = TestEnvelope.GO.seal(OPTIONS, ada);
    TestHolder[] crowd = Collections.nCopies(257, ada).toArray(TestHolder[]::new);
    byte[] tag = sound.clone();
    tag[tag.length - 1] ^= 1;
    byte[] deep = new byte[0];
    for (int i = 0; i < 2000; i++) {
      deep = Der.der(0x30, deep);
    }
    return Stream.of(
        Arguments.of("changed", WRONG, tag),
        Arguments.of(
            "without integrity",
            "its cipher is not AES-GCM, so anybody may have changed it",
            TestEnvelope.GO.cipher(TestEnvelope.AES_128_CBC, 16).seal(OPTIONS, ada)),
        Arguments.of(
            "long nonce",
            "its cipher has unusual parameters, expected a nonce of 12 bytes and a tag of 16",
            TestEnvelope.GO.nonce(16).seal(OPTIONS, ada)),
        Arguments.of(
            "short tag",
            "its cipher has unusual parameters, expected a nonce of 12 bytes and a tag of 16",
            TestEnvelope.GO.tag(12).seal(OPTIONS, ada)),
        Arguments.of(
            "a key of another length",
            WRONG,
            TestEnvelope.GO.cipher(TestEnvelope.AES_256_GCM, 16).seal(OPTIONS, ada)),
        Arguments.of(
            "OAEP",
            "its key is not wrapped by RSA with PKCS #1 v1.5",
            TestEnvelope.GO.keyCipher(TestEnvelope.RSA_OAEP).seal(OPTIONS, ada)),
        Arguments.of(
            "for a crowd",
            "it is for 257 certificates, expected 1 to 256",
            TestEnvelope.GO.seal(OPTIONS, crowd)),
        Arguments.of("for nobody", NO_ENVELOPE, TestEnvelope.GO.seal(OPTIONS)),
        Arguments.of("more behind it", NO_ENVELOPE, Der.join(sound, new byte[1])),
        Arguments.of("empty", NO_ENVELOPE, new byte[0]),
        Arguments.of("text", NO_ENVELOPE, "{}".getBytes(US_ASCII)),
        Arguments.of("nested", NO_ENVELOPE, deep),
        Arguments.of("endless", NO_ENVELOPE, new byte[] {0x30, (byte) 0x80, 0, 0}),
        Arguments.of("huge", NO_ENVELOPE, new byte[] {0x30, (byte) 0x84, 0x7f, -1, -1, -1}),
        Arguments.of(
            "large",
            "it has 262145 bytes, more than the 262144 allowed",
            new byte[256 * 1024 + 1]));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void refusesEverythingElse(String name, String reason, byte[] envelope) throws Exception {
    assertEquals(reason, refusal(envelope, ada.certificateFile(), ada.keyFile()));
  }

  /// Except for numbers of versions and what says nothing.
  @Test
  void nothingThatWasChangedOpensToSomethingElse() throws Exception {
    byte[] sound = TestEnvelope.GO.seal(OPTIONS, ada);
    Pkcs7Keys keys = new Pkcs7Keys(List.of(ada.certificateFile(), ada.keyFile()));
    Set<Integer> unseen = new TreeSet<>();
    for (int at = 0; at < sound.length; at++) {
      byte[] changed = sound.clone();
      changed[at] ^= (byte) (1 << (at % 8));
      try {
        assertArrayEquals(OPTIONS, keys.unwrap(TestEnvelope.key(changed)));
        unseen.add(at);
      } catch (KeyException refused) {
        assertFalse(refused.reason().isEmpty());
      }
    }
    assertTrue(unseen.size() < 12, unseen.toString());
    for (int length = 0; length < sound.length; length++) {
      byte[] cut = Arrays.copyOf(sound, length);
      assertThrows(KeyException.class, () -> keys.unwrap(TestEnvelope.key(cut)));
    }
  }

  @Test
  void certificatesAndPrivateRsaKeysAreTaken() throws Exception {
    assertTrue(Pkcs7Keys.takes(ada.certificateFile()));
    assertTrue(Pkcs7Keys.takes(ada.keyFile()));
    byte[] ec = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate().getEncoded();
    assertFalse(Pkcs7Keys.takes(TestHolder.file("ec", TestHolder.pem("PRIVATE KEY", ec))));
    assertFalse(Pkcs7Keys.takes(TestHolder.file("text", "{}".getBytes(US_ASCII))));
    assertFalse(Pkcs7Keys.takes(TestHolder.file("empty", new byte[0])));
  }
}
