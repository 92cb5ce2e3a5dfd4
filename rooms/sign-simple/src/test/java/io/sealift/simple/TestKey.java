package io.sealift.simple;

import io.sealift.policy.Material;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Consumer;
import org.bouncycastle.bcpg.BCPGOutputStream;
import org.bouncycastle.bcpg.ContainedPacket;
import org.bouncycastle.bcpg.UserIDPacket;
import org.bouncycastle.bcpg.sig.KeyFlags;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;

/// A primary key and what stands behind it in its ring, packet by packet, sound or not.
final class TestKey {

  /// When signatures are examined.
  static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  static final String USER = "Ada <ada@example.org>";

  static final int CERTIFY = KeyFlags.CERTIFY_OTHER;
  static final int SIGN = KeyFlags.SIGN_DATA;
  static final int ENCRYPT = KeyFlags.ENCRYPT_COMMS;

  private final PGPKeyPair pair;
  private final ByteArrayOutputStream packets = new ByteArrayOutputStream();

  /// A primary key with nothing behind it.
  TestKey(PGPKeyPair pair) throws IOException {
    this.pair = pair;
    add(pair.getPublicKey().getPublicKeyPacket());
  }

  /// A key of a user who signs with it.
  static TestKey usual() throws Exception {
    return usual(Pairs.usual());
  }

  static TestKey usual(PGPKeyPair pair) throws Exception {
    TestKey key = new TestKey(pair);
    return key.user(key.signing().saying(flags(CERTIFY | SIGN)));
  }

  /// A key that others are bound to, and that only does that.
  static TestKey certifying() throws Exception {
    TestKey key = new TestKey(Pairs.usual());
    return key.user(key.signing().saying(flags(CERTIFY)));
  }

  static Consumer<PGPSignatureSubpacketGenerator> flags(int flags) {
    return subpackets -> subpackets.setKeyFlags(true, flags);
  }

  static Consumer<PGPSignatureSubpacketGenerator> expiring(Instant at) {
    return subpackets ->
        subpackets.setKeyExpirationTime(true, at.getEpochSecond() - Pairs.MADE.getEpochSecond());
  }

  PGPPublicKey primary() {
    return pair.getPublicKey();
  }

  String fingerprint() {
    return Certificate.fingerprint(primary());
  }

  Signing signing() {
    return Signing.by(pair);
  }

  /// A user id with a statement of this kind.
  TestKey user(Signing signing) throws Exception {
    return user(USER).add(signing.userId(PGPSignature.POSITIVE_CERTIFICATION, USER, primary()));
  }

  /// A user id with nothing behind it yet.
  TestKey user(String userId) throws IOException {
    return add(new UserIDPacket(userId));
  }

  /// A statement of the key about itself.
  TestKey direct(Signing signing) throws Exception {
    return add(signing.key(PGPSignature.DIRECT_KEY, primary()));
  }

  TestKey revoked(Signing signing) throws Exception {
    return add(signing.key(PGPSignature.KEY_REVOCATION, primary()));
  }

  /// A subkey for signing, bound and agreeing.
  TestKey subkey(PGPKeyPair subkey) throws Exception {
    return subkey(subkey, signing().saying(flags(SIGN)).saying(agreed(Signing.by(subkey))));
  }

  /// A subkey with a binding of this kind.
  TestKey subkey(PGPKeyPair subkey, Signing binding) throws Exception {
    return unbound(subkey)
        .add(binding.both(PGPSignature.SUBKEY_BINDING, primary(), subkey.getPublicKey()));
  }

  TestKey unbound(PGPKeyPair subkey) throws IOException {
    return add(subkey.getPublicKey().getPublicKeyPacket());
  }

  /// The signature by a subkey inside its binding.
  Consumer<PGPSignatureSubpacketGenerator> agreed(Signing bySubkey) throws Exception {
    PGPPublicKey subkey = bySubkey.by().getPublicKey();
    PGPSignature back = bySubkey.both(PGPSignature.PRIMARYKEY_BINDING, primary(), subkey);
    return subpackets -> {
      try {
        subpackets.addEmbeddedSignature(false, back);
      } catch (IOException impossible) {
        throw new IllegalStateException(impossible);
      }
    };
  }

  TestKey add(PGPSignature signature) throws IOException {
    packets.write(signature.getEncoded());
    return this;
  }

  private TestKey add(ContainedPacket packet) throws IOException {
    BCPGOutputStream out = new BCPGOutputStream(packets);
    packet.encode(out);
    out.flush();
    return this;
  }

  /// The ring, binary.
  byte[] ring() {
    return packets.toByteArray();
  }

  /// The ring as text.
  byte[] armoured() {
    String text =
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: a test's\n\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(ring())
            + "\n=AAAA\n-----END PGP PUBLIC KEY BLOCK-----\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  Material material() {
    return new Material.Given("ring of " + fingerprint(), ring());
  }
}
