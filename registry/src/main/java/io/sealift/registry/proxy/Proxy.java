package io.sealift.registry.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.failure.BadReferenceException;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A forward proxy. Never shows its password.
public final class Proxy {

  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;

  private final boolean tls;
  private final String host;
  private final int port;
  private final @Nullable String authorization;

  private Proxy(boolean tls, String host, int port, @Nullable String authorization) {
    this.tls = tls;
    this.host = host;
    this.port = port;
    this.authorization = authorization;
  }

  /// Reads `[http[s]://][USER[:PASSWORD]@]HOST[:PORT][/]`, user and password percent-encoded.
  ///
  /// @param name of the variable, for messages
  public static Proxy parse(String text, String name) throws BadReferenceException {
    try {
      URI uri = new URI(text.contains("://") ? text : "http://" + text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean tls = scheme.equals("https");
      String host = uri.getHost();
      int port = uri.getPort() < 0 ? (tls ? HTTPS_PORT : HTTP_PORT) : uri.getPort();
      if ((tls || scheme.equals("http")) && host != null && port > 0 && port <= 65_535) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new Proxy(tls, bare.toLowerCase(Locale.ROOT), port, basic(uri.getRawUserInfo()));
      }
      if (scheme.startsWith("socks")) {
        throw new BadReferenceException(
            "read %s: SOCKS is not spoken here; name a proxy of http or https".formatted(name));
      }
    } catch (URISyntaxException | IllegalArgumentException malformed) {
      // Falls through: the text, which may hold a password, is not repeated.
    }
    throw new BadReferenceException(
        "read %s: expected http[s]://[USER:PASSWORD@]HOST[:PORT], percent-encoded".formatted(name));
  }

  private static @Nullable String basic(@Nullable String userInfo) {
    if (userInfo == null) {
      return null;
    }
    int colon = userInfo.indexOf(':');
    byte[] user = decoded(colon < 0 ? userInfo : userInfo.substring(0, colon));
    byte[] password = decoded(colon < 0 ? "" : userInfo.substring(colon + 1));
    ByteArrayOutputStream pair = new ByteArrayOutputStream();
    pair.writeBytes(user);
    pair.write(':');
    pair.writeBytes(password);
    return "Basic " + Base64.getEncoder().encodeToString(pair.toByteArray());
  }

  /// A plus sign is one, as in every part of a URL but a form.
  private static byte[] decoded(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '%') {
        bytes.write(Integer.parseInt(text, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.writeBytes(text.substring(i, i + 1).getBytes(UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  /// Whether it is spoken to with TLS itself.
  public boolean tls() {
    return tls;
  }

  /// Without brackets.
  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /// The value of a `Proxy-Authorization` header; empty when the URL names no user.
  public Optional<String> authorization() {
    return Optional.ofNullable(authorization);
  }

  /// Without user and password.
  @Override
  public String toString() {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return (tls ? "https://" : "http://") + name + ":" + port;
  }
}
