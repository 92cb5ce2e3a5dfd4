package io.sealift.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Visits everything below a directory by descriptors, however deep and whatever the names.
/// Symlinks are visited, not followed. Only the directories nearest to where it is are held open;
/// the way up leads through `..`, which is checked to be the directory that it came from.
final class TreeWalk implements AutoCloseable {

  /// Directories held open.
  private static final int OPEN_MAX = 64;

  /// `struct linux_dirent64`: where the next name continues, bytes of this record, type, name.
  private static final long COOKIE_AT = 8;

  private static final long RECORD_BYTES_AT = 16;
  private static final long TYPE_AT = 18;
  private static final long NAME_AT = 19;

  private static final byte TYPE_UNKNOWN = 0;
  private static final byte TYPE_DIRECTORY = 4;

  /// What is done on the way. Names are addresses of native memory and valid during the call.
  interface Visitor {

    /// Something that is no directory.
    void entry(int parent, long name, TreeWalk walk) throws StoreException, UnsafeContentException;

    /// A directory, open, before what is in it.
    void enter(int directory, TreeWalk walk) throws StoreException, UnsafeContentException;

    /// The directory again, after all that is in it, from its parent.
    void leave(int parent, long name, TreeWalk walk) throws StoreException, UnsafeContentException;

    /// Opening a directory was not permitted.
    ///
    /// @return whether it should be tried again
    default boolean denied(int parent, long name, TreeWalk walk) throws StoreException {
      return false;
    }
  }

  private final Kernel kernel;
  private final Statx statx;
  private final Visitor visitor;
  private final Object subject;
  private final Deque<Level> levels = new ArrayDeque<>();
  private TreePath path = TreePath.ROOT;

  private static final class Level {
    final TreePath path;
    final Statx.Inode inode;
    int descriptor;
    @Nullable MemorySegment names;
    long at;
    long end;
    long cookie;

    Level(TreePath path, int descriptor, Statx.Inode inode) {
      this.path = path;
      this.descriptor = descriptor;
      this.inode = inode;
    }
  }

  /// @param subject what is walked, for people
  TreeWalk(Kernel kernel, Object subject, Visitor visitor) {
    this.kernel = kernel;
    this.statx = new Statx(kernel);
    this.subject = subject;
    this.visitor = visitor;
  }

  /// Where the walk is, relative to where it began.
  TreePath path() {
    return path;
  }

  /// Where the walk is, for people.
  @Override
  public String toString() {
    return path.isRoot() ? subject.toString() : subject + "/" + path;
  }

  /// Visits all below an open directory, but not itself.
  ///
  /// @param directory taken over, and closed
  void below(int directory) throws StoreException, UnsafeContentException {
    push(TreePath.ROOT, directory);
    while (!levels.isEmpty()) {
      Level level = levels.getLast();
      if (!next(level)) {
        pop(level);
      } else {
        visit(level);
      }
    }
  }

  private void visit(Level level) throws StoreException, UnsafeContentException {
    MemorySegment names = Objects.requireNonNull(level.names);
    long record = level.at;
    level.at += names.get(JAVA_SHORT, record + RECORD_BYTES_AT) & 0xffff;
    level.cookie = names.get(JAVA_LONG, record + COOKIE_AT);
    long name = names.address() + record + NAME_AT;
    byte[] bytes = nameBytes(names, record + NAME_AT);
    if (isSelfOrParent(bytes)) {
      return;
    }
    path = level.path.child(bytes);
    if (isDirectory(level.descriptor, name, names.get(JAVA_BYTE, record + TYPE_AT))) {
      descend(level, name);
    } else {
      visitor.entry(level.descriptor, name, this);
    }
  }

  private void descend(Level level, long name) throws StoreException, UnsafeContentException {
    long opened = kernel.call(Syscall.OPENAT, level.descriptor, name, Flags.OPEN_DIRECTORY);
    if (opened == -Errno.EACCES && visitor.denied(level.descriptor, name, this)) {
      opened = kernel.call(Syscall.OPENAT, level.descriptor, name, Flags.OPEN_DIRECTORY);
    }
    if (opened < 0) {
      throw Kernel.failure(Syscall.OPENAT, this, opened);
    }
    push(path, (int) opened);
    visitor.enter((int) opened, this);
  }

