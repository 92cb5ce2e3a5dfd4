package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.DaemonProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A socket that a service manager made, which python3 is here.
@Tag("peers")
class SocketActivationIT {

  /// Makes a socket, hands it over as descriptor `AT`, and becomes the program.
  private static final String MANAGER =
      """
      import os, socket, sys
      made = socket.socket(socket.AF_UNIX)
      made.bind(sys.argv[1])
      made.listen(5)
      at = int(sys.argv[2])
      os.dup2(made.fileno(), at)
      os.set_inheritable(at, True)
      if at == 3:
          os.environ['LISTEN_FDS'] = '1'
          os.environ['LISTEN_PID'] = str(os.getpid())
      os.execvp(sys.argv[3], sys.argv[3:])
      """;

  @TempDir private Path dir;

  /// As systemd does with `StandardInput=socket`, and as sd_listen_fds(3) has it.
  @ParameterizedTest
  @CsvSource({"0", "3"})
  void isTaken(String descriptor) throws Exception {
    try (TestGuest guest = new TestGuest(dir)) {
      guest.options.remove("--log-level=error");
      guest.push("app", "one");
      Path socket = guest.directory.resolve("made.sock");
      Path manager = Files.writeString(guest.directory.resolve("manager.py"), MANAGER);
      try (DaemonProcess daemon =
          DaemonProcess.start(
              "kata",
              List.of("python3", manager.toString(), socket.toString(), descriptor),
              guest.options)) {
        String listening = daemon.await("event=listening");
        assertTrue(listening.contains("socket=" + socket), listening);
        try (TestAgent agent = TestAgent.connect(socket)) {
          assertEquals("0", agent.pull(guest.name("app"), guest.bundle("c1")).toString());
        }
        daemon.signal("TERM");
        assertEquals(0, daemon.await());
        assertTrue(Files.exists(socket));
      }
    }
  }
}
