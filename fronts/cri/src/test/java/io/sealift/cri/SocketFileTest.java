package io.sealift.cri;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.StoreException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketFileTest {

  @TempDir Path directory;
  private Path path;

  @BeforeEach
  void name() {
    path = directory.resolve("run/deep/cri.sock");
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static boolean answers(Path path) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException nobody) {
      return false;
    }
  }

  private List<String> entries() throws IOException {
    try (Stream<Path> files = Files.list(path.resolveSibling("."))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void isItsOwnersAloneAndGoneAtTheEnd() throws Exception {
    try (SocketFile _ = SocketFile.listen(path)) {
      assertEquals("rw-------", mode(path));
      assertEquals("rwx------", mode(path.resolveSibling(".")));
      assertEquals(List.of("cri.sock"), entries());
      assertTrue(answers(path));
    }
    assertEquals(List.of(), entries());
  }

  @Test
  void oneThatNobodyAnswersOnIsReplaced() throws Exception {
    Files.createDirectories(path.resolveSibling("."));
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path));
    }
    assertTrue(Files.exists(path));
    assertFalse(answers(path));
    try (SocketFile _ = SocketFile.listen(path)) {
      assertTrue(answers(path));
    }
  }

  @Test
  void oneThatSomebodyAnswersOnIsLeft() throws Exception {
    try (SocketFile _ = SocketFile.listen(path)) {
      String message =
          assertThrows(StoreException.class, () -> SocketFile.listen(path)).getMessage();
      assertEquals(
          "listen on %s: another process answers there; end it, or choose another with --socket"
              .formatted(path),
          message);
      assertTrue(answers(path));
      assertEquals(List.of("cri.sock"), entries());
    }
  }

  @Test
  void whatIsNoSocketIsLeft() throws Exception {
    Files.createDirectories(path.resolveSibling("."));
    Files.writeString(path, "precious");
    assertTrue(
        assertThrows(StoreException.class, () -> SocketFile.listen(path))
            .getMessage()
            .contains("expected a socket or nothing there"));
    assertEquals("precious", Files.readString(path));
    Path link = directory.resolve("link");
    Files.createSymbolicLink(link, path);
    assertThrows(StoreException.class, () -> SocketFile.listen(link));
    assertTrue(Files.isSymbolicLink(link));
  }

  @Test
  void thatOfASuccessorIsLeft() throws Exception {
    SocketFile first = SocketFile.listen(path);
    Files.delete(path);
    try (SocketFile _ = SocketFile.listen(path)) {
      first.close();
      assertTrue(answers(path));
    }
  }

  @Test
  void onePathThatIsTooLongForClientsIsRefused() {
    Path far = directory.resolve("x".repeat(120));
    String message = assertThrows(StoreException.class, () -> SocketFile.listen(far)).getMessage();
    assertEquals(
        "listen on %s: its %d bytes are more than the 107 of a Unix socket's path; choose another with --socket"
            .formatted(far, far.toString().length()),
        message);
  }
}
