package io.sealift.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A daemon as a process of its own, as the launcher starts it, until {@link #close} kills it.
public final class DaemonProcess implements AutoCloseable {

  private static final Path ROOT =
      Path.of(System.getProperty("sealift.root", "../..")).toAbsolutePath().normalize();
  private static final String END = "";

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();

  private DaemonProcess(Process process) {
    this.process = process;
    Thread _ = Thread.ofVirtual().start(this::read);
  }

  /// Starts it and returns when it listens.
  ///
  /// @param front which one, as `kata`
  public static DaemonProcess started(String front, List<String> options) throws Exception {
    return started(front, List.of(), options);
  }

  /// The same.
  ///
  /// @param before what starts the program, as `setpriv`
  public static DaemonProcess started(String front, List<String> before, List<String> options)
      throws Exception {
    DaemonProcess started = start(front, before, options);
    started.await("event=ready");
    return started;
  }

  /// Starts it.
  ///
  /// @param before what starts the program
  public static DaemonProcess start(String front, List<String> before, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>(before);
    // A build that was started in the background, or by nohup, has these ignored.
    command.addAll(List.of("env", "--default-signal=HUP,INT"));
    command.add(ROOT.resolve("sealift").toString());
    command.addAll(List.of("serve", front));
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SEALIFT_REBUILD", "never");
    builder.environment().put("SEALIFT_JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    process.getOutputStream().close();
    return new DaemonProcess(process);
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
      }
    } catch (IOException killed) {
      lines.add(killed.toString());
    }
    lines.add(END);
  }

  /// The next line that has this part.
  public String await(String part) throws InterruptedException {
    while (true) {
      String line = lines.take();
      if (line.equals(END)) {
        throw new IllegalStateException(
            "the daemon ended before it said '%s': %s".formatted(part, seen));
      }
      seen.add(line);
      if (line.contains(part)) {
        return line;
      }
    }
  }

  /// Returns after so many more lines, or when the daemon ended.
  public void awaitLines(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      String line = lines.take();
      if (line.equals(END)) {
        lines.add(END);
        return;
      }
      seen.add(line);
    }
  }

  /// All lines of a daemon that ended.
  public List<String> lines() throws InterruptedException {
    for (String line = lines.take(); !line.equals(END); line = lines.take()) {
      seen.add(line);
    }
    return List.copyOf(seen);
  }

  public long pid() {
    return process.pid();
  }

  /// Sends a signal by its name.
  public void signal(String name) throws Exception {
    int _ = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
  }

  /// The exit status.
  public int await() throws InterruptedException {
    return process.waitFor();
  }

  public void kill() {
    Process _ = process.destroyForcibly().onExit().join();
  }

  /// Where its descriptors lead.
  public List<String> descriptors() throws IOException {
    List<String> targets = new ArrayList<>();
    try (var all = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
      for (Path descriptor : all.toList()) {
        targets.add(Files.readSymbolicLink(descriptor).toString());
      }
    }
    return targets;
  }

  /// What the kernel says that it had of memory at most, page cache left out.
  public long peakKib() throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow();
  }

  /// The names of its threads.
  public List<String> threads() throws IOException {
    List<String> names = new ArrayList<>();
    try (var all = Files.list(Path.of("/proc", Long.toString(pid()), "task"))) {
      for (Path thread : all.toList()) {
        names.add(Files.readString(thread.resolve("comm")).strip());
      }
    }
    return names;
  }

  @Override
  public void close() {
    kill();
  }
}
