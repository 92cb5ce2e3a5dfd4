package io.sealift.json;

import io.sealift.failure.UnsafeContentException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON text of hostile origin into values: UTF-8 without a byte order mark, no duplicate
/// names, nothing after the value, all within {@link JsonLimits}.
public final class JsonReader {

  /// Characters of a number; no field of any format here comes near.
  private static final int MAX_NUMBER_LENGTH = 64;

  /// Names, values and brackets of a text, so that a few million bytes do not become a hundred
  /// million on the heap; an index of 10 000 entries has 300 000.
  private static final long MAX_TOKENS = 1_000_000;

  /// Where in the library a bound comes from, which is of no use to who reads the refusal.
  private static final Pattern LIBRARY = Pattern.compile(", from `[^`]*`");

  private JsonReader() {}

  /// Reads an object.
  ///
  /// @param subject what the text is, for messages: `manifest`
  /// @throws UnsafeContentException when it is not such a text, or passes a bound
  public static JsonObject readObject(byte[] bytes, String subject, JsonLimits limits)
      throws UnsafeContentException {
    if (read(bytes, subject, limits) instanceof JsonObject object) {
      return new JsonObject(subject + ": ", object.members());
    }
    throw new UnsafeContentException("read %s: expected a JSON object".formatted(subject));
  }

  /// Reads an object that has secrets in it: a refusal says where it is wrong and quotes nothing.
  public static JsonObject readSecrets(byte[] bytes, String subject, JsonLimits limits)
      throws UnsafeContentException {
    if (read(bytes, subject, limits, false) instanceof JsonObject object) {
      return new JsonObject(subject + ": ", object.members());
    }
    throw new UnsafeContentException("read %s: expected a JSON object".formatted(subject));
  }

  /// Reads any value.
  public static JsonValue read(byte[] bytes, String subject, JsonLimits limits)
      throws UnsafeContentException {
    return read(bytes, subject, limits, true);
  }

  private static JsonValue read(byte[] bytes, String subject, JsonLimits limits, boolean quoting)
      throws UnsafeContentException {
    if (bytes.length > limits.maxBytes()) {
      throw new UnsafeContentException(
          "read %s: %d bytes are more than the %d allowed"
              .formatted(subject, bytes.length, limits.maxBytes()));
    }
    String text = decode(bytes, subject);
    try (JsonParser parser = factory(limits).createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      JsonValue value = value(parser);
      if (parser.nextToken() != null) {
        throw new UnsafeContentException("read %s: more after the JSON value".formatted(subject));
      }
      return value;
    } catch (JacksonException malformed) {
      if (!quoting) {
        throw new UnsafeContentException("read %s: %s".formatted(subject, place(malformed)));
      }
      throw new UnsafeContentException(
          "read %s: %s".formatted(subject, reason(malformed)), malformed);
    }
  }

  private static String decode(byte[] bytes, String subject) throws UnsafeContentException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException malformed) {
      throw new UnsafeContentException("read %s: not UTF-8".formatted(subject), malformed);
    }
  }

  private static JsonFactory factory(JsonLimits limits) {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(limits.maxDepth())
                .maxNumberLength(MAX_NUMBER_LENGTH)
                .maxTokenCount(MAX_TOKENS)
                .maxStringLength(limits.maxBytes())
                .maxNameLength(limits.maxBytes())
                .build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .build();
  }

  private static JsonValue value(JsonParser parser) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> new JsonValue.Text(whole(parser.getString()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser);
      case VALUE_TRUE -> new JsonValue.Bool(true);
      case VALUE_FALSE -> new JsonValue.Bool(false);
      case VALUE_NULL -> new JsonValue.Null();
      case null -> throw new Refused("nothing there");
      default -> throw new IllegalStateException("unexpected token " + token);
    };
  }

  private static JsonValue number(JsonParser parser) {
    try {
      return new JsonValue.Numeric(parser.getDecimalValue());
    } catch (NumberFormatException beyond) {
      throw new Refused("a number beyond any range", beyond);
    }
  }

  private static JsonValue object(JsonParser parser) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = whole(parser.currentName());
      parser.nextToken();
      members.put(name, value(parser));
    }
    return new JsonObject("", Collections.unmodifiableMap(members));
  }

  private static JsonValue array(JsonParser parser) {
    List<JsonValue> values = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(parser));
    }
    return new JsonValue.Array(values);
  }

  private static String reason(JacksonException malformed) {
    String message = LIBRARY.matcher(String.valueOf(malformed.getOriginalMessage())).replaceAll("");
    return place(malformed) + ": " + message.lines().findFirst().orElse("no reason given");
  }

  private static String place(JacksonException malformed) {
    long at = malformed.getLocation() == null ? -1 : malformed.getLocation().getCharOffset();
    return "not sound JSON" + (at < 0 ? "" : " at character " + at);
  }

  /// Refuses half of a surrogate pair, which an escape can make but UTF-8 cannot say.
  private static String whole(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (Character.isSurrogate(text.charAt(at))) {
        if (Character.charCount(text.codePointAt(at)) == 1) {
          throw new Refused("a string with half a surrogate pair");
        }
        at++;
      }
    }
    return text;
  }

  private static final class Refused extends JacksonException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }

    Refused(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
