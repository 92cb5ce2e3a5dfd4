package io.sealift.overlay;

import io.sealift.failure.StoreException;
import io.sealift.linux.MountTable;
import io.sealift.linux.TreeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The directories at which root file systems are stacked, which are not this program's own.
final class Places {
  private Places() {}

  /// Makes a directory, or takes one that is there and empty.
  ///
  /// @return whether it was made
  static boolean take(Path directory) throws StoreException {
    if (!Files.isDirectory(directory)) {
      TreeSnapshotter.makeDirectory(directory);
      return true;
    }
    if (!isEmpty(directory)) {
      throw new StoreException(
          "stack at %s: expected an empty directory, found files in it; name another one"
              .formatted(directory));
    }
    return false;
  }

  private static boolean isEmpty(Path directory) throws StoreException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.findAny().isEmpty();
    } catch (IOException failed) {
      throw new StoreException("read directory %s: %s".formatted(directory, failed), failed);
    }
  }

  /// Writes down that files are going to be put into a directory that was {@link #take taken}.
  ///
  /// @param work of the same root file system
  static void own(Path directory, Path work) throws StoreException {
    try {
      Files.writeString(owned(work), TreeFiles.identity(directory));
    } catch (IOException failed) {
      throw new StoreException("write %s: %s".formatted(owned(work), failed), failed);
    }
  }

  /// Whether nobody else has anything at a place: it is empty, or this very directory was {@link
  /// #own written down}.
  static boolean isOwn(Path directory, Path work) throws StoreException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return true;
    }
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (isEmpty(directory)) {
      return true;
    }
    try {
      return Files.isRegularFile(owned(work))
          && Files.readString(owned(work)).equals(TreeFiles.identity(directory));
    } catch (IOException failed) {
      throw new StoreException("read %s: %s".formatted(owned(work), failed), failed);
    }
  }

  /// Takes back what {@link #own} said.
  static void disown(Path work) throws StoreException {
    TreeFiles.remove(owned(work));
  }

  /// Whether {@link #own} said anything.
  static boolean isOwned(Path work) {
    return Files.exists(owned(work), LinkOption.NOFOLLOW_LINKS);
  }

  private static Path owned(Path work) {
    return work.resolve("owned");
  }

  /// Removes a directory with all below it, but nothing that is mounted there: containers leave
  /// mounts behind, and what they show belongs to somebody else.
  static void remove(Path directory) throws StoreException {
    Path place = real(directory);
    MountTable mounts = MountTable.read();
    List<MountTable.Entry> below = mounts.below(place);
    if (!below.isEmpty()) {
      throw new StoreException(
          "remove %s: %s is mounted in it; stop the container, or unmount that first"
              .formatted(directory, below.getFirst().place()));
    }
    if (mounts.at(place).isEmpty()) {
      TreeFiles.remove(directory);
    }
  }

  /// The path free of symlinks, its last name excepted, as the mount table has it.
  static Path real(Path path) throws StoreException {
    Path absolute = path.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null || !Files.exists(parent)) {
      return absolute;
    }
    try {
      return Files.isSymbolicLink(absolute)
          ? absolute.toRealPath()
          : parent.toRealPath().resolve(absolute.getFileName());
    } catch (IOException failed) {
      throw new StoreException("resolve %s: %s".formatted(path, failed), failed);
    }
  }

  /// Whether something of its own is mounted at a directory.
  static boolean isMountPoint(Path directory) throws StoreException {
    return Files.exists(directory, LinkOption.NOFOLLOW_LINKS)
        && !MountTable.read().at(real(directory)).isEmpty();
  }
}
