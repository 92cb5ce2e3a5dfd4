package io.sealift.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary.Loss;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Copies a tree into a sink, entry by entry.
final class TreeCopy implements TreeWalk.Visitor {

  /// `ioctl` that makes a file share another one's blocks (`linux/fs.h`, `_IOW(0x94, 9, int)`).
  private static final int FICLONE = 0x40049409;

  /// Bytes asked of one `copy_file_range`, so that the kernel stays interruptible.
  private static final long RANGE_BYTES = 1L << 30;

  private static final int STEP_BYTES = 256 << 10;
  private static final int NO_LINK = 1;

  private final Kernel kernel;
  private final DirectorySink sink;
  private final Statx statx;
  private final Xattrs xattrs;
  private final Map<Statx.Inode, LayerPath> linked = new HashMap<>();
  private boolean clones = true;
  private boolean ranges = true;
  private @Nullable MemorySegment step;

  TreeCopy(Kernel kernel, DirectorySink sink) {
    this.kernel = kernel;
    this.sink = sink;
    this.statx = new Statx(kernel);
    this.xattrs = new Xattrs(kernel, new Losses());
  }

  List<Loss> copy(Path tree) throws StoreException, UnsafeContentException {
    int root = RootDir.open(kernel, tree).descriptor();
    try (TreeWalk walk = new TreeWalk(kernel, tree, this)) {
      enter(root, walk);
      walk.below(root);
    }
    return sink.finish().losses();
  }

  @Override
  public void enter(int directory, TreeWalk walk) throws StoreException, UnsafeContentException {
    statx.of(directory, walk);
    Attributes bare = attributes();
    LayerPath path = DirectorySink.layerPath(walk.path().bytes());
    List<Xattr> kept = new ArrayList<>();
    boolean opaque = false;
    for (Xattr xattr : xattrs.all(directory, walk)) {
      opaque |= OverlayMarks.isOpaque(xattr);
      if (!OverlayMarks.isMark(xattr)) {
        kept.add(xattr);
      }
    }
    sink.directory(path, with(bare, kept));
    if (opaque) {
      sink.opaque(path);
    }
  }

  @Override
  public void entry(int parent, long name, TreeWalk walk)
      throws StoreException, UnsafeContentException {
    statx.of(parent, name, walk);
    LayerPath path = DirectorySink.layerPath(walk.path().bytes());
    if (statx.isWhiteout()) {
      sink.whiteout(path);
      return;
    }
    if (statx.links() > NO_LINK) {
      LayerPath first = linked.putIfAbsent(statx.inode(), path);
      if (first != null) {
        sink.hardLink(path, first);
        return;
      }
    }
    copyEntry(parent, walk.path().name(), path, walk);
  }

  /// Copies one file, which is no directory, and ends the sink's tree.
  ///
  /// @param path where it goes
  void copyOne(RootDir tree, TreePath place, LayerPath path)
      throws StoreException, UnsafeContentException {
    int parent = tree.openBeneath(place.parent(), Flags.OPEN_DIRECTORY);
    if (parent < 0) {
      throw Kernel.failure(Syscall.OPENAT2, place, parent);
    }
    try {
      statx.of(parent, kernel.name(place.name()), place);
      copyEntry(parent, place.name(), path, place);
    } finally {
      kernel.closeDescriptor(parent);
    }
    sink.finish();
  }

  private void copyEntry(int parent, byte[] name, LayerPath path, Object subject)
      throws StoreException, UnsafeContentException {
    Attributes bare = attributes();
    int type = statx.type();
    int major = statx.major();
    int minor = statx.minor();
    if (type == Flags.S_IFREG) {
      copyFile(parent, name, path, bare, subject);
      return;
    }
    Attributes all = with(bare, xattrs.allAt(parent, name, subject));
    switch (type) {
      case Flags.S_IFLNK -> sink.symlink(path, readLink(parent, name, subject), all);
      case Flags.S_IFIFO -> sink.fifo(path, all);
      case Flags.S_IFCHR -> sink.device(path, TreeSink.DeviceKind.CHARACTER, major, minor, all);
      case Flags.S_IFBLK -> sink.device(path, TreeSink.DeviceKind.BLOCK, major, minor, all);
      default -> throw new StoreException("copy " + subject + ": its type is not known");
    }
  }

