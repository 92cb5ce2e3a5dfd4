package io.sealift.browse;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// A sink that passes over a layer and writes one regular file's content, holes as zeros. The bytes
/// go out while the layer streams by and are proved only when the whole layer was: who must not see
/// unproved bytes gives a channel that holds them back.
public final class FileExtractor implements TreeSink {

  /// Bytes of zeros that are written at once.
  private static final int ZEROS = 64 * 1024;

  private final FileContent wanted;
  private final WritableByteChannel into;
  private long files;
  private boolean found;

  /// @param into stays open
  /// @param maxBytes bytes that the file may have at most
  public FileExtractor(FileContent wanted, WritableByteChannel into, long maxBytes)
      throws UnsafeContentException {
    if (wanted.size() > maxBytes) {
      throw new UnsafeContentException(
          "extract file: %d bytes are more than the %d allowed".formatted(wanted.size(), maxBytes));
    }
    this.wanted = wanted;
    this.into = into;
  }

  @Override
  public Body file(LayerPath path, Attributes attributes, long size) throws StoreException {
    if (files++ != wanted.ordinal()) {
      return new Content(0);
    }
    if (size != wanted.size()) {
      throw new StoreException(
          "extract %s: expected %d bytes, found %d; the layer is not the one that was listed"
              .formatted(path, wanted.size(), size));
    }
    found = true;
    return new Content(size);
  }

  /// @throws StoreException when the layer did not have the file
  @Override
  public TreeSummary finish() throws StoreException {
    if (!found) {
      throw new StoreException(
          "extract file: expected more than %d files in the layer, found %d; it is not the one that was listed"
              .formatted(wanted.ordinal(), files));
    }
    return TreeSummary.NOTHING;
  }

  @Override
  public void directory(LayerPath path, Attributes attributes) {}

  @Override
  public void symlink(LayerPath path, byte[] target, Attributes attributes) {}

  @Override
  public void hardLink(LayerPath path, LayerPath target) {}

  @Override
  public void fifo(LayerPath path, Attributes attributes) {}

  @Override
  public void device(
      LayerPath path, DeviceKind kind, int major, int minor, Attributes attributes) {}

  @Override
  public void whiteout(LayerPath path) {}

  @Override
  public void opaque(LayerPath path) {}

  @Override
  public void close() {}

  /// The content of one file up to `size`; 0 for a file that is not wanted.
  private final class Content implements Body {

    private final long size;
    private long written;

    Content(long size) {
      this.size = size;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws StoreException {
      if (size == 0) {
        bytes.position(bytes.limit());
        return;
      }
      fill(offset);
      written += bytes.remaining();
      put(bytes);
    }

    @Override
    public void close() throws StoreException {
      fill(size);
    }

    private void fill(long offset) throws StoreException {
      while (written < offset) {
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(ZEROS, offset - written));
        written += zeros.remaining();
        put(zeros);
      }
    }

    private void put(ByteBuffer bytes) throws StoreException {
      try {
        while (bytes.hasRemaining()) {
          into.write(bytes);
        }
      } catch (IOException failed) {
        throw new StoreException("extract file: write: %s".formatted(failed), failed);
      }
    }
  }
}
