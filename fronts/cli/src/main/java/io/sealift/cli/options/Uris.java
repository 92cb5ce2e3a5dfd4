package io.sealift.cli.options;

import java.nio.file.Path;

/// What options take for a file: a path, relative or not, or a URI.
public final class Uris {

  private Uris() {}

  /// Whether it is a URI, and no path.
  static boolean isUri(String place) {
    return place.startsWith("file:") || place.contains("://");
  }

  /// The place as a source of secrets knows it.
  public static String of(String place) {
    return isUri(place) ? place : Path.of(place).toAbsolutePath().normalize().toString();
  }
}
