package io.sealift.kata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.testing.ImageBuilder;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.TarMember;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The bundles of the daemon are such as runtimes start.
@Tag("root")
@Tag("peers")
class BundlesRunTest {

  private static final int STATUS = 42;

  @TempDir private Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"runc", "crun"})
  void startAndEndWithTheStatusOfTheirProcess(String runtime) throws Exception {
    try (TestGuest guest = new TestGuest(dir).start()) {
      guest.registry.push(
          "app",
          "latest",
          new ImageBuilder()
              .layer(
                  new TarBuilder()
                      .directory("bin")
                      .add(
                          TarMember.file("bin/busybox", Files.readAllBytes(Path.of("/bin/busybox")))
                              .mode(0755))
                      .symlink("bin/sh", "busybox")
                      .directory("proc")
                      .directory("dev")
                      .directory("sys")
                      .build())
              .layer(new TarBuilder().directory("etc").file("etc/greeting", "good morning").build())
              .config("Entrypoint", List.of("/bin/sh", "-c"))
              .config("Cmd", List.of("read line </etc/greeting; echo $line; exit " + STATUS))
              .build());
      Path bundle = guest.bundle("c1");
      try (TestAgent agent = guest.agent()) {
        assertEquals("0", agent.pull(guest.name("app"), bundle).toString());
      }
      assertEquals("good morning\nexit status 42", run(runtime, bundle));
    }
  }

  /// crun wants a pure hierarchy of control groups, so it gets one in a mount namespace of its own;
  /// it leaves the groups alone, because limiting devices there takes a right that roots of
  /// containers lack.
  private String run(String runtime, Path bundle) throws Exception {
    String run =
        "--root %s run --bundle %s sealift-%s"
            .formatted(dir.resolve("state"), bundle, UUID.randomUUID());
    List<String> command =
        runtime.equals("crun")
            ? List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "umount -l /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup"
                    + " && exec crun --cgroup-manager=disabled "
                    + run)
            : List.of("sh", "-c", "exec runc " + run);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return output + "exit status " + process.waitFor();
  }
}
