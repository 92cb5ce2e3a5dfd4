package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.RootFiles;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/// A regular file that is read: until {@link #close}.
final class FileContent implements RootFiles.Content {

  private static final int STEP_BYTES = 64 << 10;

  private final Kernel kernel;
  private final int descriptor;
  private final Object subject;
  private boolean closed;

  /// @param descriptor taken over
  FileContent(Kernel kernel, int descriptor, Object subject) {
    this.kernel = kernel;
    this.descriptor = descriptor;
    this.subject = subject;
  }

  @Override
  public int read(ByteBuffer into, long offset) throws StoreException {
    if (closed) {
      throw new IllegalStateException("content is closed");
    }
    if (!into.hasRemaining()) {
      return 0;
    }
    if (into.isDirect()) {
      return readDirect(into, offset);
    }
    ByteBuffer step = ByteBuffer.allocateDirect(Math.min(into.remaining(), STEP_BYTES));
    int length = readDirect(step, offset);
    into.put(step.flip());
    return length;
  }

  private int readDirect(ByteBuffer into, long offset) throws StoreException {
    long length;
    try {
      long address = MemorySegment.ofBuffer(into).address();
      length = kernel.call(Syscall.PREAD64, descriptor, address, into.remaining(), offset);
    } finally {
      Reference.reachabilityFence(into);
    }
    if (length < 0) {
      throw Kernel.failure(Syscall.PREAD64, subject, length);
    }
    into.position(into.position() + (int) length);
    return length == 0 ? -1 : (int) length;
  }

  @Override
  public boolean isZero(long from, long to) throws StoreException {
    ByteBuffer step = ByteBuffer.allocateDirect(STEP_BYTES);
    long at = from;
    while (at < to) {
      long data = kernel.call(Syscall.LSEEK, descriptor, at, Flags.SEEK_DATA);
      if (data == -Errno.ENXIO) {
        return true; // only a hole is left
      }
      if (data < 0) {
        throw Kernel.failure(Syscall.LSEEK, subject, data);
      }
      if (data >= to) {
        return true;
      }
      int length = readDirect(step.clear().limit((int) Math.min(STEP_BYTES, to - data)), data);
      if (step.flip().mismatch(ByteBuffer.allocate(Math.max(0, length))) >= 0) {
        return false;
      }
      at = length < 0 ? to : data + length;
    }
    return true;
  }

  /// @throws UnsafeContentException when there are more than `maxBytes`
  byte[] readAll(int maxBytes) throws StoreException, UnsafeContentException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer step = ByteBuffer.allocateDirect(STEP_BYTES);
    byte[] heap = new byte[STEP_BYTES];
    int length;
    while ((length = readDirect(step.clear(), all.size())) > 0) {
      if (length > maxBytes - all.size()) {
        throw new UnsafeContentException("read " + subject + ": more than " + maxBytes + " bytes");
      }
      step.flip().get(heap, 0, length);
      all.write(heap, 0, length);
    }
    return all.toByteArray();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      kernel.closeDescriptor(descriptor);
    }
  }
}
