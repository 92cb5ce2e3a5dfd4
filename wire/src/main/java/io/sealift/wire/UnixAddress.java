package io.sealift.wire;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Reads addresses of the form `unix:///PATH`, the only one that guests use on ttrpc here.
public final class UnixAddress {

  private static final String PREFIX = "unix://";

  private UnixAddress() {}

  /// @throws IllegalArgumentException when it is no such address, with the reason
  public static Path parse(String address) {
    if (!address.startsWith(PREFIX + "/")) {
      throw new IllegalArgumentException(
          "'%s' is no address of a Unix socket, expected unix:///PATH".formatted(address));
    }
    try {
      return Path.of(address.substring(PREFIX.length()));
    } catch (InvalidPathException malformed) {
      throw new IllegalArgumentException(
          "'%s' holds no path: %s".formatted(address, malformed.getReason()), malformed);
    }
  }
}
