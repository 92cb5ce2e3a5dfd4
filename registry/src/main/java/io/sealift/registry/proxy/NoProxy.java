package io.sealift.registry.proxy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Which servers are spoken to without a proxy (`no_proxy`, as Go's programs read it): entries with
/// commas or blanks between them.
///
/// | entry | means |
/// |---|---|
/// | `*` | all |
/// | `10.0.0.0/8`, `fd00::/8` | addresses in that network |
/// | `10.1.2.3`, `::1`, `[::1]`, with `:PORT` | that address |
/// | `example.org`, with `:PORT` | that host and all below it |
/// | `.example.org`, `*.example.org`, with `:PORT` | all hosts below it |
///
/// Only addresses that are written as such are addresses: no name is looked up. `localhost` and
/// addresses of this machine's loopback never have a proxy. What is none of these counts for
/// nothing.
final class NoProxy {

  private final List<Rule> rules = new ArrayList<>();

  /// A server's host, without brackets, and port.
  private interface Rule {
    boolean matches(String host, Optional<InetAddress> address, int port);
  }

  static NoProxy parse(String text) {
    NoProxy parsed = new NoProxy();
    for (String entry : text.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
      parsed.rule(entry).ifPresent(parsed.rules::add);
    }
    return parsed;
  }

  boolean matches(String server, int port) {
    String host = server.toLowerCase(Locale.ROOT);
    Optional<InetAddress> address = address(host);
    return host.equals("localhost")
        || address.filter(InetAddress::isLoopbackAddress).isPresent()
        || rules.stream().anyMatch(rule -> rule.matches(host, address, port));
  }

  private Optional<Rule> rule(String entry) {
    if (entry.equals("*")) {
      return Optional.of((_, _, _) -> true);
    }
    int slash = entry.indexOf('/');
    if (slash >= 0) {
      return network(entry.substring(0, slash), entry.substring(slash + 1));
    }
    String host = entry;
    int port = -1;
    int colon = entry.lastIndexOf(':');
    boolean bracketed = entry.startsWith("[");
    if (colon > entry.lastIndexOf(']') && (bracketed || entry.indexOf(':') == colon)) {
      String digits = entry.substring(colon + 1);
      if (!digits.matches("[0-9]{1,5}")) {
        return Optional.empty();
      }
      port = Integer.parseInt(digits);
      host = entry.substring(0, colon);
    }
    if (bracketed && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return host.isEmpty() ? Optional.empty() : Optional.of(rule(host, port));
  }

  /// @param port -1 for any
  private static Rule rule(String host, int port) {
    Optional<InetAddress> address = address(host);
    if (address.isPresent()) {
      return (_, other, at) -> other.equals(address) && (port < 0 || port == at);
    }
    String name = host.startsWith("*.") ? host.substring(1) : host;
    boolean itself = !name.startsWith(".");
    String suffix = itself ? "." + name : name;
    return (other, _, at) ->
        (other.endsWith(suffix) || (itself && other.equals(name))) && (port < 0 || port == at);
  }

  private static Optional<Rule> network(String base, String bits) {
    Optional<InetAddress> address = address(base);
    if (address.isEmpty() || !bits.matches("[0-9]{1,3}")) {
      return Optional.empty();
    }
    byte[] network = address.get().getAddress();
    int length = Integer.parseInt(bits);
    return length > network.length * 8
        ? Optional.empty()
        : Optional.of((_, other, _) ->
            other.isPresent() && begins(other.get().getAddress(), network, length));
  }

  private static boolean begins(byte[] address, byte[] network, int bits) {
    int whole = bits / 8;
    if (address.length != network.length || !Arrays.equals(address, 0, whole, network, 0, whole)) {
      return false;
    }
    int rest = bits % 8;
    return rest == 0 || ((address[whole] ^ network[whole]) & 0xff) >> (8 - rest) == 0;
  }

  /// An address that is written as one. No name is looked up.
  private static Optional<InetAddress> address(String text) {
    boolean literal =
        text.indexOf(':') >= 0
            ? text.matches("[0-9a-f:.]+")
            : text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    if (!literal) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException none) {
      return Optional.empty();
    }
  }
}
