package io.sealift.simple;

import static io.sealift.simple.TestKey.ENCRYPT;
import static io.sealift.simple.TestKey.NOW;
import static io.sealift.simple.TestKey.SIGN;
import static io.sealift.simple.TestKey.expiring;
import static io.sealift.simple.TestKey.flags;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.sig.RevocationReasonTags;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPSignature;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Which subkeys may sign: what their primary keys, and they themselves, say of them.
class SubkeyTest {

  /// A subkey and how it stands in its ring (SUB is its fingerprint, KEY the primary's).
  interface SubkeyCase {
    TestKey of(TestKey key, PGPKeyPair subkey) throws Exception;
  }

  private static Arguments subkey(String name, String verdict, SubkeyCase made) {
    return Arguments.of(name, verdict, made);
  }

  /// A binding that says what it is for and that the subkey agrees.
  private static Signing sound(TestKey key, PGPKeyPair subkey) throws Exception {
    return key.signing().saying(flags(SIGN)).saying(key.agreed(Signing.by(subkey)));
  }

  static Stream<Arguments> subkeys() {
    String unbound = "subkey SUB is not bound to key KEY";
    String disagreeing =
        "subkey SUB does not agree to belong to its primary key: no back signature";
    return Stream.of(
        subkey(
            "sound", "signed by KEY (subkey SUB)", (key, sub) -> key.subkey(sub, sound(key, sub))),
        subkey(
            "nothing is said of what it is for",
            "signed by KEY (subkey SUB)",
            (key, sub) -> key.subkey(sub, key.signing().saying(key.agreed(Signing.by(sub))))),
        subkey(
            "it is for other things",
            "key SUB is not for signing data",
            (key, sub) ->
                key.subkey(
                    sub, key.signing().saying(flags(ENCRYPT)).saying(key.agreed(Signing.by(sub))))),
        subkey("no binding", unbound, (key, sub) -> key.unbound(sub)),
        subkey(
            "a binding by somebody else",
            unbound,
            (key, sub) ->
                key.subkey(sub, Signing.by(Pairs.usual()).saying(key.agreed(Signing.by(sub))))),
        subkey(
            "a binding of another subkey",
            unbound,
            (key, sub) ->
                key.unbound(sub)
                    .add(
                        sound(key, sub)
                            .both(
                                PGPSignature.SUBKEY_BINDING,
                                key.primary(),
                                Pairs.sub().getPublicKey()))),
        subkey(
            "a binding by itself",
            unbound,
            (key, sub) -> key.subkey(sub, Signing.by(sub).saying(key.agreed(Signing.by(sub))))),
        subkey(
            "a binding that expired",
            unbound,
            (key, sub) ->
                key.subkey(
                    sub, sound(key, sub).saying(said -> said.setSignatureExpirationTime(true, 1)))),
        subkey(
            "a binding with MD5",
            unbound,
            (key, sub) -> key.subkey(sub, sound(key, sub).hash(HashAlgorithmTags.MD5))),
        subkey(
            "no back signature",
            disagreeing,
            (key, sub) -> key.subkey(sub, key.signing().saying(flags(SIGN)))),
        subkey(
            "a back signature by somebody else",
            disagreeing,
            (key, sub) -> {
              PGPSignature back =
                  Signing.by(Pairs.sub())
                      .both(PGPSignature.PRIMARYKEY_BINDING, key.primary(), sub.getPublicKey());
              return key.subkey(sub, embedding(key, back));
            }),
        subkey(
            "a back signature to another primary key",
            disagreeing,
            (key, sub) ->
                key.subkey(
                    sub,
                    key.signing()
                        .saying(flags(SIGN))
                        .saying(TestKey.usual().agreed(Signing.by(sub))))),
        subkey(
            "a back signature that is of another type",
            disagreeing,
            (key, sub) -> {
              PGPSignature back =
                  Signing.by(sub)
                      .both(PGPSignature.SUBKEY_BINDING, key.primary(), sub.getPublicKey());
              return key.subkey(sub, embedding(key, back));
            }),
        subkey(
            "a back signature with MD5",
            disagreeing,
            (key, sub) ->
                key.subkey(
                    sub,
                    key.signing()
                        .saying(flags(SIGN))
                        .saying(key.agreed(Signing.by(sub).hash(HashAlgorithmTags.MD5))))),
        subkey(
            "a back signature that is none",
            disagreeing,
            (key, sub) ->
                key.subkey(sub, key.signing().saying(flags(SIGN)).saying(Signing.raw(32, false)))),
        subkey(
            "it expired",
            "subkey SUB expired at 2026-05-31T23:59:59Z",
            (key, sub) -> key.subkey(sub, sound(key, sub).saying(expiring(NOW.minusSeconds(1))))),
        subkey(
            "its newest binding says that it did not expire",
            "signed by KEY (subkey SUB)",
            (key, sub) ->
                key.subkey(sub, sound(key, sub).saying(expiring(NOW)))
                    .add(binding(key, sub, sound(key, sub).at(NOW)))
                    .add(binding(key, sub, sound(key, sub).saying(expiring(NOW))))),
        subkey(
            "it is revoked",
            "subkey SUB is revoked",
            (key, sub) ->
                key.subkey(sub, sound(key, sub)).add(revocation(key, sub, key.signing()))),
        subkey(
            "it is revoked, and bound again later",
            "subkey SUB is revoked",
            (key, sub) ->
                key.subkey(sub, sound(key, sub).at(NOW))
                    .add(
                        revocation(
                            key,
                            sub,
                            key.signing()
                                .saying(said ->
                                    said.setRevocationReason(
                                        false, RevocationReasonTags.KEY_RETIRED, ""))))),
        subkey(
            "it is revoked where another subkey stands",
            "subkey SUB is revoked",
            (key, sub) ->
                key.subkey(sub, sound(key, sub))
                    .subkey(Pairs.sub())
                    .add(revocation(key, sub, key.signing()))),
        subkey(
            "another subkey is revoked",
            "signed by KEY (subkey SUB)",
            (key, sub) ->
                key.subkey(sub, sound(key, sub)).add(revocation(key, Pairs.sub(), key.signing()))),
        subkey(
            "somebody else revokes it",
            "signed by KEY (subkey SUB)",
            (key, sub) ->
                key.subkey(sub, sound(key, sub))
                    .add(revocation(key, sub, Signing.by(Pairs.usual())))),
        subkey(
            "its primary key expired",
            "key KEY expired at 2026-06-01T00:00:00Z",
            (key, sub) ->
                key.direct(key.signing().saying(expiring(NOW))).subkey(sub, sound(key, sub))),
        subkey(
            "its primary key is revoked",
            "key KEY is revoked",
            (key, sub) -> key.revoked(key.signing()).subkey(sub, sound(key, sub))));
  }

