package io.sealift.overlay;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// Work as a user who is not root: as whoever runs the test, or, when that is root, as another one,
/// which the kernel lets a single thread be.
final class OrdinaryUser {

  static final long NOBODY = 65534;
  private static final long UNCHANGED = -1;

  interface Task {
    void run() throws Exception;
  }

  private OrdinaryUser() {}

  /// @param place is the user's own meanwhile, and every directory above it that is below `/tmp` is
  ///   for all to enter
  static void run(Path place, Task task) throws Throwable {
    if (!isRoot()) {
      task.run();
      return;
    }
    Files.setAttribute(place, "unix:uid", (int) NOBODY);
    Files.setAttribute(place, "unix:mode", 0755);
    become(NOBODY);
    try {
      task.run();
    } finally {
      become(0);
    }
  }

  private static boolean isRoot() throws Exception {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  /// `setresuid` as a plain system call, which concerns the calling thread only.
  @SuppressWarnings("restricted")
  private static void become(long user) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle syscall =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    long number = System.getProperty("os.arch").equals("aarch64") ? 147 : 117;
    long result = (long) syscall.invokeExact(number, UNCHANGED, user, UNCHANGED);
    if (result != 0) {
      throw new IllegalStateException("setresuid: " + result);
    }
  }
}
