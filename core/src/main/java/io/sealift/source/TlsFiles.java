package io.sealift.source;

import java.nio.file.Path;
import java.util.List;

/// Files of certificates, in PEM, that settings name for one server.
///
/// @param authorities who may vouch for it, besides those that are trusted for all
/// @param own certificates of ours, shown to it when it asks
public record TlsFiles(List<Path> authorities, List<Pair> own) {

  public static final TlsFiles NONE = new TlsFiles(List.of(), List.of());

  public TlsFiles {
    authorities = List.copyOf(authorities);
    own = List.copyOf(own);
  }

  /// A certificate of ours and its private key, which may be in one file.
  public record Pair(Path certificate, Path key) {}

  public boolean isEmpty() {
    return authorities.isEmpty() && own.isEmpty();
  }
}
