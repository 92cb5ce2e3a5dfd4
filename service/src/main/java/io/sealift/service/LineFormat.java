package io.sealift.service;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// How a line of a log is written.
public enum LineFormat {
  /// `key=value` pairs between spaces; values in quotes where they would not end otherwise.
  TEXT {
    @Override
    String line(Instant time, Log.Level level, String event, Log.Field... fields) {
      StringBuilder line = new StringBuilder(LINE_CHARACTERS);
      pair(line, "time", TIME.format(time));
      pair(line.append(' '), "level", label(level));
      pair(line.append(' '), "event", event);
      for (Log.Field field : fields) {
        if (field.value() != null) {
          pair(line.append(' '), field.key(), field.value().toString());
        }
      }
      return line.append('\n').toString();
    }

    private void pair(StringBuilder line, String key, String value) {
      line.append(key).append('=');
      if (value.codePoints().allMatch(LineFormat::isPlain) && !value.isEmpty()) {
        append(line, value);
      } else {
        append(line.append('"'), value);
        line.append('"');
      }
    }
  },
  /// A JSON object (RFC 8259) on one line.
  JSON {
    @Override
    String line(Instant time, Log.Level level, String event, Log.Field... fields) {
      StringBuilder line = new StringBuilder(LINE_CHARACTERS).append('{');
      member(line, "time", TIME.format(time));
      member(line.append(','), "level", label(level));
      member(line.append(','), "event", event);
      for (Log.Field field : fields) {
        if (field.value() != null) {
          member(line.append(','), field.key(), field.value());
        }
      }
      return line.append("}\n").toString();
    }

    private void member(StringBuilder line, String key, Object value) {
      line.append('"').append(key).append("\":");
      switch (value) {
        case Boolean truth -> line.append(truth.booleanValue());
        case Long number -> line.append(number.longValue());
        case Integer number -> line.append(number.intValue());
        case Double number when Double.isFinite(number) -> line.append(number.doubleValue());
        default -> {
          append(line.append('"'), value.toString());
          line.append('"');
        }
      }
    }
  };

  /// Characters of a value; more tell nobody anything, and hostile ones can be long.
  static final int MAX_VALUE_CHARACTERS = 2048;

  /// For half a surrogate pair, which is no character and may not stand in JSON.
  private static final char REPLACEMENT = '\ufffd';

  private static final int LINE_CHARACTERS = 256;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /// One line with its end.
  abstract String line(Instant time, Log.Level level, String event, Log.Field... fields);

  /// The word for a level, as it stands in lines.
  static String label(Log.Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  /// Needs no quotes around it.
  private static boolean isPlain(int c) {
    return c > ' ' && c != '"' && c != '=' && c != '\\' && isVisible(c);
  }

  /// Neither a control character nor one that turns, hides or ends what stands around it.
  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /// Appends what stands between quotes, in JSON as in pairs: what is not visible becomes
  /// `\\uNNNN`.
  private static void append(StringBuilder line, String value) {
    value
        .codePoints()
        .limit(MAX_VALUE_CHARACTERS)
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            line.append('\\').append((char) c);
          } else if (Character.getType(c) == Character.SURROGATE) {
            line.append(REPLACEMENT);
          } else if (isVisible(c)) {
            line.appendCodePoint(c);
          } else {
            for (char unit : Character.toChars(c)) {
              line.append("\\u%04x".formatted((int) unit));
            }
          }
        });
    if (value.codePointCount(0, value.length()) > MAX_VALUE_CHARACTERS) {
      line.append('…');
    }
  }
}
