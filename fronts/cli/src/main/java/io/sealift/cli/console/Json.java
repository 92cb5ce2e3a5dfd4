package io.sealift.cli.console;

import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A JSON object that is put together member by member; absent members are left out.
public final class Json {

  private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

  /// Adds a member, or nothing for null.
  ///
  /// @param value text, a whole number, a truth value, a list or map of them, or another {@link
  ///   JsonValue}
  public Json with(String name, @Nullable Object value) {
    if (value != null) {
      members.put(name, value instanceof Json json ? json.value() : value);
    }
    return this;
  }

  public JsonValue value() {
    return JsonValue.of(members);
  }

  /// Writes it on many lines.
  public void print(PrintStream out) {
    print(value(), out);
  }

  /// Writes it on one line.
  public void printLine(PrintStream out) {
    byte[] text = JsonWriter.compact(value());
    synchronized (out) {
      out.write(text, 0, text.length);
      out.println();
      out.flush();
    }
  }

  /// Writes any value on many lines.
  public static void print(JsonValue value, PrintStream out) {
    byte[] text = JsonWriter.indented(value);
    out.write(text, 0, text.length);
  }
}
