package io.sealift.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Finds the directories that entries go into, and makes those that are missing. Symlinks are
/// followed here and not by the kernel, one name at a time from the root of the tree, so that they
/// lead nowhere else: `/` is the root, and above it is nothing.
final class Parents {

  /// Symlinks followed on one path, as many as Linux follows (`MAXSYMLINKS`).
  private static final int LINKS_MAX = 40;

  private final Kernel kernel;
  private final OpenDirectories directories;
  private final Entries entries;
  private final AttributeWriter attributes;
  private final Ledger ledger;
  private @Nullable MemorySegment target;

  Parents(
      Kernel kernel,
      OpenDirectories directories,
      Entries entries,
      AttributeWriter attributes,
      Ledger ledger) {
    this.kernel = kernel;
    this.directories = directories;
    this.entries = entries;
    this.attributes = attributes;
    this.ledger = ledger;
  }

  /// The directory of an entry.
  Directory of(TreePath entry) throws StoreException, UnsafeContentException {
    Directory last = directories.lastParentOf(entry);
    return last != null ? last : make(entry.parent());
  }

  /// The directory that a path leads to, made with its parents where it is missing.
  Directory make(TreePath path) throws StoreException, UnsafeContentException {
    Directory made = resolve(path, true);
    if (made == null) {
      throw changed(path);
    }
    return made;
  }

  /// The directory that a path leads to, if it does.
  @Nullable Directory find(TreePath path) throws StoreException, UnsafeContentException {
    return resolve(path, false);
  }

  private @Nullable Directory resolve(TreePath path, boolean make)
      throws StoreException, UnsafeContentException {
    Directory direct = directories.find(path);
    if (direct != null) {
      return direct;
    }
    Deque<byte[]> names = new ArrayDeque<>();
    prepend(names, path.bytes());
    Directory at = directories.root();
    int links = 0;
    while (!names.isEmpty()) {
      byte[] name = names.removeFirst();
      Directory next = step(at, name);
      byte[] link = next == null ? readLink(at, name) : null;
      if (link != null) {
        if (++links > LINKS_MAX) {
          throw new UnsafeContentException(
              "follow symlinks of %s: more than %d".formatted(path, LINKS_MAX));
        }
        prepend(names, link);
        next = link.length > 0 && link[0] == '/' ? directories.root() : at;
      } else if (next == null && make) {
        next = imply(at, name);
      }
      if (next == null) {
        return null;
      }
      at = next;
    }
    return at;
  }

  private @Nullable Directory step(Directory at, byte[] name) throws StoreException {
    if (name.length == 1 && name[0] == '.') {
      return at;
    }
    if (name.length == 2 && name[0] == '.' && name[1] == '.') {
      return directories.find(at.path.parent());
    }
    return directories.child(at, name);
  }

  /// A directory that replaces something takes nothing of the layers below, so it is not implied.
  private Directory imply(Directory parent, byte[] name)
      throws StoreException, UnsafeContentException {
    TreePath place = parent.path.child(name);
    Directory directory = entries.directory(parent, name, AttributeWriter.IMPLIED_MODE);
    attributes.impliedDirectory(directory);
    if (!directory.replaces) {
      ledger.imply(place);
    }
    return directory;
  }

  /// The text of a symlink; null when the name is something else or not there.
  private byte @Nullable [] readLink(Directory parent, byte[] name) throws StoreException {
    if (target == null) {
      target = kernel.allocate(Kernel.PATH_MAX);
    }
    long length =
        kernel.call(
            Syscall.READLINKAT,
            parent.descriptor,
            kernel.name(name),
            target.address(),
            Kernel.PATH_MAX);
    if (length == -Errno.EINVAL || length == -Errno.ENOENT) {
      return null;
    }
    if (length < 0) {
      throw Kernel.failure(Syscall.READLINKAT, parent.path.child(name), length);
    }
    return target.asSlice(0, length).toArray(JAVA_BYTE);
  }

  private static void prepend(Deque<byte[]> names, byte[] path) {
    int end = path.length;
    for (int at = path.length - 1; at >= -1; at--) {
      if (at < 0 || path[at] == '/') {
        if (end > at + 1) {
          names.addFirst(Arrays.copyOfRange(path, at + 1, end));
        }
        end = at;
      }
    }
  }

  private static StoreException changed(TreePath path) {
    return new StoreException("find directory " + path + ": changed while it was written");
  }
}
