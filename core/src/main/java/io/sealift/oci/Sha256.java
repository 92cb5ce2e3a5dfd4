package io.sealift.oci;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Digests of what is made here, such as chain ids; what comes from outside is digested where it is
/// verified.
final class Sha256 {

  private Sha256() {}

  static Digest of(byte[] bytes) {
    try {
      byte[] value = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new Digest(DigestAlgorithm.SHA256, HexFormat.of().formatHex(value));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("this Java platform lacks SHA-256", missing);
    }
  }
}
