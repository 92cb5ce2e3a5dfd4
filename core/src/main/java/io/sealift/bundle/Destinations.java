package io.sealift.bundle;

import io.sealift.failure.UnsafeContentException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// Paths inside a container that an image names: its working directory and its volumes.
final class Destinations {

  /// Bytes of a path, as Linux bounds it.
  private static final int MAX_BYTES = 4096;

  /// Volumes of an image; real ones have a handful.
  private static final int MAX_VOLUMES = 1024;

  private Destinations() {}

  /// The working directory: `/` when there is none, made absolute from the root. One with `..` in
  /// it is cleaned, never above the root.
  static String workingDirectory(String text) throws UnsafeContentException {
    refuse(text, "working directory");
    String absolute = text.startsWith("/") ? text : "/" + text;
    return parts(absolute).contains("..") ? clean(absolute) : absolute;
  }

  /// The volumes' mount points, cleaned, in ascending order of their bytes, each once.
  ///
  /// @throws UnsafeContentException when one is the root or has `..` in it (CVE-2022-23648)
  static List<String> volumes(Collection<String> texts) throws UnsafeContentException {
    if (texts.size() > MAX_VOLUMES) {
      throw new UnsafeContentException(
          "read volumes: %d are more than the %d allowed".formatted(texts.size(), MAX_VOLUMES));
    }
    SortedSet<String> volumes = new TreeSet<>(Destinations::compareBytes);
    for (String text : texts) {
      refuse(text, "volume");
      if (parts(text).contains("..")) {
        throw new UnsafeContentException(
            "read volume %s: expected a path without ..".formatted(Quoted.of(text)));
      }
      String path = clean(text);
      if (path.equals("/")) {
        throw new UnsafeContentException(
            "read volume %s: it would hide the whole image".formatted(Quoted.of(text)));
      }
      volumes.add(path);
    }
    return List.copyOf(volumes);
  }

  /// The order of the texts' UTF-8 bytes.
  static int compareBytes(String one, String other) {
    return Arrays.compareUnsigned(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static void refuse(String text, String what) throws UnsafeContentException {
    if (text.indexOf('\0') >= 0) {
      throw new UnsafeContentException(
          "read %s %s: a path has no NUL".formatted(what, Quoted.of(text)));
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new UnsafeContentException("read %s: more than %d bytes".formatted(what, MAX_BYTES));
    }
  }

  private static List<String> parts(String path) {
    return Arrays.asList(path.split("/", -1));
  }

  private static String clean(String path) {
    List<String> kept = new ArrayList<>();
    for (String part : parts(path)) {
      if (part.equals("..")) {
        if (!kept.isEmpty()) {
          kept.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        kept.add(part);
      }
    }
    return "/" + String.join("/", kept);
  }
}
