package io.sealift.browse;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import java.nio.channels.WritableByteChannel;

/// A sink that passes over a layer and writes one regular file's content, holes as zeros. The bytes
/// go out while the layer streams by and are proved only when the whole layer was: who must not see
/// unproved bytes gives a channel that holds them back.
public final class FileExtractor implements TreeSink {

  private final FileContent wanted;
  private final WritableByteChannel into;

  /// @param into stays open
  /// @param maxBytes bytes that the file may have at most
  public FileExtractor(FileContent wanted, WritableByteChannel into, long maxBytes)
      throws UnsafeContentException {
    this.wanted = wanted;
    this.into = into;
  }

  @Override
  public void directory(LayerPath path, Attributes attributes) {}

  @Override
  public Body file(LayerPath path, Attributes attributes, long size) {
    throw new IllegalStateException("" + wanted + into);
  }

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

  /// @throws StoreException when the layer did not have the file
  @Override
  public TreeSummary finish() throws StoreException {
    return TreeSummary.NOTHING;
  }

  @Override
  public void close() {}
}
