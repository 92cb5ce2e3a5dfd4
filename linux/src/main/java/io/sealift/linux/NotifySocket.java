package io.sealift.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.Quoted;
import io.sealift.failure.StoreException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Where a service manager such as systemd is told how a daemon goes (sd_notify(3)): a datagram
/// socket, which the Java platform has none of on Unix. Thread-safe.
public final class NotifySocket {

  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;

  /// Bytes of `struct sockaddr_un` before the path, and of the path (`unix(7)`).
  private static final int PATH_AT = 2;

  private static final int MAX_PATH_BYTES = 108;

  /// Bytes of a message; those that are sent are short.
  private static final int MAX_STATE_BYTES = 4096;

  private final String address;
  private final byte[] path;

  private NotifySocket(String address, byte[] path) {
    this.address = address;
    this.path = path;
  }

  /// The socket of this address.
  ///
  /// @param address what the variable `NOTIFY_SOCKET` says: a path, or a name after `@`
  public static NotifySocket of(String address) throws BadReferenceException {
    byte[] path = address.getBytes(StandardCharsets.UTF_8);
    boolean isNamed = address.startsWith("@") && path.length <= MAX_PATH_BYTES;
    boolean isPath = address.startsWith("/") && path.length < MAX_PATH_BYTES;
    if (!(isNamed || isPath) || address.indexOf('\0') >= 0) {
      throw new BadReferenceException(
          "read NOTIFY_SOCKET=%s: expected the path of a Unix socket, or its name after @, of less than %d bytes"
              .formatted(Quoted.of(address, MAX_PATH_BYTES), MAX_PATH_BYTES));
    }
    if (isNamed) {
      path[0] = 0;
    }
    return new NotifySocket(address, path);
  }

  /// Sends assignments, one a line, such as `READY=1`.
  public void send(String state) throws StoreException {
    byte[] text = state.getBytes(StandardCharsets.UTF_8);
    if (text.length > MAX_STATE_BYTES) {
      throw new IllegalArgumentException("state of " + text.length + " bytes");
    }
    try (Kernel kernel = Kernel.open()) {
      MemorySegment to = kernel.struct();
      to.fill((byte) 0);
      to.set(JAVA_SHORT, 0, (short) AF_UNIX);
      MemorySegment.copy(path, 0, to, JAVA_BYTE, PATH_AT, path.length);
      MemorySegment message = kernel.allocate(MAX_STATE_BYTES);
      MemorySegment.copy(text, 0, message, JAVA_BYTE, 0, text.length);
      int socket =
          (int) kernel.must(Syscall.SOCKET, address, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, 0);
      try {
        long sent =
            kernel.call(
                Syscall.SENDTO,
                socket,
                message.address(),
                text.length,
                MSG_NOSIGNAL,
                kernel.structAddress(),
                PATH_AT + path.length);
        if (sent < 0) {
          throw Kernel.failure(Syscall.SENDTO, address, sent);
        }
      } finally {
        kernel.closeDescriptor(socket);
      }
    }
  }
}
