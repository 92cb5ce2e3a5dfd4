package io.sealift.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActivationTest {

  /// Listens on the path of its first argument, and gives that socket to a program as standard
  /// input.
  private static final String MANAGER =
      """
      import os, socket, subprocess, sys
      listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
      listening.bind(sys.argv[1])
      listening.listen(8)
      print("listening", flush=True)
      sys.exit(subprocess.call(sys.argv[2:], stdin=listening))
      """;

  @TempDir Path scratch;

  /// A daemon that answers one call.
  static final class Daemon {
    private Daemon() {}

    public static void main(String[] arguments) throws Exception {
      Optional<ServerSocketChannel> socket = Activation.socket(System.getenv()::get);
      if (socket.isEmpty()) {
        System.out.println("no socket");
        return;
      }
      try (SocketChannel call = socket.get().accept()) {
        call.write(ByteBuffer.wrap("hello".getBytes(UTF_8)));
      }
      System.out.println("answered");
    }
  }

  private static List<String> daemon() {
    String classPath =
        Stream.of(Activation.class, ImageException.class, Daemon.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .map(place -> Path.of(URI.create(place.toString())).toString())
            .collect(Collectors.joining(":"));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        // Where this class is when the tests are patched into the module.
        classPath + ":" + Path.of("target", "test-classes").toAbsolutePath(),
        Daemon.class.getName());
  }

  @Test
  @Tag("peers")
  void aCallComesBeforeTheDaemonDoes() throws Exception {
    Path path = scratch.resolve("s");
    List<String> command = new ArrayList<>(List.of("python3", "-c", MANAGER, path.toString()));
    command.addAll(daemon());
    Process manager = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var output = manager.inputReader(UTF_8);
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      assertEquals("listening", output.readLine());
      client.connect(UnixDomainSocketAddress.of(path));
      ByteBuffer answer = ByteBuffer.allocate(100);
      while (client.read(answer) >= 0) {}
      assertEquals("hello", new String(answer.array(), 0, answer.position(), UTF_8));
      assertEquals("answered", output.readLine());
    } finally {
      manager.destroyForcibly();
    }
  }

  @Test
  void whoeverIsStartedByHandHasNone() throws Exception {
    Process daemon =
        new ProcessBuilder(daemon())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .start();
    assertEquals("no socket\n", new String(daemon.getInputStream().readAllBytes(), UTF_8));
  }

  @Test
  void saysWhenSocketsAreElsewhere() {
    String pid = Long.toString(ProcessHandle.current().pid());
    assertEquals(
        "take socket of LISTEN_FDS=2: expected one that listens as standard input, found none; set StandardInput=socket in the unit",
        assertThrows(
                BadReferenceException.class,
                () -> Activation.socket(Map.of("LISTEN_FDS", "2", "LISTEN_PID", pid)::get))
            .getMessage());
  }

  @Test
  void whatIsForAnotherProcessIsLeftAlone() throws Exception {
    assertEquals(
        Optional.empty(), Activation.socket(Map.of("LISTEN_FDS", "1", "LISTEN_PID", "1")::get));
  }
}
