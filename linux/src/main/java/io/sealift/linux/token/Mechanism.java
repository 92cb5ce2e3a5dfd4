package io.sealift.linux.token;

/// How a private RSA key of a token decrypts.
public enum Mechanism {
  /// `CKM_RSA_PKCS_OAEP` with SHA-1 for the label and in MGF1; the label is empty.
  OAEP_SHA1(9, 0x220, 1),

  /// `CKM_RSA_PKCS_OAEP` with SHA-256 for both.
  OAEP_SHA256(9, 0x250, 2),

  /// `CKM_RSA_X_509`: the number alone, as many bytes as the modulus has. Whoever asks for it has
  /// to see to the padding.
  RAW(3, 0, 0);

  final long number;
  final long hash;
  final long maskGeneration;

  Mechanism(long number, long hash, long maskGeneration) {
    this.number = number;
    this.hash = hash;
    this.maskGeneration = maskGeneration;
  }

  boolean hasParameters() {
    return hash != 0;
  }
}
