package io.sealift.cri;

import io.sealift.failure.StoreException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The file of a Unix socket that is listened on, from {@link #listen} until {@link #close}, which
/// removes it. Only the user who made it can connect, from the first moment.
final class SocketFile implements AutoCloseable {

  /// Bytes of the path of a socket, as `sockaddr_un` has room for it (unix(7)).
  private static final int MAX_PATH_BYTES = 107;

  private static final FileAttribute<Set<PosixFilePermission>> OWNERS_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final Set<PosixFilePermission> OWNERS_SOCKET =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;
  private final ServerSocketChannel channel;
  private final @Nullable Object identity;
  private boolean open = true;

  private SocketFile(Path path, ServerSocketChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    identity = identity(path);
  }

  /// Listens at a path. Directories that are missing are made; a socket that nobody answers on, as
  /// a daemon that died leaves one, is replaced.
  ///
  /// @throws StoreException when somebody answers there, or something else is there
  static SocketFile listen(Path path) throws StoreException {
    try {
      Path directory = path.toAbsolutePath().getParent();
      if (directory == null || path.getFileName() == null) {
        throw new StoreException("listen on %s: expected the path of a file".formatted(path));
      }
      requireShort(path);
      Files.createDirectories(directory, OWNERS_DIRECTORY);
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        requireStale(path);
      }
      return new SocketFile(path, bind(path, directory));
    } catch (IOException failed) {
      throw new StoreException("listen on %s: %s".formatted(path, failed), failed);
    }
  }

  private static void requireShort(Path path) throws StoreException {
    int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_PATH_BYTES) {
      throw new StoreException(
          "listen on %s: its %d bytes are more than the %d of a Unix socket's path; choose another with --socket"
              .formatted(path, bytes, MAX_PATH_BYTES));
    }
  }

  private static void requireStale(Path path) throws IOException, StoreException {
    if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther()) {
      throw new StoreException(
          "listen on %s: expected a socket or nothing there, found another file; remove it, or choose another with --socket"
              .formatted(path));
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException nobody) {
      return;
    }
    throw new StoreException(
        "listen on %s: another process answers there; end it, or choose another with --socket"
            .formatted(path));
  }

  /// Under another name first, so that nobody sees the socket before it is the owner's alone, and
  /// nobody is turned away while it replaces another.
  private static ServerSocketChannel bind(Path path, Path directory) throws IOException {
    Path fresh = directory.resolve("." + ProcessHandle.current().pid() + ".sock");
    Files.deleteIfExists(fresh);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    boolean done = false;
    try {
      channel.bind(UnixDomainSocketAddress.of(fresh));
      Files.setPosixFilePermissions(fresh, OWNERS_SOCKET);
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
      done = true;
      return channel;
    } finally {
      if (!done) {
        channel.close();
        Files.deleteIfExists(fresh);
      }
    }
  }

  private static @Nullable Object identity(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  Path path() {
    return path;
  }

  ServerSocketChannel channel() {
    return channel;
  }

  /// Listens no more, and removes the file unless another process has put its own there.
  @Override
  public void close() throws IOException {
    if (!open) {
      return;
    }
    open = false;
    channel.close();
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && java.util.Objects.equals(identity, identity(path))) {
      Files.delete(path);
    }
  }
}