  private Attributes attributes() {
    return new Attributes(statx.permissions(), statx.uid(), statx.gid(), statx.mtime(), List.of());
  }

  private static Attributes with(Attributes bare, List<Xattr> xattrs) {
    return new Attributes(bare.mode(), bare.uid(), bare.gid(), bare.mtime(), xattrs);
  }

  private byte[] readLink(int parent, byte[] name, Object subject) throws StoreException {
    long text = step().address();
    long length =
        kernel.must(Syscall.READLINKAT, subject, parent, kernel.name(name), text, Kernel.PATH_MAX);
    return step().asSlice(0, length).toArray(JAVA_BYTE);
  }

  private void copyFile(int parent, byte[] name, LayerPath path, Attributes bare, Object subject)
      throws StoreException, UnsafeContentException {
    long size = statx.size();
    int flags = Flags.O_RDONLY | Flags.O_NOFOLLOW | Flags.O_CLOEXEC;
    int from = (int) kernel.must(Syscall.OPENAT, subject, parent, kernel.name(name), flags, 0);
    try {
      Attributes all = with(bare, xattrs.all(from, subject));
      try (FileBody body = (FileBody) sink.file(path, all, size)) {
        copyContent(from, body, size, subject);
      }
    } finally {
      kernel.closeDescriptor(from);
    }
  }

  private void copyContent(int from, FileBody to, long size, Object subject) throws StoreException {
    if (size == 0 || clone(from, to)) {
      to.wroteUpTo(size);
      return;
    }
    long end = 0;
    while (end < size) {
      long start = kernel.call(Syscall.LSEEK, from, end, Flags.SEEK_DATA);
      if (start < 0) {
        return; // only a hole is left
      }
      end = kernel.must(Syscall.LSEEK, subject, from, start, Flags.SEEK_HOLE, 0);
      copyRange(from, to, start, end, subject);
    }
  }

  private boolean clone(int from, FileBody to) {
    clones = clones && kernel.call(Syscall.IOCTL, to.descriptor(), FICLONE, from) >= 0;
    return clones;
  }

  private void copyRange(int from, FileBody to, long start, long end, Object subject)
      throws StoreException {
    MemorySegment offsets = kernel.struct();
    long at = start;
    while (at < end && ranges) {
      offsets.set(JAVA_LONG, 0, at);
      offsets.set(JAVA_LONG, 8, at);
      long address = kernel.structAddress();
      long copied =
          kernel.call(
              Syscall.COPY_FILE_RANGE,
              from,
              address,
              to.descriptor(),
              address + 8,
              Math.min(end - at, RANGE_BYTES),
              0);
      ranges = copied > 0;
      at += Math.max(copied, 0);
    }
    to.wroteUpTo(at);
    while (at < end) {
      at += copyStep(from, to, at, end, subject);
    }
  }

  private long copyStep(int from, FileBody to, long at, long end, Object subject)
      throws StoreException {
    long length = Math.min(STEP_BYTES, end - at);
    long read = kernel.must(Syscall.PREAD64, subject, from, step().address(), length, at);
    if (read == 0) {
      throw new StoreException("copy " + subject + ": became shorter while it was copied");
    }
    to.write(step().asSlice(0, read).asByteBuffer(), at);
    return read;
  }

  private MemorySegment step() {
    if (step == null) {
      step = kernel.allocate(STEP_BYTES);
    }
    return step;
  }

  @Override
  public void leave(int parent, long name, TreeWalk walk) {}
}
