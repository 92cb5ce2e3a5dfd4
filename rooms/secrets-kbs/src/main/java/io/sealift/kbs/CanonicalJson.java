package io.sealift.kbs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.TreeMap;

/// JSON in the one form that both sides hash (RFC 8785): members in the order of their UTF-16
/// units, no space, and strings with as few escapes as possible. Only objects and strings are
/// needed here.
final class CanonicalJson {

  private CanonicalJson() {}

  /// @param object of strings, and of objects like itself
  static byte[] of(Map<String, ?> object) {
    StringBuilder text = new StringBuilder();
    write(object, text);
    return text.toString().getBytes(UTF_8);
  }

  private static void write(Map<?, ?> object, StringBuilder text) {
    Map<String, Object> sorted = new TreeMap<>();
    object.forEach((name, value) -> sorted.put((String) name, value));
    text.append('{');
    String separator = "";
    for (Map.Entry<String, Object> member : sorted.entrySet()) {
      text.append(separator);
      separator = ",";
      write(member.getKey(), text);
      text.append(':');
      switch (member.getValue()) {
        case String string -> write(string, text);
        case Map<?, ?> inner -> write(inner, text);
        default -> throw new IllegalArgumentException("neither an object nor a string");
      }
    }
    text.append('}');
  }

  private static void write(String string, StringBuilder text) {
    text.append('"');
    for (int at = 0; at < string.length(); at++) {
      char c = string.charAt(at);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        case '\b' -> text.append("\\b");
        case '\t' -> text.append("\\t");
        case '\n' -> text.append("\\n");
        case '\f' -> text.append("\\f");
        case '\r' -> text.append("\\r");
        default -> {
          if (c < ' ') {
            text.append("\\u%04x".formatted((int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
