package io.sealift.pgp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyFile;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PgpKeysTest {

  private static final byte[] OPTIONS = "{\"symkey\":\"c2VjcmV0\"}".getBytes(UTF_8);
  private static final String WRONG = "the secret key does not open it, or it was changed";
  private static final String NOT_PLAIN =
      "what it holds is not plain data, as ocicrypt writes them";

  private static TestRing ada;
  private static TestRing eve;

  @BeforeAll
  static void make() throws Exception {
    ada = TestRing.of(TestRing.Kind.RSA);
    eve = TestRing.of(TestRing.Kind.RSA);
  }

  private static byte[] open(byte[] message, KeyFile... files) throws KeyException {
    return new PgpKeys(List.of(files)).unwrap(Wrapping.key(message));
  }

  private static String refusal(byte[] message, KeyFile... files) {
    return assertThrows(KeyException.class, () -> open(message, files)).reason();
  }

  @ParameterizedTest
  @EnumSource
  void opensWhatIsForKeysOfAllKinds(TestRing.Kind kind) throws Exception {
    TestRing ring = TestRing.of(kind);
    byte[] message = Wrapping.USUAL.literal(OPTIONS, ring);
    byte[] plain = ring.binary(null);
    byte[] locked = ring.binary("open sesame");
    for (KeyFile file :
        List.of(
            TestRing.file(plain, null),
            TestRing.file(plain, "needless"),
            TestRing.file(TestRing.armoured(plain), null),
            TestRing.file(locked, "open sesame"),
            TestRing.file(TestRing.armoured(locked), "open sesame"))) {
      assertTrue(PgpKeys.takes(file));
      assertArrayEquals(OPTIONS, open(message, file));
    }
  }

  @Test
  void opensWhatIsProtectedInTheNewerWay() throws Exception {
    TestRing ring = TestRing.of(TestRing.Kind.X25519);
    byte[] message = new Wrapping(true, true).literal(OPTIONS, ring);
    assertArrayEquals(OPTIONS, open(message, ring.file()));
    message[message.length - 1] ^= 1;
    assertEquals(WRONG, refusal(message, ring.file()));
  }

  @Test
  void everyRecipientOpensIt() throws Exception {
    TestRing other = TestRing.of(TestRing.Kind.CURVE25519);
    byte[] message = Wrapping.USUAL.literal(OPTIONS, ada, other);
    assertArrayEquals(OPTIONS, open(message, ada.file()));
    assertArrayEquals(OPTIONS, open(message, other.file()));
    assertArrayEquals(OPTIONS, open(message, eve.file(), other.file()));
    assertEquals(
        List.of(ada.name(), other.name()),
        new PgpKeys(List.of()).recipients(Wrapping.key(message)));
  }

  @Test
  void everyRingOfAFileCounts() throws Exception {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(eve.binary(null));
    both.writeBytes(ada.binary("open sesame"));
    byte[] message = Wrapping.USUAL.literal(OPTIONS, ada);
    assertArrayEquals(OPTIONS, open(message, TestRing.file(both.toByteArray(), "open sesame")));
    assertArrayEquals(
        OPTIONS,
        open(message, TestRing.file(TestRing.armoured(both.toByteArray()), "open sesame")));
  }

  @Test
  void aRecipientWithoutANameIsTriedWithEveryKey() throws Exception {
    byte[] message = Wrapping.USUAL.literal(OPTIONS, ada);
    // Behind the header of three bytes and the version.
    Arrays.fill(message, 4, 12, (byte) 0);
    assertArrayEquals(OPTIONS, open(message, eve.file(), ada.file()));
    assertEquals(WRONG, refusal(message, eve.file()));
    assertEquals(
        List.of("somebody unnamed"), new PgpKeys(List.of()).recipients(Wrapping.key(message)));
  }

  @Test
  void largeOptionsAreReadUpToTheBound() throws Exception {
    byte[] options = new byte[60_000];
    new Random(1).nextBytes(options);
    assertArrayEquals(options, open(Wrapping.USUAL.literal(options, ada), ada.file()));
    assertEquals(WRONG, refusal(Wrapping.USUAL.literal(new byte[70_000], ada), ada.file()));
    String large = refusal(Wrapping.USUAL.literal(new byte[300_000], ada), ada.file());
    assertTrue(large.matches("it has 300[0-9]{3} bytes, more than the 262144 allowed"), large);
  }

  static Stream<Arguments> refused() throws Exception {
    byte[] literal = Wrapping.literal(OPTIONS);
    byte[] sound = Wrapping.USUAL.literal(OPTIONS, ada);
    byte[] nested = literal;
    for (int i = 0; i < 200; i++) {
      nested = Wrapping.compressed(nested);
    }
    ByteArrayOutputStream trailing = new ByteArrayOutputStream();
    trailing.writeBytes(sound);
    trailing.writeBytes(literal);
    ByteArrayOutputStream twice = new ByteArrayOutputStream();
    twice.writeBytes(literal);
    twice.writeBytes(literal);
    return Stream.of(
        Arguments.of(
            "compressed", NOT_PLAIN, Wrapping.USUAL.packets(Wrapping.compressed(literal), ada)),
        Arguments.of("deeply compressed", NOT_PLAIN, Wrapping.USUAL.packets(nested, ada)),
        Arguments.of("encrypted again", NOT_PLAIN, Wrapping.USUAL.packets(sound, ada)),
        Arguments.of("nothing", NOT_PLAIN, Wrapping.USUAL.packets(new byte[0], ada)),
        Arguments.of("two", NOT_PLAIN, Wrapping.USUAL.packets(twice.toByteArray(), ada)),
        Arguments.of("more behind it", WRONG, trailing.toByteArray()),
        Arguments.of(
            "unprotected",
            "its data are not integrity-protected, so anybody may have changed them",
            new Wrapping(false, false).literal(OPTIONS, ada)),
        Arguments.of(
            "for another",
            "none of 1 secret keys is a recipient; it is for " + eve.name(),
            Wrapping.USUAL.literal(OPTIONS, eve)),
        Arguments.of("not encrypted", "it is no encrypted OpenPGP message", literal),
        Arguments.of("empty", "it is no encrypted OpenPGP message", new byte[0]),
        Arguments.of("text", "it is no encrypted OpenPGP message", "{}".getBytes(UTF_8)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void refusesEverythingElse(String name, String reason, byte[] message) throws Exception {
    assertEquals(reason, refusal(message, ada.file()));
  }

  @Test
  void refusesWhatIsForThousands() throws Exception {
    byte[] message = Wrapping.USUAL.literal(OPTIONS, ada);
    int first = message[1] & 0xff;
    boolean old = (message[0] & 0x40) == 0;
    int recipient = 3 + (old ? first << 8 : ((first - 192) << 8) + 192) + (message[2] & 0xff);
    ByteArrayOutputStream crowd = new ByteArrayOutputStream();
    for (int i = 0; i < 300; i++) {
      crowd.write(message, 0, recipient);
    }
    crowd.write(message, recipient, message.length - recipient);
    assertEquals("it is for 300 keys, expected 1 to 256", refusal(crowd.toByteArray(), ada.file()));
  }

  @Test
  void nothingThatWasChangedOpens() throws Exception {
    byte[] sound = Wrapping.USUAL.literal(OPTIONS, ada);
    PgpKeys keys = new PgpKeys(List.of(ada.file()));
    Set<String> reasons = new TreeSet<>();
    for (int at = 0; at < sound.length; at++) {
      byte[] changed = sound.clone();
      changed[at] ^= (byte) (1 << (at % 8));
      KeyException refused =
          assertThrows(KeyException.class, () -> keys.unwrap(Wrapping.key(changed)), "byte " + at);
      reasons.add(refused.reason().replaceFirst("key [0-9A-F]{16}.*", "KEY"));
    }
    for (int length = 0; length < sound.length; length++) {
      byte[] cut = Arrays.copyOf(sound, length);
      assertThrows(KeyException.class, () -> keys.unwrap(Wrapping.key(cut)), "first " + length);
    }
    assertTrue(reasons.contains(WRONG), reasons.toString());
    assertTrue(reasons.size() <= 8, reasons.toString());
  }

  @Test
  void withoutARingNothingOpens() throws Exception {
    assertEquals("no secret key ring was given", refusal(Wrapping.USUAL.literal(OPTIONS, ada)));
  }

  @Test
  void lockedRingsWantTheirPassword() throws Exception {
    byte[] locked = ada.binary("open sesame");
    assertEquals(
        "read secret key ring ring.gpg: its password is wrong",
        refusal(OPTIONS, TestRing.file(locked, "open")));
    assertEquals(
        "read secret key ring ring.gpg: it is locked, and no password was given",
        refusal(OPTIONS, TestRing.file(locked, null)));
  }

  @Test
  void otherFilesAreNoSecretKeyRings() throws Exception {
    PGPSecretKeyRing ring =
        new PGPSecretKeyRing(ada.binary(null), new BcKeyFingerprintCalculator());
    byte[] publicRing = new PGPPublicKeyRing(List.of(ring.getPublicKey())).getEncoded();
    for (byte[] other :
        new byte[][] {
          {},
          publicRing,
          TestRing.armoured(publicRing),
          "-----BEGIN PRIVATE KEY-----\n".getBytes(UTF_8),
          {0x30, (byte) 0x82, 1, 1}
        }) {
      assertFalse(PgpKeys.takes(TestRing.file(other, null)));
    }
  }

  @Test
  void damagedRingsAreRefused() throws Exception {
    byte[] cut = Arrays.copyOf(ada.binary(null), 100);
    assertEquals(
        "read secret key ring ring.gpg: it is damaged", refusal(OPTIONS, TestRing.file(cut, null)));
    byte[] begun = "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n".getBytes(UTF_8);
    assertEquals(
        "read secret key ring ring.gpg: it is damaged",
        refusal(OPTIONS, TestRing.file(begun, null)));
  }
}
