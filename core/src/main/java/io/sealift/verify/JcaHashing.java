package io.sealift.verify;

import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Digests by the Java platform; always there, and fast once the second compiler has seen them.
public final class JcaHashing implements Hashing {

  @Override
  public String name() {
    return "JCA";
  }

  @Override
  public Hasher open(DigestAlgorithm algorithm) {
    return new JcaHasher(algorithm);
  }

  private static final class JcaHasher implements Hasher {

    private final DigestAlgorithm algorithm;
    private final MessageDigest digest;

    JcaHasher(DigestAlgorithm algorithm) {
      this.algorithm = algorithm;
      try {
        this.digest = MessageDigest.getInstance(algorithm.javaName());
      } catch (NoSuchAlgorithmException missing) {
        throw new IllegalStateException(
            "this Java platform lacks " + algorithm.javaName(), missing);
      }
    }

    @Override
    public void update(ByteBuffer bytes) {
      digest.update(bytes);
    }

    @Override
    public Digest digest() {
      return new Digest(algorithm, HexFormat.of().formatHex(digest.digest()));
    }

    @Override
    public void close() {
      digest.reset();
    }
  }
}