  private static Signing embedding(TestKey key, PGPSignature back) {
    return key.signing()
        .saying(flags(SIGN))
        .saying(said -> {
          try {
            said.addEmbeddedSignature(false, back);
          } catch (java.io.IOException impossible) {
            throw new IllegalStateException(impossible);
          }
        });
  }

  private static PGPSignature binding(TestKey key, PGPKeyPair subkey, Signing signing)
      throws Exception {
    return signing.both(PGPSignature.SUBKEY_BINDING, key.primary(), subkey.getPublicKey());
  }

  private static PGPSignature revocation(TestKey key, PGPKeyPair subkey, Signing signing)
      throws Exception {
    return signing.both(PGPSignature.SUBKEY_REVOCATION, key.primary(), subkey.getPublicKey());
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("subkeys")
  void whatIsSaidOfASubkeyDecides(String name, String expected, SubkeyCase made) throws Exception {
    TestKey bare = new TestKey(Pairs.usual());
    PGPKeyPair subkey = Pairs.sub();
    // What is said directly has to stand before the user, what is said of the subkey behind.
    TestKey key = made.of(bare, subkey);
    byte[] ring = Messages.join(key.ring(), TestKey.usual(bare.signing().by()).ring());
    assertEquals(
        expected
            .replace("KEY", key.fingerprint())
            .replace("SUB", Certificate.fingerprint(subkey.getPublicKey())),
        Verdicts.of(Signing.by(subkey), Verdicts.ring(ring)));
  }
}
