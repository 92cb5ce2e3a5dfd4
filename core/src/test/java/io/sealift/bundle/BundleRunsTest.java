package io.sealift.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.bundle.BundleOptions.Profile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is written is what runc and crun start, with a root of one static busybox.
@Tag("root")
@Tag("peers")
class BundleRunsTest {

  private static final String SCRIPT =
      "id -u; id -g; id -G; pwd; echo $GREETING; echo $PATH; cat /seed/file; touch /data/x && echo data;"
          + " touch /x 2>/dev/null && echo writable || echo read-only";

  @TempDir private Path temp;

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          runc, IMAGE_RS,   true,  read-only, ''
          runc, IMAGE_RS,   false, writable,  ''
          runc, CONTAINERD, true,  read-only, seed
          crun, IMAGE_RS,   true,  read-only, ''
          crun, IMAGE_RS,   false, writable,  ''
          crun, CONTAINERD, true,  read-only, seed
          """)
  void runs(String runtime, Profile profile, boolean readOnly, String root, String seed)
      throws Exception {
    Path rootfs = rootfs();
    try (DirectoryRoot files = new DirectoryRoot(rootfs)) {
      new BundleWriter(new BundleOptions(readOnly, profile, false))
          .write(
              temp,
              Images.admitted(
                  """
                  ,'author':'Ann','config':{'User':'app','Env':['GREETING=good morning'],'WorkingDir':'/srv/work',
                  'Volumes':{'/data':{},'/seed':{}},'StopSignal':'SIGINT','Labels':{'a':'b'},
                  'Entrypoint':['/bin/busybox','sh','-c'],'Cmd':['%s']}
                  """
                      .formatted(SCRIPT)),
              files);
    }
    Files.setAttribute(rootfs, "unix:mode", 0777);
    String expected =
        """
        1000
        1001
        %s
        /srv/work
        good morning
        /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        %sdata
        %s
        """
            .formatted("1001 5", seed.isEmpty() ? "" : seed + "\n", root);
    assertEquals(expected, output(runtime));
  }

  private Path rootfs() throws Exception {
    Path rootfs = Files.createDirectories(temp.resolve("rootfs"));
    Files.createDirectories(rootfs.resolve("bin"));
    Files.copy(Path.of("/bin/busybox"), rootfs.resolve("bin/busybox"));
    Files.setAttribute(rootfs.resolve("bin/busybox"), "unix:mode", 0755);
    for (String name : List.of("sh", "id", "pwd", "cat", "touch")) {
      Files.createSymbolicLink(rootfs.resolve("bin").resolve(name), Path.of("busybox"));
    }
    Files.createDirectories(rootfs.resolve("etc"));
    Files.writeString(rootfs.resolve("etc/passwd"), "app:x:1000:1001::/:\n");
    Files.writeString(rootfs.resolve("etc/group"), "extra:x:5:app\n");
    Files.createDirectories(rootfs.resolve("seed"));
    Files.writeString(rootfs.resolve("seed/file"), "seed\n");
    for (String volume : List.of("data", "seed")) {
      Path directory = Files.createDirectories(rootfs.resolve(volume));
      Files.setAttribute(directory, "unix:mode", 01777);
    }
    return rootfs;
  }

  /// What the container prints. Crun wants a pure hierarchy of control groups, so it gets one in a
  /// mount namespace of its own; it leaves the groups alone, because limiting devices there takes a
  /// right that roots of containers lack.
  private String output(String runtime) throws Exception {
    String options = "--root %s".formatted(temp.resolve("state"));
    String run = "run --bundle %s sealift-%s".formatted(temp, UUID.randomUUID());
    List<String> command =
        runtime.equals("crun")
            ? List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "umount -l /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup"
                    + " && exec crun --cgroup-manager=disabled %s %s".formatted(options, run))
            : List.of("sh", "-c", "exec runc %s %s".formatted(options, run));
    Path errors = temp.resolve("errors");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    String said = Files.readString(errors);
    assertEquals(0, status, said);
    return output;
  }
}
