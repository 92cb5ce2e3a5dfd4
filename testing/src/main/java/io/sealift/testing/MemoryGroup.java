package io.sealift.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A control group with a bound on memory, of whichever version this machine has, from {@link
/// #withBound} until {@link #close}. The kernel kills what goes beyond it. For root.
public record MemoryGroup(Path directory) implements AutoCloseable {

  private static final Path V1 = Path.of("/sys/fs/cgroup/memory");
  private static final Path V2 = Path.of("/sys/fs/cgroup");

  /// Empty where this process may make none.
  public static Optional<MemoryGroup> withBound(long bytes) {
    boolean first = Files.isRegularFile(V1.resolve("memory.limit_in_bytes"));
    Path parent = first ? V1 : V2;
    Path directory = parent.resolve("sealift-test-" + ProcessHandle.current().pid());
    try {
      Files.createDirectory(directory);
    } catch (IOException notAllowed) {
      return Optional.empty();
    }
    MemoryGroup group = new MemoryGroup(directory);
    try {
      Files.writeString(
          directory.resolve(first ? "memory.limit_in_bytes" : "memory.max"), Long.toString(bytes));
      return Optional.of(group);
    } catch (IOException noSuchController) {
      group.close();
      return Optional.empty();
    }
  }

  /// What a command is to begin with to run in this group.
  public List<String> prefix() {
    return List.of(
        "sh",
        "-c",
        "echo $$ >'%s' && exec \"$@\"".formatted(directory.resolve("cgroup.procs")),
        "sh");
  }

  /// Its processes have to have ended.
  @Override
  public void close() {
    try {
      Files.delete(directory);
    } catch (IOException busy) {
      throw new UncheckedIOException(busy);
    }
  }
}
