package io.sealift.simple;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.policy.Material;
import io.sealift.policy.Requirement;
import io.sealift.secret.FileSecrets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.openpgp.PGPSignature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Rings of keys: how they may be written, and how they are told of.
class KeyRingTest {

  @TempDir Path directory;

  private static final SimpleSigning SIMPLE =
      new SimpleSigning(
          () -> {
            throw new AssertionError("no signature is looked for");
          },
          () -> {
            throw new AssertionError("nothing is fetched");
          },
          InstantSource.fixed(TestKey.NOW));

  private static List<String> anchors(Material... rings) throws Exception {
    return SIMPLE.anchors(new Requirement.SignedBy(List.of(rings), null), new FileSecrets());
  }

  private static Material given(byte[] ring) {
    return new Material.Given("/default/0/keyData", ring);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static Stream<Arguments> waysToWrite() throws Exception {
    TestKey one = TestKey.usual();
    TestKey two = TestKey.usual();
    String armour = text(one.armoured());
    return Stream.of(
        Arguments.of(one, two, Messages.join(one.ring(), two.ring())),
        Arguments.of(one, two, Messages.join(one.armoured(), two.armoured())),
        Arguments.of(
            one, two, latin("Ada's:\r\n" + armour.replace("\n", "\r\n") + text(two.armoured()))),
        Arguments.of(
            one,
            two,
            latin("\n" + armour.replace("=AAAA\n", "") + "\nand\n" + text(two.armoured()))),
        Arguments.of(
            one,
            two,
            Messages.join(one.armoured(), armourOf(Messages.join(one.ring(), two.ring())))),
        Arguments.of(one, two, Messages.join(one.ring(), foreign(), two.ring())));
  }

  private static byte[] armourOf(byte[] packets) {
    return latin(
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n"
            + java.util.Base64.getMimeEncoder().encodeToString(packets)
            + "\n-----END PGP PUBLIC KEY BLOCK-----");
  }

  /// Trust, a marker, padding, a user attribute, a signature and a subkey to come, a key of version
  /// 3 and one to come with a user of theirs.
  private static byte[] foreign() {
    return Messages.join(
        Messages.packet(12, new byte[2]),
        Messages.packet(10, latin("PGP")),
        Messages.packet(21, new byte[9]),
        Messages.packet(17, new byte[] {2, 99, 0}),
        Messages.packet(2, new byte[] {99, 0}),
        Messages.packet(14, new byte[] {99, 0, 0, 0, 0, 1}),
        Messages.packet(6, new byte[] {3, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 1, 1}),
        Messages.packet(6, new byte[] {99, 0, 0, 0, 0, 1}),
        Messages.packet(13, latin("nobody")));
  }

  @ParameterizedTest
  @MethodSource("waysToWrite")
  void allKeysAreFoundHoweverTheyAreWritten(TestKey one, TestKey two, byte[] bytes)
      throws Exception {
    KeyRing ring = Verdicts.ring(bytes);
    assertEquals("signed by " + one.fingerprint(), Verdicts.of(one.signing(), ring));
    assertEquals("signed by " + two.fingerprint(), Verdicts.of(two.signing(), ring));
  }

  @Test
  void keysOfSeveralRingsCount() throws Exception {
    TestKey one = TestKey.usual();
    TestKey two = TestKey.usual();
    Path file = Files.write(directory.resolve("ring.gpg"), one.ring());
    assertEquals(
        List.of(
            one.fingerprint()
                + " Ada <ada@example.org>, does not expire ("
                + file
                + ", /default/0/keyData)",
            two.fingerprint() + " Ada <ada@example.org>, does not expire (/default/0/keyData)"),
        anchors(
            new Material.At(file.toString()),
            given(Messages.join(two.armoured(), one.armoured()))));
  }

  static Stream<Arguments> noRings() throws Exception {
    TestKey key = TestKey.usual();
    String armour = text(key.armoured());
    String expected = "read key ring /default/0/keyData: expected OpenPGP public keys, ";
    return Stream.of(
        Arguments.of(new byte[0], expected + "found no OpenPGP key"),
        Arguments.of(latin("This is invalid"), expected + "found no OpenPGP key"),
        Arguments.of(
            Messages.signed(Verdicts.PAYLOAD, key.signing()), expected + "found no OpenPGP key"),
        Arguments.of(
            Messages.packet(6, new byte[] {3, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 1, 1}),
            expected + "found no OpenPGP key but of version 3, which are not trusted"),
        Arguments.of(
            latin(armour.replace("PUBLIC", "PRIVATE")),
            expected
                + "found '-----BEGIN PGP PRIVATE KEY BLOCK-----', expected '-----BEGIN PGP PUBLIC KEY"
                + " BLOCK-----'"),
        Arguments.of(Messages.packet(5, new byte[9]), expected + "found a secret key"),
        Arguments.of(
            Messages.join(key.ring(), Messages.packet(5, new byte[9])),
            expected + "found a secret key"),
        Arguments.of(
            latin(armour.substring(0, armour.length() - 40)),
            expected + "an armoured block does not end"),
        Arguments.of(
            latin(armour.replace("\n=AAAA", "\n?")), expected + "an armoured block is not base64"),
        Arguments.of(
            Arrays.copyOf(key.ring(), key.ring().length - 1),
            expected + "malformed OpenPGP: it ends inside a packet"),
        Arguments.of(
            latin("-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n"),
            expected + "found no OpenPGP key"));
  }

  @ParameterizedTest
  @MethodSource("noRings")
  void whatHoldsNoKeyIsRefused(byte[] bytes, String message) throws Exception {
    Material sound = given(TestKey.usual().ring());
    PolicyRefusedException refused =
        assertThrows(PolicyRefusedException.class, () -> anchors(sound, given(bytes)));
    assertEquals(message, refused.getMessage());
  }

  @Test
  void whatCannotBeReadIsRefused() throws Exception {
    Path large = Files.write(directory.resolve("large.gpg"), new byte[Material.MAX_BYTES + 1]);
    List<Material> rings =
        List.of(
            new Material.At(directory.resolve("nothing.gpg").toString()),
            new Material.At(large.toString()));
    List<Class<? extends ImageException>> types =
        List.of(NotFoundException.class, UnsafeContentException.class);
    for (int i = 0; i < rings.size(); i++) {
      Material ring = rings.get(i);
      assertThrows(types.get(i), () -> anchors(ring));
    }
  }

  @Test
  void aLineTellsOfEachKey() throws Exception {
    Instant soon = TestKey.NOW.plusSeconds(86_400);
    TestKey expiring = new TestKey(Pairs.usual());
    expiring.user(expiring.signing().saying(TestKey.expiring(soon)));
    TestKey expired = new TestKey(Pairs.usual());
    expired.user(expired.signing().saying(TestKey.expiring(TestKey.NOW)));
    TestKey revoked = TestKey.usual();
    revoked.revoked(revoked.signing());
    TestKey nameless = new TestKey(Pairs.usual());
    nameless.direct(nameless.signing());
    TestKey useless = TestKey.certifying();
    TestKey odd = new TestKey(Pairs.usual());
    String name = "E\u001b[31mve\u202e \u00e4" + "x".repeat(200);
    odd.user(name)
        .add(odd.signing().userId(PGPSignature.POSITIVE_CERTIFICATION, name, odd.primary()));
    List<String> expected =
        List.of(
            expiring.fingerprint() + " Ada <ada@example.org>, expires 2026-06-02",
            expired.fingerprint()
                + " Ada <ada@example.org>, of no use: key "
                + expired.fingerprint()
                + " expired at 2026-06-01T00:00:00Z",
            revoked.fingerprint()
                + " Ada <ada@example.org>, of no use: key "
                + revoked.fingerprint()
                + " is revoked",
            nameless.fingerprint() + " without a user id, does not expire",
            useless.fingerprint()
                + " Ada <ada@example.org>, of no use: none of its keys may sign data",
            odd.fingerprint() + " E?[31mve? \u00e4" + "x".repeat(89) + ", does not expire");
    byte[] ring =
        Messages.join(
            expiring.ring(),
            expired.ring(),
            revoked.ring(),
            nameless.ring(),
            useless.ring(),
            odd.ring());
    assertEquals(
        expected.stream().map(line -> line + " (/default/0/keyData)").toList(),
        anchors(given(ring)));
  }

  /// Everyone may put signatures behind the keys of others on key servers.
  @Test
  void strangersSignaturesCostNothing() throws Exception {
    TestKey key = TestKey.usual();
    PGPSignature strange =
        Signing.by(Pairs.usual())
            .userId(PGPSignature.POSITIVE_CERTIFICATION, TestKey.USER, key.primary());
    while (key.ring().length < 900_000) {
      for (int i = 0; i < 500; i++) {
        key.add(strange);
      }
    }
    KeyRing ring = Verdicts.ring(key.ring());
    assertTrue(ring.certificates().getFirst().ofUserId(latin(TestKey.USER)).size() > 5000);
    assertEquals("signed by " + key.fingerprint(), Verdicts.of(key.signing(), ring));
  }
}
