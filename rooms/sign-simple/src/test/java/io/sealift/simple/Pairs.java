package io.sealift.simple;

import java.time.Instant;
import java.util.Date;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyPair;
import org.bouncycastle.openpgp.operator.PGPKeyPairGenerator;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPairGeneratorProvider;

/// Pairs of OpenPGP keys, made on the spot.
final class Pairs {

  /// When the keys of tests are made.
  static final Instant MADE = Instant.parse("2026-01-01T00:00:00Z");

  private Pairs() {}

  /// Makes a pair of some algorithm.
  interface Kind {
    PGPKeyPair make(PGPKeyPairGenerator generator) throws PGPException;
  }

  static PGPKeyPair make(int version, Instant made, Kind kind) throws PGPException {
    return kind.make(new BcPGPKeyPairGeneratorProvider().get(version, Date.from(made)));
  }

  /// Version 4, Ed25519: small and fast.
  static PGPKeyPair usual() throws PGPException {
    return make(4, MADE, PGPKeyPairGenerator::generateLegacyEd25519KeyPair);
  }

  /// The same, for a subkey.
  static PGPKeyPair sub() throws PGPException {
    return usual().asSubkey(new BcKeyFingerprintCalculator());
  }
}
