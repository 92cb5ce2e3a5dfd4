package io.sealift.pgp;

import org.bouncycastle.bcpg.KeyIdentifier;
import org.bouncycastle.openpgp.PGPKeyPair;

/// An unlocked key for decrypting.
record SecretKey(KeyIdentifier identifier, PGPKeyPair key) {

  /// Nothing of the key itself.
  @Override
  public String toString() {
    return "secret key " + identifier;
  }
}
