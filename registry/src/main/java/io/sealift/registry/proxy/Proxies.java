package io.sealift.registry.proxy;

import io.sealift.failure.BadReferenceException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The environment's forward proxies, by the rules of Go's programs, and so of the containers
/// tools:
///
/// | variable | for |
/// |---|---|
/// | `HTTP_PROXY`, or else `http_proxy` | servers without TLS |
/// | `HTTPS_PROXY`, or else `https_proxy` | servers with TLS |
/// | `NO_PROXY`, or else `no_proxy` | servers that are spoken to without one |
///
/// `HTTP_PROXY` does not count where `REQUEST_METHOD` is set: in a CGI program whoever sends a
/// request can set it. Immutable.
public final class Proxies {

  /// Never any.
  public static final Proxies NONE = new Proxies(null, null, NoProxy.parse(""));

  private final @Nullable Proxy plain;
  private final @Nullable Proxy secured;
  private final NoProxy exceptions;

  private Proxies(@Nullable Proxy plain, @Nullable Proxy secured, NoProxy exceptions) {
    this.plain = plain;
    this.secured = secured;
    this.exceptions = exceptions;
  }

  /// @throws BadReferenceException when a variable names no proxy
  public static Proxies of(Map<String, String> environment) throws BadReferenceException {
    boolean cgi = !environment.getOrDefault("REQUEST_METHOD", "").isEmpty();
    return new Proxies(
        proxy(environment, "HTTP_PROXY", cgi),
        proxy(environment, "HTTPS_PROXY", false),
        NoProxy.parse(environment.getOrDefault(variable(environment, "NO_PROXY", false), "")));
  }

  private static @Nullable Proxy proxy(
      Map<String, String> environment, String name, boolean lowerOnly)
      throws BadReferenceException {
    String variable = variable(environment, name, lowerOnly);
    String value = environment.getOrDefault(variable, "");
    return value.isEmpty() ? null : Proxy.parse(value, variable);
  }

  private static String variable(Map<String, String> environment, String name, boolean lowerOnly) {
    return lowerOnly || environment.getOrDefault(name, "").isEmpty()
        ? name.toLowerCase(Locale.ROOT)
        : name;
  }

  /// The proxy that leads to a server; empty to speak to it directly.
  ///
  /// @param tls whether it is spoken to with TLS
  /// @param host without brackets
  public Optional<Proxy> leadingTo(boolean tls, String host, int port) {
    Proxy proxy = tls ? secured : plain;
    return proxy == null || exceptions.matches(host, port) ? Optional.empty() : Optional.of(proxy);
  }
}
