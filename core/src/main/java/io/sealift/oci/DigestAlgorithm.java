package io.sealift.oci;

import java.util.Optional;

/// The digest algorithms that content may be addressed by (OCI image specification, descriptor.md,
/// registered algorithms; sha384 as go-digest accepts it).
public enum DigestAlgorithm {
  SHA256("sha256", "SHA-256", 64),
  SHA384("sha384", "SHA-384", 96),
  SHA512("sha512", "SHA-512", 128);

  private final String label;
  private final String javaName;
  private final int hexLength;

  DigestAlgorithm(String label, String javaName, int hexLength) {
    this.label = label;
    this.javaName = javaName;
    this.hexLength = hexLength;
  }

  /// The algorithm with this label, such as `sha256`.
  public static Optional<DigestAlgorithm> of(String label) {
    for (DigestAlgorithm algorithm : values()) {
      if (algorithm.label.equals(label)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  /// The name before the colon of a digest.
  public String label() {
    return label;
  }

  /// The name in the Java security API.
  public String javaName() {
    return javaName;
  }

  /// Hexadecimal digits of a digest.
  public int hexLength() {
    return hexLength;
  }
}
