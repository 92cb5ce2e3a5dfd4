package io.sealift.crypt;

import java.nio.ByteBuffer;

/// The cipher of encrypted layers, `AES_256_CTR_HMAC_SHA256` (ocicrypt): AES-256 in counter mode,
/// the counter being the whole block, big-endian, and HMAC-SHA256 over the ciphertext under the
/// same key. A seam between the cipher and what computes it fastest here. Thread-safe; its streams
/// are not.
public interface LayerCipher {

  /// What does the work, for people: `JCA`, `libcrypto 3.0`.
  String name();

  /// A stream at the layer's first byte; the caller closes it, and the key not before that.
  Stream open(LayerKey key);

  /// One layer on its way.
  interface Stream extends AutoCloseable {

    /// Adds the buffer's remaining bytes to the HMAC and decrypts them where they are. The buffer
    /// is direct; its position and limit stay.
    void decrypt(ByteBuffer bytes);

    /// The HMAC of all ciphertext so far. Ends the stream: only {@link #close} may follow.
    byte[] hmac();

    @Override
    void close();
  }
}
