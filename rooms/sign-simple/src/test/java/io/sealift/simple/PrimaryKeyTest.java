package io.sealift.simple;

import static io.sealift.simple.TestKey.CERTIFY;
import static io.sealift.simple.TestKey.ENCRYPT;
import static io.sealift.simple.TestKey.NOW;
import static io.sealift.simple.TestKey.SIGN;
import static io.sealift.simple.TestKey.expiring;
import static io.sealift.simple.TestKey.flags;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.sig.RevocationReasonTags;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.PGPKeyPairGenerator;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which primary keys may sign: what they say of themselves.
class PrimaryKeyTest {

  private static String verdict(TestKey key, Signing signing) throws Exception {
    return Verdicts.of(signing, Verdicts.ring(key.ring()));
  }

  private static String verdict(TestKey key) throws Exception {
    return verdict(key, key.signing());
  }

  static Stream<Named<PGPKeyPair>> primaryPairs() throws Exception {
    return Stream.of(
        named("v4 RSA", 4, generator -> generator.generateRsaKeyPair(2048)),
        named("v4 Ed25519, old encoding", 4, PGPKeyPairGenerator::generateLegacyEd25519KeyPair),
        named("v4 Ed25519", 4, PGPKeyPairGenerator::generateEd25519KeyPair),
        named("v4 Ed448", 4, PGPKeyPairGenerator::generateEd448KeyPair),
        named("v4 P-256", 4, PGPKeyPairGenerator::generateNistP256ECDSAKeyPair),
        named("v4 P-384", 4, PGPKeyPairGenerator::generateNistP384ECDSAKeyPair),
        named("v4 P-521", 4, PGPKeyPairGenerator::generateNistP521ECDSAKeyPair),
        named("v4 Brainpool", 4, PGPKeyPairGenerator::generateBrainpoolP256r1ECDSAKeyPair),
        named("v6 RSA", 6, generator -> generator.generateRsaKeyPair(2048)),
        named("v6 Ed25519", 6, PGPKeyPairGenerator::generateEd25519KeyPair),
        named("v6 Ed448", 6, PGPKeyPairGenerator::generateEd448KeyPair),
        named("v6 P-256", 6, PGPKeyPairGenerator::generateNistP256ECDSAKeyPair));
  }

  private static Named<PGPKeyPair> named(String name, int version, Pairs.Kind kind)
      throws Exception {
    return Named.of(name, Pairs.make(version, Pairs.MADE, kind));
  }

  @ParameterizedTest
  @MethodSource("primaryPairs")
  void keysOfAllKindsSign(PGPKeyPair pair) throws Exception {
    TestKey key = TestKey.usual(pair);
    String expected = "signed by " + key.fingerprint();
    assertEquals(expected, verdict(key));
    assertEquals(expected, verdict(key, key.signing().hash(HashAlgorithmTags.SHA512)));
    PGPKeyPair other = TestKey.usual(pair).signing().by();
    assertEquals(expected, verdict(key, Signing.by(other)));
  }

  @Test
  void aSubkeySignsForItsPrimaryKey() throws Exception {
    PGPKeyPair subkey = Pairs.sub();
    TestKey key = TestKey.certifying().subkey(Pairs.sub()).subkey(subkey);
    assertEquals(
        "signed by %s (subkey %s)"
            .formatted(key.fingerprint(), Certificate.fingerprint(subkey.getPublicKey())),
        verdict(key, Signing.by(subkey)));
  }

  @Test
  void aKeyOfVersion6NeedsNoUser() throws Exception {
    PGPKeyPair subkey =
        Pairs.make(6, Pairs.MADE, PGPKeyPairGenerator::generateEd25519KeyPair)
            .asSubkey(new BcKeyFingerprintCalculator());
    TestKey key =
        new TestKey(Pairs.make(6, Pairs.MADE, PGPKeyPairGenerator::generateEd25519KeyPair));
    key.direct(key.signing().saying(flags(CERTIFY))).subkey(subkey);
    assertEquals(
        "signed by %s (subkey %s)"
            .formatted(key.fingerprint(), Certificate.fingerprint(subkey.getPublicKey())),
        verdict(key, Signing.by(subkey)));
  }

  /// Statements of a key about itself, and what becomes of its signatures (KEY is its fingerprint).
  interface Case {
    TestKey of(TestKey key) throws Exception;
  }

  private static Arguments primary(String name, String verdict, Case made) {
    return Arguments.of(name, verdict, made);
  }

  private static Consumer<PGPSignatureSubpacketGenerator> reason(int reason) {
    return subpackets -> subpackets.setRevocationReason(false, (byte) reason, "it is so");
  }

