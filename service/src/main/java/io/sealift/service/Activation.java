package io.sealift.service;

import io.sealift.failure.BadReferenceException;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A socket that whoever started this daemon listens on already (systemd.socket(5)), so that no
/// call is refused while the daemon starts or is exchanged for another one.
///
/// The Java platform takes such a socket as standard input only. That is where systemd puts it with
/// `StandardInput=socket`, and where a launcher has to put the one that it was given as descriptor
/// 3 (sd_listen_fds(3)).
public final class Activation {

  private Activation() {}

  /// The socket, when there is one: a stream socket that listens.
  ///
  /// Closing it makes standard output and error go nowhere, so it stays open until the process
  /// ends.
  ///
  /// @param environment gives a variable, or null
  /// @throws BadReferenceException when sockets were announced that are not to be had here
  public static Optional<ServerSocketChannel> socket(UnaryOperator<@Nullable String> environment)
      throws BadReferenceException {
    Channel inherited = inherited();
    if (inherited instanceof ServerSocketChannel socket) {
      return Optional.of(socket);
    }
    String announced = environment.apply("LISTEN_FDS");
    if (announced != null && isForUs(environment.apply("LISTEN_PID"))) {
      throw new BadReferenceException(
          "take socket of LISTEN_FDS=%s: expected one that listens as standard input, found %s; set StandardInput=socket in the unit"
              .formatted(
                  announced.replaceAll("[^0-9]", "?"),
                  inherited == null ? "none" : "another channel"));
    }
    return Optional.empty();
  }

  private static @Nullable Channel inherited() throws BadReferenceException {
    try {
      return System.inheritedChannel();
    } catch (IOException failed) {
      throw new BadReferenceException(
          "take socket of standard input: " + failed.getMessage(), failed);
    }
  }

  private static boolean isForUs(@Nullable String pid) {
    return pid != null && pid.equals(Long.toString(ProcessHandle.current().pid()));
  }
}
