package io.sealift.registries;

import io.sealift.oci.Reference;

/// Which references a `[[registry]]` is about: those that begin with a text and go on with `/`,
/// `:`, `@` or nothing; or, with `*.` before it, those of any host below a domain.
///
/// @param text `host[:port]`, `host[:port]/namespace…[:tag|@digest]` or `*.domain`
record Prefix(String text) {

  private static final String ANY = "*.";

  /// How a reference stands to a prefix.
  enum Match {
    NONE,
    /// The reference has a port, which the prefix does not speak of.
    OTHER_PORT,
    FULL
  }

  boolean isWildcard() {
    return text.startsWith(ANY);
  }

  /// What of a reference is compared; of one with both only the digest says which image is meant.
  private static String target(Reference reference) {
    return reference.repository()
        + (reference.digest() == null ? ":" + reference.tag() : "@" + reference.digest());
  }

  private static int port(String host) {
    int colon = host.lastIndexOf(':');
    return colon > host.lastIndexOf(']') ? colon : -1;
  }

  Match match(Reference reference) {
    String host = reference.domain();
    int port = port(host);
    String bare = port < 0 ? host : host.substring(0, port);
    if (isWildcard()) {
      boolean below = bare.endsWith(text.substring(1)) && bare.length() >= text.length();
      return !below ? Match.NONE : port < 0 ? Match.FULL : Match.OTHER_PORT;
    }
    if (port >= 0 && text.equals(bare)) {
      return Match.OTHER_PORT;
    }
    String target = target(reference);
    boolean begins =
        target.startsWith(text)
            && (target.length() == text.length()
                || "/:@".indexOf(target.charAt(text.length())) >= 0);
    return begins ? Match.FULL : Match.NONE;
  }

  /// What follows the matched part: `/image:tag`, `:tag`, or nothing.
  String rest(Reference reference) {
    int end = isWildcard() ? reference.domain().length() : text.length();
    return target(reference).substring(end);
  }

  @Override
  public String toString() {
    return text;
  }
}