  static Stream<Arguments> primaries() {
    String expired = "key KEY expired at 2026-05-31T00:00:00Z";
    return Stream.of(
        primary(
            "nothing is said of what it is for", "signed by KEY", key -> key.user(key.signing())),
        primary(
            "it is for other things",
            "key KEY is not for signing data",
            key -> key.user(key.signing().saying(flags(CERTIFY | ENCRYPT)))),
        primary(
            "it is for nothing",
            "key KEY is not for signing data",
            key -> key.user(key.signing().saying(flags(0)))),
        primary(
            "directly it is for signing",
            "signed by KEY",
            key ->
                key.direct(key.signing().saying(flags(SIGN)))
                    .user(key.signing().saying(flags(CERTIFY)))),
        primary(
            "directly it is not for signing, which goes before",
            "key KEY is not for signing data",
            key ->
                key.direct(key.signing().saying(flags(CERTIFY)))
                    .user(key.signing().at(NOW).saying(flags(SIGN)))),
        primary(
            "newer statements take the place of older ones",
            "signed by KEY",
            key ->
                key.user(key.signing().saying(flags(SIGN)).saying(expiring(NOW)))
                    .user(key.signing().at(NOW).saying(flags(SIGN)))
                    .add(
                        key.signing()
                            .at(NOW.minusSeconds(1))
                            .saying(expiring(NOW))
                            .userId(
                                PGPSignature.POSITIVE_CERTIFICATION, TestKey.USER, key.primary()))),
        primary("it expires later", "signed by KEY", until(NOW.plusSeconds(1))),
        primary("it expires now", "key KEY expired at 2026-06-01T00:00:00Z", until(NOW)),
        primary("it expired", expired, until(NOW.minus(Duration.ofDays(1)))),
        primary(
            "directly it expired",
            expired,
            key ->
                key.direct(key.signing().saying(expiring(NOW.minus(Duration.ofDays(1)))))
                    .user(key.signing())),
        primary(
            "no statement",
            "key KEY says nothing about itself that holds: no self-signature",
            key -> key),
        primary(
            "a user without a statement",
            "key KEY says nothing about itself that holds: no self-signature",
            key -> key.user(TestKey.USER)),
        primary(
            "a statement by somebody else",
            "key KEY says nothing about itself that holds: no self-signature",
            key -> key.user(Signing.by(Pairs.usual()))),
        primary(
            "a statement about another user",
            "key KEY says nothing about itself that holds: no self-signature",
            key ->
                key.user(TestKey.USER)
                    .add(
                        key.signing()
                            .userId(PGPSignature.POSITIVE_CERTIFICATION, "Eve", key.primary()))),
        primary(
            "a statement that expired",
            "key KEY says nothing about itself that holds: no self-signature",
            key ->
                key.user(
                    key.signing().saying(said -> said.setSignatureExpirationTime(true, 1000)))),
        primary(
            "a statement from before the key",
            "key KEY says nothing about itself that holds: no self-signature",
            key -> key.user(key.signing().at(Pairs.MADE.minusSeconds(1)))),
        primary(
            "a statement with MD5",
            "key KEY says nothing about itself that holds: no self-signature",
            key -> key.user(key.signing().hash(HashAlgorithmTags.MD5))),
        primary(
            "a statement with SHA-1, as old keys have it",
            "signed by KEY",
            key -> key.user(key.signing().hash(HashAlgorithmTags.SHA1))),
        primary(
            "a statement with a critical subpacket that nobody understands",
            "key KEY says nothing about itself that holds: no self-signature",
            key -> key.user(key.signing().saying(Signing.raw(101, true)))),
        primary(
            "the only user is revoked",
            "key KEY says nothing about itself that holds: no self-signature",
            key ->
                key.user(key.signing())
                    .add(
                        key.signing()
                            .userId(
                                PGPSignature.CERTIFICATION_REVOCATION,
                                TestKey.USER,
                                key.primary()))),
        primary(
            "somebody else revokes the user",
            "signed by KEY",
            key ->
                key.user(key.signing())
                    .add(
                        Signing.by(Pairs.usual())
                            .userId(
                                PGPSignature.CERTIFICATION_REVOCATION,
                                TestKey.USER,
                                key.primary()))),
        primary(
            "it is revoked",
            "key KEY is revoked",
            key -> key.revoked(key.signing()).user(key.signing())),
        primary(
            "it is revoked where the user stands",
            "key KEY is revoked",
            key -> key.user(key.signing()).subkey(Pairs.sub()).revoked(key.signing()).user("x")),
        primary(
            "it is superseded, which is no reason to trust it",
            "key KEY is revoked",
            key ->
                key.revoked(key.signing().saying(reason(RevocationReasonTags.KEY_SUPERSEDED)))
                    .user(key.signing().at(NOW))),
        primary(
            "it is revoked with an old digest and words nobody understands",
            "key KEY is revoked",
            key ->
                key.revoked(
                        key.signing().hash(HashAlgorithmTags.MD5).saying(Signing.raw(101, true)))
                    .user(key.signing())),
        primary(
            "somebody else revokes it",
            "signed by KEY",
            key -> key.revoked(Signing.by(Pairs.usual())).user(key.signing())),
        primary(
            "somebody else revokes it in its name",
            "signed by KEY",
            key ->
                key.revoked(
                        Signing.by(Pairs.usual())
                            .saying(said -> said.setIssuerFingerprint(false, key.primary())))
                    .user(key.signing())));
  }

