package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The regular file that a sink writes now; one object for all of them. From {@link #begin} until
/// {@link #close}, again and again.
final class FileBody implements TreeSink.Body {

  /// Bytes of a heap buffer that are brought into native memory at once.
  private static final int STEP_BYTES = 64 << 10;

  private static final int CLOSED = -1;

  private final Kernel kernel;
  private final AttributeWriter writer;
  private int descriptor = CLOSED;
  private @Nullable File file;
  private long end;
  private @Nullable MemorySegment step;

  /// What was begun.
  private record File(LayerPath entry, Directory parent, Attributes attributes, long size) {}

  FileBody(Kernel kernel, AttributeWriter writer) {
    this.kernel = kernel;
    this.writer = writer;
  }

  /// @param descriptor taken over
  /// @param parent stays open until the file is closed
  FileBody begin(
      int descriptor, LayerPath entry, Directory parent, Attributes attributes, long size) {
    this.descriptor = descriptor;
    this.file = new File(entry, parent, attributes, size);
    this.end = 0;
    return this;
  }

  boolean isOpen() {
    return descriptor != CLOSED;
  }

  int descriptor() {
    return descriptor;
  }

  /// Says that something else wrote the file up to here.
  void wroteUpTo(long offset) {
    end = Math.max(end, offset);
  }

  @Override
  public void write(ByteBuffer bytes, long offset) throws StoreException {
    long at = offset;
    while (bytes.hasRemaining()) {
      long written = bytes.isDirect() ? writeDirect(bytes, at) : writeHeap(bytes, at);
      if (written <= 0) {
        throw Kernel.failure(
            Syscall.PWRITE64, begun().entry(), written == 0 ? -Errno.EIO : written);
      }
      bytes.position(bytes.position() + (int) written);
      at += written;
    }
    wroteUpTo(at);
  }

  private long writeDirect(ByteBuffer bytes, long offset) {
    long address = MemorySegment.ofBuffer(bytes).address();
    try {
      return kernel.call(Syscall.PWRITE64, descriptor, address, bytes.remaining(), offset);
    } finally {
      Reference.reachabilityFence(bytes);
    }
  }

  private long writeHeap(ByteBuffer bytes, long offset) {
    if (step == null) {
      step = kernel.allocate(STEP_BYTES);
    }
    int length = Math.min(bytes.remaining(), STEP_BYTES);
    ByteBuffer part = bytes.slice(bytes.position(), length);
    step.asByteBuffer().put(part);
    return kernel.call(Syscall.PWRITE64, descriptor, step.address(), length, offset);
  }

  @Override
  public void close() throws StoreException {
    if (!isOpen()) {
      return;
    }
    File begun = begun();
    try {
      if (end < begun.size()) {
        kernel.must(Syscall.FTRUNCATE, begun.entry(), descriptor, begun.size(), 0, 0);
      }
      writer.file(descriptor, begun.attributes(), begun.parent(), begun.entry());
    } finally {
      abandon();
    }
  }

  /// Lets go of a file that is not whole.
  void abandon() {
    if (isOpen()) {
      kernel.closeDescriptor(descriptor);
      descriptor = CLOSED;
      file = null;
    }
  }

  private File begun() {
    if (file == null) {
      throw new IllegalStateException("file is closed");
    }
    return file;
  }
}
