package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.oci.MediaType;
import io.sealift.verify.Hasher;
import io.sealift.verify.JcaHashing;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One image in memory, sound or not.
public final class MemorySource implements ImageSource {

  private final Map<String, byte[]> blobs = new HashMap<>();
  private ManifestBytes root = new ManifestBytes(new byte[0], null, null);

  /// What the name leads to.
  ///
  /// @param digest what is said of it; null when nothing is
  public MemorySource root(byte[] bytes, @Nullable MediaType declared, @Nullable Digest digest) {
    root = new ManifestBytes(bytes, declared, digest);
    return this;
  }

  /// A blob under its own digest.
  public MemorySource blob(byte[] bytes) {
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      blob(digest(algorithm, bytes).toString(), bytes);
    }
    return this;
  }

  /// A blob under any digest.
  public MemorySource blob(String digest, byte[] bytes) {
    blobs.put(digest, bytes);
    return this;
  }

  public static Digest digest(DigestAlgorithm algorithm, byte[] bytes) {
    try (Hasher hasher = new JcaHashing().open(algorithm)) {
      hasher.update(ByteBuffer.wrap(bytes));
      return hasher.digest();
    }
  }

  @Override
  public String place() {
    return "memory";
  }

  @Override
  public ManifestBytes manifest() {
    return root;
  }

  @Override
  public ManifestBytes manifest(Descriptor child) throws ImageException {
    return new ManifestBytes(find(child), child.mediaType(), child.digest());
  }

  @Override
  public BlobStream open(Descriptor blob) throws ImageException {
    ByteBuffer content = ByteBuffer.wrap(find(blob));
    return new BlobStream() {
      @Override
      public int read(ByteBuffer into) {
        if (!content.hasRemaining()) {
          return -1;
        }
        int count = Math.min(content.remaining(), into.remaining());
        into.put(content.slice(content.position(), count));
        content.position(content.position() + count);
        return count;
      }

      @Override
      public void close() {}
    };
  }

  private byte[] find(Descriptor blob) throws NotFoundException {
    byte[] bytes = blobs.get(blob.digest().toString());
    if (bytes == null) {
      throw new NotFoundException("open " + blob.digest() + ": not in memory");
    }
    return bytes;
  }

  @Override
  public Optional<ManifestBytes> tagged(String tag) {
    return Optional.empty();
  }

  @Override
  public List<Descriptor> referrers(Digest subject, int limit) {
    return List.of();
  }

  @Override
  public List<byte[]> simpleSignatures(Digest manifest, int limit, int maxBytes) {
    return List.of();
  }

  @Override
  public void close() {}
}
