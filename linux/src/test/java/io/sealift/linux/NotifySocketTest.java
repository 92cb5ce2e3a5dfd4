package io.sealift.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.StoreException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotifySocketTest {

  /// Binds the address of its argument, says so, and prints the datagrams that come, up to
  /// `STOPPING=1`.
  private static final String RECEIVER =
      """
      import socket, sys
      receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      receiver.bind(sys.argv[1].replace("@", "\\0", 1))
      print("bound", flush=True)
      while True:
          message = receiver.recv(8192)
          print(repr(message.decode()), flush=True)
          if b"STOPPING=1" in message:
              break
      """;

  @TempDir Path scratch;

  @Tag("peers")
  @ParameterizedTest
  @ValueSource(strings = {"path", "name"})
  void aSupervisorIsTold(String kind) throws Exception {
    String address =
        kind.equals("path")
            ? scratch.resolve("notify").toString()
            : "@sealift-test-" + ProcessHandle.current().pid();
    Process receiver =
        new ProcessBuilder("python3", "-c", RECEIVER, address)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(receiver.getInputStream(), UTF_8))) {
      assertEquals("bound", lines.readLine());
      NotifySocket socket = NotifySocket.of(address);
      socket.send("READY=1");
      assertEquals("'READY=1'", lines.readLine());
      socket.send("RELOADING=1\nMONOTONIC_USEC=17");
      assertEquals("'RELOADING=1\\nMONOTONIC_USEC=17'", lines.readLine());
      socket.send("STOPPING=1\nSTATUS=" + "é".repeat(2000));
      assertEquals("'STOPPING=1\\nSTATUS=" + "é".repeat(2000) + "'", lines.readLine());
    } finally {
      receiver.destroyForcibly();
    }
  }

  @Test
  void saysThatNobodyListens() throws Exception {
    Path nobody = scratch.resolve("nobody");
    NotifySocket socket = NotifySocket.of(nobody.toString());
    assertEquals(
        "sendto " + nobody + ": ENOENT (no such file or directory)",
        assertThrows(StoreException.class, () -> socket.send("READY=1")).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "notify", "vsock:2:1", "/\0", "/TOO_LONG", "@TOO_LONG"})
  void refusesOtherAddresses(String address) {
    String given = address.replace("TOO_LONG", "x".repeat(108));
    assertThrows(BadReferenceException.class, () -> NotifySocket.of(given));
  }
}
