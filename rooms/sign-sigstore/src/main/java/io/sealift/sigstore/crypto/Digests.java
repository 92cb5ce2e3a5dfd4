package io.sealift.sigstore.crypto;

import io.sealift.oci.DigestAlgorithm;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;

/// Digests of what is held whole.
public final class Digests {

  private Digests() {}

  /// SHA-256 of the parts one after the other.
  public static byte[] sha256(byte[]... parts) {
    return digest(DigestAlgorithm.SHA256, parts);
  }

  public static byte[] digest(DigestAlgorithm algorithm, byte[]... parts) {
    return digest(algorithm.javaName(), parts);
  }

  /// SHA-1, where an old format demands it and nothing depends on it.
  public static byte[] sha1(byte[] bytes) {
    return digest("SHA-1", bytes);
  }

  private static byte[] digest(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("this Java platform lacks " + algorithm, missing);
    }
  }

  /// Whether bytes are those that a digest was expected to be.
  public static boolean equal(byte[] expected, byte[] actual) {
    return MessageDigest.isEqual(expected, actual);
  }

  /// The algorithm by any of the names that formats of Sigstore have for it: `sha256`, `SHA2_256`.
  public static Optional<DigestAlgorithm> named(String name) {
    return DigestAlgorithm.of(name.toLowerCase(Locale.ROOT).replace("sha2_", "sha"));
  }
}
