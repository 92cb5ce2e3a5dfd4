package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.Snapshotter.Usage;
import io.sealift.unpack.Attributes.FileTime;
import io.sealift.unpack.TreeSummary.Loss;
import java.nio.file.Path;
import java.util.List;

/// What can be done with a tree of files whatever its names, depth and modes, none of its symlinks
/// followed.
public final class TreeFiles {
  private TreeFiles() {}

  /// Removes a directory, or whatever is there, with all below it; nothing happens when it is not
  /// there. Symlinks on the way to its parent are followed.
  public static void remove(Path tree) throws StoreException {
    Path parent = tree.toAbsolutePath().normalize().getParent();
    Path name = tree.toAbsolutePath().normalize().getFileName();
    if (parent == null || name == null) {
      throw new StoreException("remove " + tree + ": it is the root of this machine");
    }
    try (Kernel kernel = Kernel.open();
        RootDir directory = RootDir.openIfThere(kernel, parent)) {
      if (directory != null) {
        new TreeRemoval(kernel).remove(directory.descriptor(), RootDir.bytesOf(name), tree);
      }
    }
  }

  /// Makes a tree durable by one `syncfs`, with everything else that waits to be written to its
  /// file system. An `fsync` of each of 76 000 files took the same time on ext4 and would not do
  /// for symlinks and devices, which cannot be opened.
  public static void sync(Path tree) throws StoreException {
    try (Kernel kernel = Kernel.open();
        RootDir root = RootDir.open(kernel, tree)) {
      kernel.must(Syscall.SYNCFS, tree, root.descriptor(), 0, 0, 0);
    }
  }

  /// Bytes allocated and inodes of a directory and all below it, each inode counted once.
  public static Usage usage(Path tree) throws StoreException {
    try (Kernel kernel = Kernel.open()) {
      return TreeUsage.of(kernel, tree);
    }
  }

  /// What tells a directory from others that had or will have its place: the number of its inode,
  /// which may come again, and when that was made.
  public static String identity(Path directory) throws StoreException {
    try (Kernel kernel = Kernel.open();
        RootDir root = RootDir.open(kernel, directory)) {
      Statx statx = new Statx(kernel);
      statx.of(root.descriptor(), directory);
      FileTime birth = statx.birth();
      return "%d %d.%09d".formatted(statx.inode().number(), birth.seconds(), birth.nanos());
    }
  }

  /// Copies a directory with all below it: types, contents with their holes, hard links, owners,
  /// modes, times, extended attributes, devices, also the marks by which a layer deletes. Where the
  /// file system can, contents are shared and not copied.
  ///
  /// @param target a directory that exists and is empty
  /// @return what this process had no right to copy; empty as root
  public static List<Loss> copy(Path tree, Path target)
      throws StoreException, UnsafeContentException {
    try (Kernel kernel = Kernel.open();
        DirectorySink sink = DirectorySink.open(target)) {
      return new TreeCopy(kernel, sink).copy(tree);
    }
  }

  /// Opens a root file system, or one layer's tree, to look into it. The caller closes it.
  public static RootFiles open(Path root) throws StoreException {
    return LinuxRootFiles.open(root);
  }
}
