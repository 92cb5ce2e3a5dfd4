package io.sealift.registries;

import io.sealift.failure.BadReferenceException;
import io.sealift.oci.Digest;
import io.sealift.oci.Reference;
import io.sealift.source.Place;
import io.sealift.toml.Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What takes the place of the matched part of a reference.
///
/// @param text `host[:port]…` like a prefix, `oci:/DIRECTORY`, or empty to leave the reference as
///   it is
/// @param insecure whether the registry may be spoken to without knowing it, or without TLS
/// @param why why it is a place, as {@link Place#why}
record Location(String text, boolean insecure, String why) {

  private static final String LAYOUT = "oci:";

  /// Reads one as a setting has it, without slashes at its end.
  static String parse(Settings settings, String key) throws BadReferenceException {
    String given = settings.text(key);
    String text = given == null ? "" : given.replaceFirst("/+$", "");
    if (text.startsWith("http://") || text.startsWith("https://")) {
      throw settings.bad(
          key,
          "expected a registry without a scheme, found '%s'; for one without TLS set insecure = true"
              .formatted(text));
    }
    return text;
  }

  /// One that images are had from.
  static String parsePhysical(Settings settings, String key) throws BadReferenceException {
    String text = parse(settings, key);
    if (text.startsWith(LAYOUT)) {
      directory(settings, key, text);
    } else if (!text.isEmpty() && !isRepositoryForm(text)) {
      throw settings.bad(
          key,
          "expected host[:port][/namespace…] with a dot or a port in the host, or oci:/DIRECTORY, found '%s'"
              .formatted(text));
    }
    return text;
  }

  private static void directory(Settings settings, String key, String text)
      throws BadReferenceException {
    try {
      if (Path.of(text.substring(LAYOUT.length())).isAbsolute()) {
        return;
      }
    } catch (InvalidPathException malformed) {
      throw settings.bad(key, "'%s' is not a path".formatted(text));
    }
    throw settings.bad(key, "expected oci: and an absolute path, found '%s'".formatted(text));
  }

  /// Whether a text is a host, or a host and the beginning of a repository, or all of a reference.
  static boolean isRepositoryForm(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    boolean named = host.equals("localhost") || host.indexOf('.') >= 0 || host.indexOf(':') >= 0;
    if (!named || !Reference.isHost(host)) {
      return false;
    }
    if (slash < 0) {
      return true;
    }
    try {
      Reference.parse(text);
      return true;
    } catch (BadReferenceException malformed) {
      return false;
    }
  }

  /// Where the image of a reference is by this.
  ///
  /// @param rest what follows the matched part
  Place place(Reference reference, String rest) throws BadReferenceException {
    if (text.isEmpty()) {
      return new Place.Repository(reference, insecure, why);
    }
    if (text.startsWith(LAYOUT)) {
      return layout(reference, rest);
    }
    try {
      return new Place.Repository(Reference.parse(text + rest), insecure, why);
    } catch (BadReferenceException malformed) {
      throw new BadReferenceException(
          "find %s: %s leads to '%s', which is no reference".formatted(reference, why, text + rest),
          malformed);
    }
  }

  /// In a layout an image goes by its whole name, or by what the prefix leaves of it.
  private Place layout(Reference reference, String rest) {
    Path directory = Path.of(text.substring(LAYOUT.length()));
    Digest digest = reference.digest();
    List<String> names = new ArrayList<>();
    if (digest == null) {
      names.add(reference.toString());
      if (!rest.isEmpty()) {
        names.add(rest.substring(1));
      }
    }
    return new Place.Layout(directory, names, digest, why);
  }
}
