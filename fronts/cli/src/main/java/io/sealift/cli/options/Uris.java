package io.sealift.cli.options;

import java.nio.file.Path;

/// What options take for a file: a path, relative or not, or a URI.
final class Uris {

  private Uris() {}

  /// The place as a source of secrets knows it.
  static String of(String place) {
    return place.startsWith("file:") || place.contains("://")
        ? place
        : Path.of(place).toAbsolutePath().normalize().toString();
  }
}
