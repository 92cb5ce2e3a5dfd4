package io.sealift.secret;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.TreeSet;

/// Resources from several sources, each of which knows one scheme: `file:///PATH` and bare paths,
/// `kbs:///…` and `kbs+PLUGIN:///…`.
public final class SecretsByScheme implements SecretSource {

  private final Map<String, SecretSource> sources;

  /// @param sources by scheme, without the colon; bare paths go to `file`
  public SecretsByScheme(Map<String, SecretSource> sources) {
    this.sources = Map.copyOf(sources);
  }

  @Override
  public byte[] read(String uri, int maxBytes) throws ImageException, InterruptedIOException {
    String scheme = scheme(uri);
    SecretSource source = sources.get(scheme);
    if (source == null) {
      throw new BadReferenceException(
          "read %s: nothing here reads resources of the scheme %s; it knows %s"
              .formatted(uri, scheme, String.join(", ", new TreeSet<>(sources.keySet()))));
    }
    return source.read(uri, maxBytes);
  }

  private static String scheme(String uri) {
    int colon = uri.indexOf(':');
    if (colon < 0 || !uri.substring(0, colon).matches("[a-z][a-z0-9+.-]*")) {
      return "file";
    }
    String scheme = uri.substring(0, colon);
    int plus = scheme.indexOf('+');
    return plus < 0 ? scheme : scheme.substring(0, plus);
  }
}
