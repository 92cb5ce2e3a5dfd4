package io.sealift.linux;

import io.sealift.failure.StoreException;
import java.nio.file.Path;

/// A mounted file system that has no place yet and is seen through this object only. Once attached
/// it stays when this is closed; otherwise closing, or the end of the process, undoes it. To be
/// closed before what it became is unmounted, which it keeps busy.
public final class DetachedMount implements AutoCloseable {

  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;

  private final String type;
  private final int descriptor;

  DetachedMount(String type, int descriptor) {
    this.type = type;
    this.descriptor = descriptor;
  }

  /// A path that leads to its root, in this process and until this is closed.
  public Path path() {
    return Path.of(RootDir.procPath(descriptor));
  }

  /// Makes it visible at a directory.
  public void attach(Path target) throws StoreException {
    try (Kernel kernel = Kernel.open()) {
      long empty = kernel.name(new byte[0]);
      long place = kernel.secondName(RootDir.bytesOf(target));
      long result =
          kernel.call(
              Syscall.MOVE_MOUNT,
              descriptor,
              empty,
              Flags.AT_FDCWD,
              place,
              MOVE_MOUNT_F_EMPTY_PATH);
      if (result < 0) {
        throw Kernel.failure(Syscall.MOVE_MOUNT, type + " to " + target, result);
      }
    }
  }

  @Override
  public void close() {
    try (Kernel kernel = Kernel.open()) {
      kernel.closeDescriptor(descriptor);
    }
  }
}
