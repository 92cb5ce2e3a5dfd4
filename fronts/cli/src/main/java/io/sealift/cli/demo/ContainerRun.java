package io.sealift.cli.demo;

import io.sealift.cli.console.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Runs a bundle with an OCI runtime of this machine.
///
/// @param runtime which one
/// @param status its exit status
/// @param lines what it and the container printed
public record ContainerRun(String runtime, int status, List<String> lines) {

  /// Bytes of output that are read; the demonstration's container prints a few hundred.
  private static final int MAX_OUTPUT = 1 << 16;

  /// crun wants cgroup version 2 at this place, in a mount namespace of its own if need be.
  private static final List<String> WITH_CGROUP2 =
      List.of(
          "unshare",
          "--mount",
          "sh",
          "-c",
          "umount -l /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup && exec \"$@\"",
          "sh");

  public ContainerRun {
    lines = List.copyOf(lines);
  }

  /// Runs it with the first runtime that can, runc or crun; empty when there is neither.
  public static Optional<ContainerRun> of(Path bundle, Path state, Surroundings surroundings)
      throws IOException, InterruptedException {
    Optional<ContainerRun> last = Optional.empty();
    for (String name : List.of("runc", "crun")) {
      Optional<Path> program = surroundings.program(name);
      if (program.isPresent()) {
        last = Optional.of(run(name, program.get(), bundle, state.resolve(name)));
        if (last.get().status == 0) {
          break;
        }
      }
    }
    return last;
  }

  private static ContainerRun run(String name, Path program, Path bundle, Path state)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (name.equals("crun") && !Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"))) {
      command.addAll(WITH_CGROUP2);
    }
    Stream.of(
            program.toString(),
            "--root",
            state.toString(),
            "run",
            "--bundle",
            bundle.toString(),
            "sealift-demo-" + ProcessHandle.current().pid())
        .forEach(command::add);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .start();
    try (InputStream output = process.getInputStream()) {
      String text = new String(output.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8);
      output.transferTo(java.io.OutputStream.nullOutputStream());
      return new ContainerRun(name, process.waitFor(), text.lines().toList());
    } finally {
      process.destroy();
    }
  }
}
