package io.sealift.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.failure.StoreException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// A file system that is being put together before it is mounted, from {@link #open} until {@link
/// #close}. For one thread at a time. It is what the kernel calls a filesystem context
/// (`fsopen(2)`, Linux 5.2). Refusals carry the kernel's own words, where it has any.
public final class FileSystemContext implements AutoCloseable {

  private static final int FSOPEN_CLOEXEC = 1;
  private static final int FSMOUNT_CLOEXEC = 1;

  /// Bytes of one message from the kernel, beyond which it is cut; they are short sentences.
  private static final int COMPLAINT_BYTES = 1024;

  /// Messages that are read of those the kernel keeps, which are at most 8.
  private static final int MAX_COMPLAINTS = 8;

  private final Kernel kernel;
  private final String type;
  private final int descriptor;

  private FileSystemContext(Kernel kernel, String type, int descriptor) {
    this.kernel = kernel;
    this.type = type;
    this.descriptor = descriptor;
  }

  /// @param type a file system that the kernel knows, as `overlay`
  @SuppressWarnings("MustBeClosedChecker") // closed by close()
  public static FileSystemContext open(String type) throws StoreException {
    Kernel kernel = Kernel.open();
    long result = kernel.call(Syscall.FSOPEN, kernel.name(type.getBytes(US_ASCII)), FSOPEN_CLOEXEC);
    if (result < 0) {
      kernel.close();
      throw Kernel.failure(Syscall.FSOPEN, type, result);
    }
    return new FileSystemContext(kernel, type, (int) result);
  }

  /// Turns an option on.
  ///
  /// @return whether the kernel knows it
  public boolean flag(String option) {
    return configure(Command.SET_FLAG, option, 0, 0) >= 0;
  }

  /// Whether options are not looked at before the file system is made, so that any will be taken
  /// (Linux before 6.5, for overlays).
  public boolean isLegacy() {
    return flag("sealift_no_such_option");
  }

  /// Sets an option.
  ///
  /// @param value at most 255 bytes
  /// @return whether the kernel knows the option and takes the value
  public boolean text(String option, String value) {
    return configure(Command.SET_STRING, option, kernel.secondName(value.getBytes(UTF_8)), 0) >= 0;
  }

  /// Sets an option to a directory, or adds one to it. It is passed as a descriptor, or, to a
  /// kernel that does not take those (before 6.13), by the descriptor's name under `/proc`, so that
  /// length and characters of its path do not matter.
  public void directory(String option, Path directory) throws StoreException {
    try (RootDir opened = RootDir.open(kernel, directory)) {
      if (configure(Command.SET_FD, option, 0, opened.descriptor()) >= 0) {
        return;
      }
      String complaint = complaints();
      byte[] name = opened.procPath().getBytes(US_ASCII);
      long result = configure(Command.SET_STRING, option, kernel.secondName(name), 0);
      if (result < 0) {
        throw refusal(option + " " + directory, result, complaint);
      }
    }
  }

  /// Makes the file system.
  public DetachedMount mount() throws StoreException {
    long created = kernel.call(Syscall.FSCONFIG, descriptor, Command.CREATE.number, 0, 0, 0);
    if (created < 0) {
      throw refusal("create", created, "");
    }
    long mount = kernel.call(Syscall.FSMOUNT, descriptor, FSMOUNT_CLOEXEC, 0);
    if (mount < 0) {
      throw refusal("mount", mount, "");
    }
    return new DetachedMount(type, (int) mount);
  }

  private long configure(Command command, String option, long value, int number) {
    long key = kernel.name(option.getBytes(US_ASCII));
    return kernel.call(Syscall.FSCONFIG, descriptor, command.number, key, value, number);
  }

  private StoreException refusal(String what, long result, String earlier) {
    String later = complaints();
    String said = later.isEmpty() ? earlier : later;
    String reason = Errno.describe((int) -result) + (said.isEmpty() ? "" : ": " + said);
    return new StoreException("mount " + type + ": " + what + ": " + reason);
  }

  /// What the kernel has said since the last call, without its severity letters; often empty.
  String complaints() {
    MemorySegment buffer = kernel.takeBuffer();
    StringBuilder said = new StringBuilder();
    for (int read = 0; read < MAX_COMPLAINTS; read++) {
      long length = kernel.call(Syscall.READ, descriptor, buffer.address(), COMPLAINT_BYTES);
      if (length <= 0) {
        break;
      }
      byte[] bytes = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
      String line = new String(bytes, UTF_8).strip().replaceFirst("^[ewi] ", "");
      said.append(said.isEmpty() ? "" : "; ").append(line);
    }
    kernel.giveBuffer(buffer);
    return said.toString();
  }

  @Override
  public void close() {
    kernel.closeDescriptor(descriptor);
    kernel.close();
  }

  /// `enum fsconfig_command` of `linux/mount.h`.
  private enum Command {
    SET_FLAG(0),
    SET_STRING(1),
    SET_FD(5),
    CREATE(6);

    private final int number;

    Command(int number) {
      this.number = number;
    }
  }
}
