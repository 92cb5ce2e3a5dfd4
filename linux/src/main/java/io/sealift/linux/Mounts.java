package io.sealift.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.failure.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Overlay mounts by the kernel's new mount API (`fsopen(2)` and its like, Linux 5.2; layers one by
/// one since 6.5), which bounds neither the number of layers by the length of a page nor the
/// characters of their paths.
public final class Mounts {

  /// Lower directories that overlayfs takes (`OVL_MAX_STACK`, `fs/overlayfs/params.h`).
  public static final int MAX_LAYERS = 500;

  private static final int FSOPEN_CLOEXEC = 1;
  private static final int FSMOUNT_CLOEXEC = 1;
  private static final int FSCONFIG_SET_FLAG = 0;
  private static final int FSCONFIG_SET_STRING = 1;
  private static final int FSCONFIG_CMD_CREATE = 6;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final int UMOUNT_NOFOLLOW = 8;

  private Mounts() {}

  /// Stacks directories and makes the result visible at `target`. When it fails nothing is mounted.
  ///
  /// @param lower at least one and at most {@link #MAX_LAYERS}, the topmost first, each once
  /// @param upper where changes go
  /// @param work an empty directory on the file system of `upper`
  /// @param flags options without a value: `userxattr` where the marks of layers are `user.`
  ///   attributes, as in a user namespace; `volatile` for what need not outlive a power loss, whose
  ///   unmounting then does not wait for the whole file system to be written
  public static void overlay(
      List<Path> lower, Path upper, Path work, Path target, List<String> flags)
      throws StoreException {
    try (Kernel kernel = Kernel.open()) {
      long type = kernel.name("overlay".getBytes(US_ASCII));
      int context = (int) kernel.must(Syscall.FSOPEN, "overlay", type, FSOPEN_CLOEXEC, 0, 0);
      List<RootDir> opened = new ArrayList<>();
      try {
        for (Path directory : lower) {
          set(kernel, context, "lowerdir+", directory, opened);
        }
        set(kernel, context, "upperdir", upper, opened);
        set(kernel, context, "workdir", work, opened);
        for (String flag : flags) {
          configure(kernel, context, FSCONFIG_SET_FLAG, flag, "", target);
        }
        attach(kernel, context, target);
      } finally {
        opened.forEach(RootDir::close);
        kernel.closeDescriptor(context);
      }
    }
  }

  /// By the descriptor's name, so that neither commas nor colons in a path mean anything.
  private static void set(
      Kernel kernel, int context, String option, Path directory, List<RootDir> opened)
      throws StoreException {
    RootDir open = RootDir.open(kernel, directory);
    opened.add(open);
    String name = "/proc/self/fd/" + open.descriptor();
    configure(kernel, context, FSCONFIG_SET_STRING, option, name, directory);
  }

  private static void configure(
      Kernel kernel, int context, int command, String option, String value, Path subject)
      throws StoreException {
    long text = value.isEmpty() ? 0 : kernel.secondName(value.getBytes(US_ASCII));
    long key = kernel.name(option.getBytes(US_ASCII));
    long result = kernel.call(Syscall.FSCONFIG, context, command, key, text, 0);
    if (result < 0) {
      throw refused(option + " " + subject, Syscall.FSCONFIG, result);
    }
  }

  private static void attach(Kernel kernel, int context, Path target) throws StoreException {
    long created = kernel.call(Syscall.FSCONFIG, context, FSCONFIG_CMD_CREATE, 0, 0, 0);
    if (created < 0) {
      throw refused(target.toString(), Syscall.FSCONFIG, created);
    }
    long mount = kernel.call(Syscall.FSMOUNT, context, FSMOUNT_CLOEXEC, 0);
    if (mount < 0) {
      throw refused(target.toString(), Syscall.FSMOUNT, mount);
    }
    try {
      long empty = kernel.name(new byte[0]);
      long place = kernel.secondName(RootDir.bytesOf(target));
      long moved =
          kernel.call(
              Syscall.MOVE_MOUNT, mount, empty, Flags.AT_FDCWD, place, MOVE_MOUNT_F_EMPTY_PATH);
      if (moved < 0) {
        throw refused(target.toString(), Syscall.MOVE_MOUNT, moved);
      }
    } finally {
      kernel.closeDescriptor((int) mount); // open, it would keep the mount busy for ever
    }
  }

  private static StoreException refused(String subject, Syscall call, long result) {
    return new StoreException(
        "mount an overlay: %s: %s %s; another snapshotter is --snapshotter copy"
            .formatted(subject, call.callName(), Errno.describe((int) -result)));
  }

  /// Undoes the mount at `target`; nothing happens when nothing is mounted there.
  ///
  /// @throws StoreException when it is in use
  public static void unmount(Path target) throws StoreException {
    try (Kernel kernel = Kernel.open()) {
      long name = kernel.name(RootDir.bytesOf(target));
      long result = kernel.call(Syscall.UMOUNT2, name, UMOUNT_NOFOLLOW);
      if (result == -Errno.EBUSY) {
        throw new StoreException(
            "unmount %s: it is in use; end the processes that are in it".formatted(target));
      }
      if (result < 0 && result != -Errno.EINVAL && result != -Errno.ENOENT) {
        throw Kernel.failure(Syscall.UMOUNT2, target, result);
      }
    }
  }

  /// Whether something is mounted at `target` (proc(5), `mountinfo`).
  public static boolean isMounted(Path target) throws StoreException {
    String wanted = escaped(target);
    try {
      for (String line :
          new String(Files.readAllBytes(Path.of("/proc/self/mountinfo")), UTF_8).split("\n", -1)) {
        String[] fields = line.split(" ", -1);
        if (fields.length > 4 && fields[4].equals(wanted)) {
          return true;
        }
      }
      return false;
    } catch (IOException failed) {
      throw new StoreException("read /proc/self/mountinfo: " + failed.getMessage(), failed);
    }
  }

  private static String escaped(Path path) {
    StringBuilder text = new StringBuilder();
    path.toAbsolutePath()
        .normalize()
        .toString()
        .chars()
        .forEach(c -> {
          switch (c) {
            case ' ' -> text.append("\\040");
            case '\t' -> text.append("\\011");
            case '\n' -> text.append("\\012");
            case '\\' -> text.append("\\134");
            default -> text.append((char) c);
          }
        });
    return text.toString();
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
