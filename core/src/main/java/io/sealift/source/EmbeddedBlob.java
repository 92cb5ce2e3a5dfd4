package io.sealift.source;

import io.sealift.oci.EmbeddedData;
import java.nio.ByteBuffer;

/// A blob that its descriptor brought along. As little proved as one from anywhere else.
public final class EmbeddedBlob implements BlobStream {

  private final ByteBuffer bytes;

  public EmbeddedBlob(EmbeddedData data) {
    this.bytes = ByteBuffer.wrap(data.bytes());
  }

  @Override
  public int read(ByteBuffer into) {
    if (!bytes.hasRemaining()) {
      return -1;
    }
    int count = Math.min(bytes.remaining(), into.remaining());
    into.put(bytes.slice(bytes.position(), count));
    bytes.position(bytes.position() + count);
    return count;
  }

  @Override
  public void close() {}
}
