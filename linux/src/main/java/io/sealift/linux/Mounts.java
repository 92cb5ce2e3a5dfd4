package io.sealift.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealift.failure.StoreException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Mounting and unmounting, besides {@link FileSystemContext}.
public final class Mounts {

  private static final int UMOUNT_NOFOLLOW = 8;
  private static final int OPEN_TREE_CLONE = 1;

  /// Bytes that the options of one `mount(2)` may have, which is a page, with their NUL.
  private static final int OPTIONS_BYTES_MAX = 4096;

  private Mounts() {}

  /// Makes an overlay by `mount(2)`, which takes all options on one page: for kernels that do not
  /// take layers one by one. The page has room for some 220 of them.
  ///
  /// @param lower the topmost first
  /// @param place an empty directory where the overlay is mounted for a moment
  /// @param options further options, as `userxattr`
  public static DetachedMount overlayByPage(
      String source, List<Path> lower, Path upper, Path work, List<String> options, Path place)
      throws StoreException {
    List<RootDir> opened = new ArrayList<>();
    try (Kernel kernel = Kernel.open()) {
      try {
        List<String> names = new ArrayList<>();
        for (Path directory : lower) {
          names.add(procPath(kernel, directory, opened));
        }
        List<String> all = new ArrayList<>(options);
        all.add("lowerdir=" + String.join(":", names));
        all.add("upperdir=" + procPath(kernel, upper, opened));
        all.add("workdir=" + procPath(kernel, work, opened));
        mount(kernel, "overlay", source, String.join(",", all), lower.size(), place);
      } finally {
        opened.forEach(RootDir::close);
      }
      return detach(kernel, place);
    }
  }

  private static String procPath(Kernel kernel, Path directory, List<RootDir> opened)
      throws StoreException {
    RootDir open = RootDir.open(kernel, directory);
    opened.add(open);
    return open.procPath();
  }

  private static void mount(
      Kernel kernel, String type, String source, String options, int layers, Path place)
      throws StoreException {
    if (options.length() >= OPTIONS_BYTES_MAX) {
      throw new StoreException(
          ("mount %s: the options for %d layers take %d bytes, expected less than %d with a kernel"
                  + " before 6.7; use --snapshotter copy")
              .formatted(type, layers, options.length(), OPTIONS_BYTES_MAX));
    }
    long from = kernel.name(source.getBytes(US_ASCII));
    long at = kernel.secondName(RootDir.bytesOf(place));
    long kind = text(kernel, type);
    long page = text(kernel, options);
    long result = kernel.call(Syscall.MOUNT, from, at, kind, 0, page);
    if (result < 0) {
      throw Kernel.failure(Syscall.MOUNT, type + " at " + place, result);
    }
  }

  private static long text(Kernel kernel, String text) {
    var memory = kernel.allocate(text.length() + 1L);
    memory.setString(0, text, US_ASCII);
    return memory.address();
  }

  /// Takes a mount away from its place.
  private static DetachedMount detach(Kernel kernel, Path place) throws StoreException {
    long name = kernel.name(RootDir.bytesOf(place));
    int flags = OPEN_TREE_CLONE | Flags.O_CLOEXEC;
    long clone = kernel.call(Syscall.OPEN_TREE, Flags.AT_FDCWD, name, flags);
    long unmounted = kernel.call(Syscall.UMOUNT2, name, UMOUNT_NOFOLLOW);
    if (clone < 0) {
      throw Kernel.failure(Syscall.OPEN_TREE, place, clone);
    }
    DetachedMount mount = new DetachedMount("overlay", (int) clone);
    if (unmounted < 0) {
      mount.close();
      throw Kernel.failure(Syscall.UMOUNT2, place, unmounted);
    }
    return mount;
  }

  /// Undoes the mount that shows at a directory.
  ///
  /// @param place free of symlinks
  /// @throws StoreException when it is in use
  public static void unmount(Path place) throws StoreException {
    try (Kernel kernel = Kernel.open()) {
      long name = kernel.name(RootDir.bytesOf(place));
      long result = kernel.call(Syscall.UMOUNT2, name, UMOUNT_NOFOLLOW);
      if (result == -Errno.EBUSY) {
        throw busy(place);
      }
      if (result < 0) {
        throw Kernel.failure(Syscall.UMOUNT2, place, result);
      }
    }
  }

  private static StoreException busy(Path place) throws StoreException {
    List<MountTable.Entry> below = MountTable.read().below(place);
    String user =
        below.isEmpty()
            ? "a process has files of it open or works in it; end it (fuser -vm %s)"
                .formatted(place)
            : "%s is mounted in it; stop the container, or unmount that first"
                .formatted(below.getFirst().place());
    return new StoreException("unmount %s: it is in use: %s".formatted(place, user));
  }

  /// Whether this process may write the `trusted.` attributes that mark layers; in a user namespace
  /// it may not, and uses `user.` ones.
  ///
  /// @param directory one of this process on the file system in question
  public static boolean takesTrustedXattrs(Path directory) throws StoreException {
    try (Kernel kernel = Kernel.open();
        RootDir opened = RootDir.open(kernel, directory)) {
      Xattrs xattrs = new Xattrs(kernel, new Losses());
      long result = xattrs.setOwn(opened.descriptor(), "trusted.sealift", "y");
      if (result < 0) {
        return false;
      }
      kernel.must(
          Syscall.FREMOVEXATTR,
          directory,
          opened.descriptor(),
          kernel.name("trusted.sealift".getBytes(US_ASCII)),
          0,
          0);
      return true;
    }
  }
}