  private boolean isDirectory(int parent, long name, byte type) throws StoreException {
    if (type != TYPE_UNKNOWN) {
      return type == TYPE_DIRECTORY;
    }
    statx.of(parent, name, this);
    return statx.type() == Flags.S_IFDIR;
  }

  private void push(TreePath place, int descriptor) throws StoreException {
    Level level = new Level(place, descriptor, inodeOf(descriptor));
    levels.addLast(level);
    if (levels.size() > OPEN_MAX) {
      close(levelFromTop(OPEN_MAX));
    }
  }

  private Statx.Inode inodeOf(int descriptor) throws StoreException {
    try {
      statx.of(descriptor, this);
      return statx.inode();
    } catch (StoreException failure) {
      kernel.closeDescriptor(descriptor);
      throw failure;
    }
  }

  private Level levelFromTop(int distance) {
    var descending = levels.descendingIterator();
    Level level = descending.next();
    for (int i = 0; i < distance; i++) {
      level = descending.next();
    }
    return level;
  }

  private void pop(Level level) throws StoreException, UnsafeContentException {
    if (levels.size() > 1) {
      Level parent = levelFromTop(1);
      if (parent.descriptor < 0) {
        reopen(parent, level);
      }
    }
    levels.removeLast();
    close(level);
    if (!levels.isEmpty()) {
      path = level.path;
      byte[] name = level.path.name();
      visitor.leave(levels.getLast().descriptor, kernel.secondName(name), this);
    }
  }

  private void reopen(Level parent, Level child) throws StoreException {
    path = parent.path;
    long up = kernel.name(new byte[] {'.', '.'});
    long opened = kernel.must(Syscall.OPENAT, this, child.descriptor, up, Flags.OPEN_DIRECTORY, 0);
    if (!inodeOf((int) opened).equals(parent.inode)) {
      kernel.closeDescriptor((int) opened);
      throw new StoreException("read directory " + this + ": moved while it was read");
    }
    parent.descriptor = (int) opened;
    kernel.must(Syscall.LSEEK, this, opened, parent.cookie, 0, 0);
  }

  /// Makes sure that there is a name at `level.at`.
  private boolean next(Level level) throws StoreException {
    if (level.at < level.end) {
      return true;
    }
    path = level.path;
    if (level.names == null) {
      level.names = kernel.takeBuffer();
    }
    level.end =
        kernel.must(
            Syscall.GETDENTS64,
            this,
            level.descriptor,
            level.names.address(),
            Kernel.BUFFER_BYTES,
            0);
    level.at = 0;
    return level.end > 0;
  }

  private void close(Level level) {
    if (level.descriptor >= 0) {
      kernel.closeDescriptor(level.descriptor);
      level.descriptor = -1;
    }
    if (level.names != null) {
      kernel.giveBuffer(level.names);
      level.names = null;
    }
    level.at = 0;
    level.end = 0;
  }

  private static byte[] nameBytes(MemorySegment names, long at) {
    long end = at;
    while (names.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    return names.asSlice(at, end - at).toArray(JAVA_BYTE);
  }

  /// The names in an open directory from where it is read, without `.` and `..`.
  static List<byte[]> names(Kernel kernel, int directory, Object subject) throws StoreException {
    List<byte[]> names = new ArrayList<>();
    MemorySegment records = kernel.takeBuffer();
    try {
      while (true) {
        long address = records.address();
        long end =
            kernel.must(Syscall.GETDENTS64, subject, directory, address, Kernel.BUFFER_BYTES, 0);
        if (end == 0) {
          return names;
        }
        addNames(records, end, names);
      }
    } finally {
      kernel.giveBuffer(records);
    }
  }

  /// Adds the names that `getdents64` gave, without `.` and `..`.
  ///
  /// @param end bytes that it gave
  private static void addNames(MemorySegment records, long end, List<byte[]> names) {
    long at = 0;
    while (at < end) {
      byte[] name = nameBytes(records, at + NAME_AT);
      if (!isSelfOrParent(name)) {
        names.add(name);
      }
      at += records.get(JAVA_SHORT, at + RECORD_BYTES_AT) & 0xffff;
    }
  }

  private static boolean isSelfOrParent(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }

  @Override
  public void close() {
    for (Level level : levels) {
      close(level);
    }
    levels.clear();
  }
}
