package io.sealift.json;

import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/// Writes values as JSON text in UTF-8, members in their order.
public final class JsonWriter {

  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonWriter() {}

  /// On one line, without spaces or a line end.
  public static byte[] compact(JsonValue value) {
    return write(value, ObjectWriteContext.empty());
  }

  /// On many lines, indented by two spaces, with a line end.
  public static byte[] indented(JsonValue value) {
    byte[] text = write(value, new Indented());
    byte[] ended = java.util.Arrays.copyOf(text, text.length + 1);
    ended[text.length] = '\n';
    return ended;
  }

  private static byte[] write(JsonValue value, ObjectWriteContext context) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = FACTORY.createGenerator(context, bytes)) {
      write(value, generator);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonValue value, JsonGenerator generator) {
    switch (value) {
      case JsonObject object -> {
        generator.writeStartObject();
        for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
          generator.writeName(member.getKey());
          write(member.getValue(), generator);
        }
        generator.writeEndObject();
      }
      case JsonValue.Array array -> {
        generator.writeStartArray();
        array.values().forEach(element -> write(element, generator));
        generator.writeEndArray();
      }
      case JsonValue.Text text -> generator.writeString(text.value());
      case JsonValue.Numeric number -> generator.writeNumber(number.value());
      case JsonValue.Bool bool -> generator.writeBoolean(bool.value());
      case JsonValue.Null nothing -> generator.writeNull();
    }
  }

  private static final class Indented extends ObjectWriteContext.Base {
    @Override
    public @Nullable PrettyPrinter getPrettyPrinter() {
      return new DefaultPrettyPrinter(
              Separators.createDefaultInstance()
                  .withObjectNameValueSpacing(Separators.Spacing.AFTER))
          .withObjectIndenter(new DefaultIndenter("  ", "\n"))
          .withArrayIndenter(new DefaultIndenter("  ", "\n"));
    }
  }
}