  private static Case until(Instant expiry) {
    return key -> key.user(key.signing().saying(flags(CERTIFY | SIGN)).saying(expiring(expiry)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("primaries")
  void whatAPrimaryKeySaysOfItselfDecides(String name, String expected, Case made)
      throws Exception {
    TestKey key = made.of(new TestKey(Pairs.usual()));
    assertEquals(expected.replace("KEY", key.fingerprint()), verdict(key));
  }

  @SuppressWarnings("deprecation") // keys of today have it still
  @Test
  void whomTheKeyAppointedMayRevokeIt() throws Exception {
    PGPKeyPair revoker = Pairs.usual();
    TestKey key = new TestKey(Pairs.usual());
    key.direct(
            key.signing()
                .saying(said ->
                    said.addRevocationKey(
                        false,
                        revoker.getPublicKey().getAlgorithm(),
                        revoker.getPublicKey().getFingerprint())))
        .user(key.signing());
    assertEquals("signed by " + key.fingerprint(), verdict(key));
    byte[] revocation =
        Signing.by(revoker).key(PGPSignature.KEY_REVOCATION, key.primary()).getEncoded();
    byte[] ring =
        Messages.join(key.ring(), Messages.packet(Packets.PUBLIC_KEY, contents(key)), revocation);
    assertEquals(
        "key " + key.fingerprint() + " is revoked",
        Verdicts.of(key.signing(), Verdicts.ring(ring)));
  }

  private static byte[] contents(TestKey key) throws Exception {
    return key.primary().getPublicKeyPacket().getEncodedContents();
  }

  @Test
  void aRevocationCountsInWhicheverRingItStands() throws Exception {
    TestKey key = TestKey.usual();
    TestKey revoked = new TestKey(key.signing().by()).revoked(key.signing());
    for (KeyRing ring :
        new KeyRing[] {
          Verdicts.ring(key.ring(), revoked.ring()), Verdicts.ring(revoked.ring(), key.ring())
        }) {
      assertEquals("key " + key.fingerprint() + " is revoked", Verdicts.of(key.signing(), ring));
    }
  }

  @Test
  void aRevocationThatStandsAloneCounts() throws Exception {
    TestKey key = TestKey.usual();
    TestKey other = TestKey.usual();
    byte[] revocation = key.signing().key(PGPSignature.KEY_REVOCATION, key.primary()).getEncoded();
    KeyRing ring = Verdicts.ring(Messages.join(key.ring(), other.ring(), revocation));
    assertEquals("key " + key.fingerprint() + " is revoked", Verdicts.of(key.signing(), ring));
    assertEquals("signed by " + other.fingerprint(), Verdicts.of(other.signing(), ring));
  }

  @Test
  void aKeyFromTheFutureSignsNothing() throws Exception {
    PGPKeyPair pair =
        Pairs.make(4, NOW.plusSeconds(1), PGPKeyPairGenerator::generateLegacyEd25519KeyPair);
    TestKey key = new TestKey(pair);
    key.user(key.signing().at(NOW.plusSeconds(2)));
    assertEquals(
        "key %s was made in the future, at 2026-06-01T00:00:01Z".formatted(key.fingerprint()),
        verdict(key, key.signing().at(NOW.plusSeconds(2))));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        HashAlgorithmTags.SHA256,
        HashAlgorithmTags.SHA384,
        HashAlgorithmTags.SHA512,
        HashAlgorithmTags.SHA224,
        HashAlgorithmTags.SHA3_256,
        HashAlgorithmTags.SHA3_512
      })
  void dataAreDigestedByStrongAlgorithms(int hash) throws Exception {
    TestKey key = TestKey.usual();
    assertEquals("signed by " + key.fingerprint(), verdict(key, key.signing().hash(hash)));
  }
}
