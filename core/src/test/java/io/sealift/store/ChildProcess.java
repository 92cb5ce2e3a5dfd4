package io.sealift.store;

import io.sealift.failure.StoreException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Another Java process that uses a store; its {@link #main} is what it does. It says a line when
/// it got somewhere, and waits for one to go on.
final class ChildProcess implements AutoCloseable {

  private final Process process;
  private final BufferedReader output;

  private ChildProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ChildProcess start(String... arguments) throws IOException {
    String classPath =
        Stream.of(ChildProcess.class, Store.class, tools.jackson.core.JsonParser.class)
            .map(ChildProcess::origin)
            .distinct()
            .collect(Collectors.joining(":"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.addAll(List.of("-cp", classPath + ":" + testClasses()));
    command.add(ChildProcess.class.getName());
    command.addAll(Arrays.asList(arguments));
    return new ChildProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  private static String origin(Class<?> type) {
    return Path.of(
            java.net.URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  /// Where this class is when a test module is patched into the tested one.
  private static String testClasses() {
    return Path.of("target", "test-classes").toAbsolutePath().toString();
  }

  /// The next line that it says; `null` at its end.
  String said() throws IOException {
    return String.valueOf(output.readLine());
  }

  void goOn() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  int status() throws InterruptedException {
    return process.waitFor();
  }

  /// Ends it at once, with SIGKILL.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /// `pull WORK-DIR ROOTFS N` pulls and waits before the N-th change; `lease WORK-DIR` takes the
  /// lease of the layer `base`, waits, and commits it; `find WORK-DIR` takes that lease, says
  /// whether the layer is there, and waits; `try WORK-DIR` says whether it could.
  public static void main(String[] arguments) throws Exception {
    Path workDir = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "pull" -> {
        int at = Integer.parseInt(arguments[3]);
        Disk disk =
            new FaultyDisk(
                at,
                (change, what) -> {
                  if (change == at) {
                    say(what);
                  }
                });
        try (Store store = Store.open(workDir, new BareSnapshotter("bare"), disk)) {
          Samples.pull(store, Path.of(arguments[2]));
        }
        say("done");
      }
      case "lease" -> {
        try (Store store = Store.open(workDir, new BareSnapshotter("bare"));
            LayerLease lease = store.lease(Samples.layer("base"), () -> {})) {
          lease.tree();
          say(lease.present().isPresent() ? "present" : "absent");
          Samples.fill(lease, Samples.layer("base"));
        }
      }
      case "find" -> {
        try (Store store = Store.open(workDir, new BareSnapshotter("bare"));
            LayerLease lease = store.lease(Samples.layer("base"), () -> {})) {
          say(lease.present().isPresent() ? "present" : "absent");
        }
      }
      case "try" -> {
        try (StoreLock locks = StoreLock.open(workDir.resolve("lock"))) {
          long position = Store.position(Samples.layer("base"));
          say(locks.tryAcquire(position).isPresent() ? "free" : "taken");
        }
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void say(String line) throws StoreException {
    System.out.println(line);
    try {
      if (System.in.read() < 0) {
        throw new StoreException("nobody is listening");
      }
    } catch (IOException failed) {
      throw new StoreException("listen", failed);
    }
  }
}
