package io.sealift.registry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A part of a blob that is asked for (RFC 9110, 14).
///
/// @param from its first byte
/// @param to the byte after its last one
/// @param size of the whole blob
/// @param tag of what the other parts are from: if that is another meanwhile, the whole is wanted
///   (RFC 9110, 13.1.5); null when there is none to rely on
record Part(long from, long to, long size, @Nullable String tag) {

  /// Characters of an entity tag; those of storage services have some seventy.
  private static final int MAX_TAG_LENGTH = 256;

  /// All of it, which is asked for without naming a range.
  static Part whole(long size) {
    return new Part(0, size, size, null);
  }

  boolean isWhole() {
    return from == 0 && to == size;
  }

  /// What has to be sent for it.
  Map<String, String> headers() {
    if (isWhole()) {
      return Map.of();
    }
    String range = "bytes=" + from + "-" + (to == size ? "" : to - 1);
    return tag == null ? Map.of("Range", range) : Map.of("Range", range, "If-Range", tag);
  }

  /// Whether an answer with status 206 is this part and no other.
  boolean isIn(Response answer) {
    String found = answer.header("content-range").orElse("");
    String range = "bytes " + from + "-" + (to - 1) + "/";
    return !isWhole() && (found.equals(range + size) || found.equals(range + "*"));
  }

  /// The strong tag of what an answer is from; null when there is none. Only characters that a tag
  /// may have go back to a server.
  static @Nullable String tagOf(Response answer) {
    String found = answer.header("etag").orElse("");
    boolean sound =
        found.length() > 2
            && found.length() <= MAX_TAG_LENGTH
            && found.indexOf('"', 1) == found.length() - 1
            && found.charAt(0) == '"'
            && found.chars().allMatch(c -> c > ' ' && c < 0x7f);
    return sound ? found : null;
  }

  /// Whether the server that gave an answer gives parts of the same thing too.
  static boolean areOffered(Response answer) {
    return answer.status() == 206
        || answer.header("accept-ranges").orElse("").equalsIgnoreCase("bytes");
  }
}
