package io.sealift.crypt;

import io.sealift.failure.IntegrityException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.DiffId;
import io.sealift.verify.ExpectedBytes;
import io.sealift.verify.Hashing;
import io.sealift.verify.Verification;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/// One encrypted layer whose key was opened. The one who got it closes it, which clears the key.
public final class Decryption implements AutoCloseable {

  private final Descriptor layer;
  private final String scheme;
  private final LayerKey key;
  private final byte[] expectedHmac;

  Decryption(Descriptor layer, String scheme, LayerKey key, byte[] expectedHmac) {
    this.layer = layer;
    this.scheme = scheme;
    this.key = key;
    this.expectedHmac = expectedHmac;
  }

  /// The scheme of the wrapped key that was opened, see {@link WrappedKey#scheme}.
  public String scheme() {
    return scheme;
  }

  /// What tells whether another descriptor was encrypted with the same key, without telling the
  /// key: whoever knows the key knows the layer.
  public String seal() {
    return key.seal();
  }

  /// The layer's bytes on their way through the cipher; the caller closes it before this.
  ///
  /// @param diffId that the caller proves. Writers that compress and encrypt at once (skopeo, of a
  ///   plain layer) name the tar instead of what they encrypted; then it is that
  public Stream begin(LayerCipher cipher, Hashing hashing, DiffId diffId) {
    return new Stream(
        cipher.open(key),
        key.plainDigest()
            .filter(digest -> !new DiffId(digest).equals(diffId))
            .map(digest ->
                new ExpectedBytes(
                        "decrypted layer " + layer.digest(), digest, ExpectedBytes.UNKNOWN_SIZE)
                    .begin(hashing))
            .orElse(null));
  }

  @Override
  public void close() {
    key.close();
  }

  /// From {@link Decryption#begin} through {@link #decrypt} to {@link #complete}. Used by one
  /// thread.
  public final class Stream implements AutoCloseable {

    private final LayerCipher.Stream cipher;
    private final @Nullable Verification plain;

    private Stream(LayerCipher.Stream cipher, @Nullable Verification plain) {
      this.cipher = cipher;
      this.plain = plain;
    }

    /// Decrypts the buffer's remaining bytes where they are; position and limit stay. Nothing is
    /// proved about them yet.
    public void decrypt(ByteBuffer bytes) throws IntegrityException {
      cipher.decrypt(bytes);
      if (plain != null) {
        plain.update(bytes.duplicate());
      }
    }

    /// Ends the layer: its ciphertext had the HMAC, and its plain bytes the digest, that belong to
    /// it.
    public void complete() throws IntegrityException {
      if (!MessageDigest.isEqual(cipher.hmac(), expectedHmac)) {
        throw new IntegrityException(
            "decrypt layer %s: the HMAC is wrong; the layer, its public options or its key were"
                    .formatted(layer.digest())
                + " changed");
      }
      if (plain != null) {
        plain.complete();
      }
    }

    @Override
    public void close() {
      cipher.close();
      if (plain != null) {
        plain.close();
      }
    }
  }
}
