package io.sealift.imageconfig;

import io.sealift.json.JsonObject;
import io.sealift.json.JsonValue;
import java.util.Map;

/// Writes a JSON object as TOML 1.0 of the same content, in short lines, so that what may be in
/// either form has one reader. TOML has no `null`: such members are left out.
final class JsonAsToml {

  private final StringBuilder toml = new StringBuilder();

  private JsonAsToml() {}

  static String write(JsonObject object) {
    JsonAsToml text = new JsonAsToml();
    for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
      if (!(member.getValue() instanceof JsonValue.Null)) {
        text.member(member);
        text.toml.append('\n');
      }
    }
    return text.toml.toString();
  }

  private void member(Map.Entry<String, JsonValue> member) {
    text(member.getKey());
    toml.append(" = ");
    value(member.getValue());
  }

  private void value(JsonValue value) {
    switch (value) {
      case JsonObject object -> {
        String between = "";
        toml.append('{');
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
          if (!(member.getValue() instanceof JsonValue.Null)) {
            toml.append(between);
            member(member);
            between = ", ";
          }
        }
        toml.append('}');
      }
      case JsonValue.Array(var values) -> {
        toml.append("[\n");
        for (JsonValue one : values) {
          value(one);
          toml.append(",\n");
        }
        toml.append(']');
      }
      case JsonValue.Text(String text) -> text(text);
      case JsonValue.Numeric(var number) -> toml.append(number);
      case JsonValue.Bool(boolean truth) -> toml.append(truth);
      case JsonValue.Null _ -> toml.append("\"\"");
    }
  }

  /// A basic string.
  private void text(String text) {
    toml.append('"');
    text.codePoints()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            toml.append('\\').appendCodePoint(c);
          } else if (c < ' ' || c == 0x7f) {
            toml.append("\\u%04x".formatted(c));
          } else {
            toml.appendCodePoint(c);
          }
        });
    toml.append('"');
  }
}
