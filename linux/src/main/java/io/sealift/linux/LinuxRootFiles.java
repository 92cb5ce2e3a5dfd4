package io.sealift.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.FileStat;
import io.sealift.snapshot.RootFiles;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.LayerPath;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A root file system, its symlinks resolved by the kernel as if it were `/` (openat2(2),
/// `RESOLVE_IN_ROOT`).
final class LinuxRootFiles implements RootFiles {

  /// What may be tried to be opened although it is no regular file; `O_NONBLOCK` because opening a
  /// FIFO waits otherwise.
  private static final int OPEN_FILE = Flags.O_RDONLY | Flags.O_NONBLOCK | Flags.O_CLOEXEC;

  private static final int OPEN_PLACE = Flags.O_PATH | Flags.O_CLOEXEC;

  private final Kernel kernel;
  private final RootDir root;
  private final Statx statx;
  private final Xattrs xattrs;

  private LinuxRootFiles(Kernel kernel, RootDir root) {
    this.kernel = kernel;
    this.root = root;
    this.statx = new Statx(kernel);
    this.xattrs = new Xattrs(kernel, new Losses());
  }

  static LinuxRootFiles open(Path root) throws StoreException {
    Kernel kernel = Kernel.open();
    try {
      return new LinuxRootFiles(kernel, RootDir.open(kernel, root));
    } catch (StoreException | RuntimeException failure) {
      kernel.close();
      throw failure;
    }
  }

  @Override
  public Optional<byte[]> read(LayerPath path, int maxBytes)
      throws StoreException, UnsafeContentException {
    int opened = openRegular(path, 0);
    if (opened < 0) {
      return Optional.empty();
    }
    try (FileContent content = new FileContent(kernel, opened, path)) {
      return Optional.of(content.readAll(maxBytes));
    }
  }

  @Override
  public Optional<FileStat> stat(LayerPath path) throws StoreException {
    int place = openPlace(path, OPEN_PLACE | Flags.O_NOFOLLOW);
    if (place < 0) {
      return Optional.empty();
    }
    try {
      statx.of(place, path);
      return Optional.of(statx.toFileStat());
    } finally {
      kernel.closeDescriptor(place);
    }
  }

  @Override
  public Optional<Extension> extension(LayerPath path) throws StoreException {
    int parent = openPlace(path.parent(), OPEN_PLACE | Flags.O_DIRECTORY);
    if (parent < 0) {
      return Optional.empty();
    }
    try {
      List<Xattr> kept = new ArrayList<>();
      boolean opaque = false;
      byte[] name = path.isRoot() ? new byte[] {'.'} : path.name();
      for (Xattr xattr : xattrs.allAt(parent, name, path)) {
        opaque |= OverlayMarks.isOpaque(xattr);
        if (!OverlayMarks.isMark(xattr)) {
          kept.add(xattr);
        }
      }
      return Optional.of(new Extension(kept, opaque));
    } finally {
      kernel.closeDescriptor(parent);
    }
  }

  @Override
  public Optional<Content> content(LayerPath path) throws StoreException {
    int opened = openRegular(path, Flags.O_NOFOLLOW);
    return opened < 0 ? Optional.empty() : Optional.of(new FileContent(kernel, opened, path));
  }

  /// Opens a regular file for reading. What it is shows before it is opened, because opening a
  /// device can have effects.
  ///
  /// @return -1 when there is none
  private int openRegular(LayerPath path, int flags) throws StoreException {
    int place = openPlace(path, OPEN_PLACE | flags);
    if (place < 0) {
      return -1;
    }
    try {
      statx.of(place, path);
      if (statx.type() != Flags.S_IFREG) {
        return -1;
      }
      Statx.Inode looked = statx.inode();
      int opened = (int) must(root.openInRoot(path.bytes(), OPEN_FILE | flags), path);
      statx.of(opened, path);
      if (statx.inode().equals(looked)) {
        return opened;
      }
      kernel.closeDescriptor(opened);
      throw new StoreException("open " + path + ": changed while it was opened");
    } finally {
      kernel.closeDescriptor(place);
    }
  }

  /// @return -1 when there is nothing
  private int openPlace(LayerPath path, int flags) throws StoreException {
    int place = root.openInRoot(path.bytes(), flags);
    if (place == -Errno.ENOENT || place == -Errno.ENOTDIR || place == -Errno.ELOOP) {
      return -1;
    }
    return (int) must(place, path);
  }

  private static long must(long opened, LayerPath path) throws StoreException {
    if (opened < 0) {
      throw Kernel.failure(Syscall.OPENAT2, path, opened);
    }
    return opened;
  }

  @Override
  public Optional<byte[]> link(LayerPath path) throws StoreException {
    int place = openPlace(path, OPEN_PLACE | Flags.O_NOFOLLOW);
    if (place < 0) {
      return Optional.empty();
    }
    MemorySegment text = kernel.takeBuffer();
    try {
      long none = kernel.name(new byte[0]);
      long length = kernel.call(Syscall.READLINKAT, place, none, text.address(), Kernel.PATH_MAX);
      // ENOENT and EINVAL: no symlink.
      if (length == -Errno.ENOENT || length == -Errno.EINVAL) {
        return Optional.empty();
      }
      if (length < 0) {
        throw Kernel.failure(Syscall.READLINKAT, path, length);
      }
      return Optional.of(text.asSlice(0, length).toArray(JAVA_BYTE));
    } finally {
      kernel.giveBuffer(text);
      kernel.closeDescriptor(place);
    }
  }

  @Override
  public Optional<List<byte[]>> names(LayerPath path) throws StoreException {
    int flags = Flags.O_RDONLY | Flags.O_DIRECTORY | Flags.O_CLOEXEC;
    int directory = openPlace(path, flags);
    if (directory < 0) {
      return Optional.empty();
    }
    try {
      List<byte[]> names = TreeWalk.names(kernel, directory, path);
      names.sort(Arrays::compareUnsigned);
      return Optional.of(names);
    } finally {
      kernel.closeDescriptor(directory);
    }
  }

  @Override
  public void makeDirectories(LayerPath path) throws StoreException, UnsafeContentException {
    TreePath place = TreePath.of(path);
    int start = place.isRoot() ? 0 : 1;
    byte[] bytes = place.bytes();
    for (int end = start; end <= bytes.length; end++) {
      if (end == bytes.length || bytes[end] == '/') {
        makeDirectory(new TreePath(Arrays.copyOf(bytes, end)), path);
      }
    }
  }

  private void makeDirectory(TreePath place, LayerPath wanted)
      throws StoreException, UnsafeContentException {
    int parent = root.openInRoot(place.parent().bytes(), OPEN_PLACE | Flags.O_DIRECTORY);
    must(parent, wanted);
    try {
      if (isDirectory(place, wanted)) {
        return;
      }
      byte[] name = place.name();
      kernel.must(Syscall.MKDIRAT, wanted, parent, kernel.name(name), 0755, 0);
      int flags = Flags.OPEN_DIRECTORY;
      int made = (int) kernel.must(Syscall.OPENAT, wanted, parent, kernel.name(name), flags, 0);
      try {
        kernel.must(Syscall.FCHMOD, wanted, made, 0755, 0, 0);
        long owned = kernel.call(Syscall.FCHOWN, made, 0, 0);
        if (owned < 0 && owned != -Errno.EPERM) {
          throw Kernel.failure(Syscall.FCHOWN, wanted, owned);
        }
      } finally {
        kernel.closeDescriptor(made);
      }
    } finally {
      kernel.closeDescriptor(parent);
    }
  }

  /// Whether a path leads to a directory. Something else in the way, also a symlink that leads
  /// nowhere, is refused.
  private boolean isDirectory(TreePath place, LayerPath wanted)
      throws StoreException, UnsafeContentException {
    int there = root.openInRoot(place.bytes(), OPEN_PLACE | Flags.O_DIRECTORY);
    if (there >= 0) {
      kernel.closeDescriptor(there);
      return true;
    }
    int itself = root.openInRoot(place.bytes(), OPEN_PLACE | Flags.O_NOFOLLOW);
    if (itself == -Errno.ENOENT) {
      return false;
    }
    must(itself, wanted);
    kernel.closeDescriptor(itself);
    throw new UnsafeContentException(
        "make directory " + wanted + ": " + place + " is in the way and no directory");
  }

  @Override
  public void close() {
    root.close();
    kernel.close();
  }
}
