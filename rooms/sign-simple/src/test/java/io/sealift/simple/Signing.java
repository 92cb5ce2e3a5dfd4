package io.sealift.simple;

import java.time.Instant;
import java.util.Date;
import java.util.function.Consumer;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.SignatureSubpacket;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.PGPOnePassSignature;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;

/// How something is to be signed: by whom, with which digest, when, and with what in the signed
/// subpackets. Immutable.
record Signing(PGPKeyPair by, int hash, Instant at, Consumer<PGPSignatureSubpacketGenerator> says) {

  /// Soon after keys of tests are made, with SHA-256, saying nothing.
  static Signing by(PGPKeyPair pair) {
    return new Signing(
        pair, HashAlgorithmTags.SHA256, Pairs.MADE.plusSeconds(60), subpackets -> {});
  }

  Signing hash(int value) {
    return new Signing(by, value, at, says);
  }

  Signing at(Instant value) {
    return new Signing(by, hash, value, says);
  }

  Signing saying(Consumer<PGPSignatureSubpacketGenerator> more) {
    return new Signing(by, hash, at, says.andThen(more));
  }

  /// A subpacket of one byte, of a type that may be anybody's.
  static Consumer<PGPSignatureSubpacketGenerator> raw(int type, boolean critical) {
    return subpackets -> subpackets.addCustomSubpacket(new Raw(type, critical));
  }

  private static final class Raw extends SignatureSubpacket {
    Raw(int type, boolean critical) {
      super(type, critical, false, new byte[1]);
    }
  }

  /// A signature and what may be written before it.
  record OnePass(PGPOnePassSignature announcement, PGPSignature signature) {}

  OnePass data(int type, byte[] data) throws PGPException {
    PGPSignatureGenerator generator = generator(type);
    PGPOnePassSignature announcement = generator.generateOnePassVersion(false);
    generator.update(data);
    return new OnePass(announcement, generator.generate());
  }

  /// A statement about the key itself.
  PGPSignature key(int type, PGPPublicKey key) throws PGPException {
    return generator(type).generateCertification(key);
  }

  PGPSignature userId(int type, String userId, PGPPublicKey primary) throws PGPException {
    return generator(type).generateCertification(userId, primary);
  }

  /// A statement about a primary key and a subkey.
  PGPSignature both(int type, PGPPublicKey primary, PGPPublicKey subkey) throws PGPException {
    return generator(type).generateCertification(primary, subkey);
  }

  private PGPSignatureGenerator generator(int type) throws PGPException {
    PGPPublicKey key = by.getPublicKey();
    PGPSignatureGenerator generator =
        new PGPSignatureGenerator(new BcPGPContentSignerBuilder(key.getAlgorithm(), hash), key);
    generator.init(type, by.getPrivateKey());
    PGPSignatureSubpacketGenerator subpackets = new PGPSignatureSubpacketGenerator();
    subpackets.setIssuerFingerprint(false, key);
    subpackets.setSignatureCreationTime(true, Date.from(at));
    says.accept(subpackets);
    generator.setHashedSubpackets(subpackets.generate());
    return generator;
  }
}
