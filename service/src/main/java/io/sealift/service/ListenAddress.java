package io.sealift.service;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.Quoted;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a daemon listens for those who watch it. Nobody is asked who they are there, so it is this
/// machine's loopback unless an address is named; names are not looked up.
public final class ListenAddress {

  private static final Pattern FORM =
      Pattern.compile(
          "(?:(?<host>(?:[0-9]{1,3}\\.){3}[0-9]{1,3}|localhost|\\[[0-9a-fA-F:.]+]):|:)?(?<port>[0-9]{1,5})");

  private static final int MAX_PORT = 65535;

  private static final int MAX_QUOTED = 100;

  private ListenAddress() {}

  /// Reads `PORT`, `:PORT`, `localhost:PORT` (all of them loopback), `ADDRESS:PORT`, or
  /// `[ADDRESS]:PORT` for IPv6. Port 0 is any free one.
  ///
  /// @param option what it was given by, for the message
  public static InetSocketAddress parse(String text, String option) throws BadReferenceException {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group("port")) > MAX_PORT) {
      throw refused(text, option, null);
    }
    int port = Integer.parseInt(matcher.group("port"));
    String host = matcher.group("host");
    if (host == null || host.equals("localhost")) {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
    try {
      String literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    } catch (IllegalArgumentException noAddress) {
      throw refused(text, option, noAddress);
    }
  }

  private static BadReferenceException refused(
      String text, String option, @org.jspecify.annotations.Nullable Throwable cause) {
    String message =
        "read %s %s: expected ADDRESS:PORT with an IP address, such as 127.0.0.1:9464 or [::1]:9464"
            .formatted(option, Quoted.of(text, MAX_QUOTED));
    return cause == null
        ? new BadReferenceException(message)
        : new BadReferenceException(message, cause);
  }
}
