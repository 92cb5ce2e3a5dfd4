package io.sealift.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A JSON value (RFC 8259). Immutable; equal when the same in content, whatever the order of
/// members.
public sealed interface JsonValue permits JsonObject, JsonValue.Array, JsonValue.Scalar {

  /// Values that hold no others.
  sealed interface Scalar extends JsonValue {}

  /// @param values in order
  record Array(List<JsonValue> values) implements JsonValue {
    public Array {
      values = List.copyOf(values);
    }
  }

  record Text(String value) implements Scalar {}

  record Numeric(BigDecimal value) implements Scalar {
    public static Numeric of(long value) {
      return new Numeric(BigDecimal.valueOf(value));
    }
  }

  record Bool(boolean value) implements Scalar {}

  /// The value `null`.
  record Null() implements Scalar {}

  /// Makes a value of maps (with text as keys), lists, text, integers, truth values, other values,
  /// and null; the order of maps is kept.
  ///
  /// @throws IllegalArgumentException for anything else
  static JsonValue of(@org.jspecify.annotations.Nullable Object plain) {
    return switch (plain) {
      case null -> new Null();
      case JsonValue value -> value;
      case String text -> new Text(text);
      case Boolean truth -> new Bool(truth);
      case Integer number -> Numeric.of(number);
      case Long number -> Numeric.of(number);
      case Iterable<?> elements -> {
        List<JsonValue> values = new ArrayList<>();
        elements.forEach(element -> values.add(of(element)));
        yield new Array(values);
      }
      case Map<?, ?> members -> {
        Map<String, JsonValue> values = new LinkedHashMap<>();
        members.forEach((key, value) -> values.put((String) key, of(value)));
        yield new JsonObject("", Collections.unmodifiableMap(values));
      }
      default -> throw new IllegalArgumentException("not a JSON value: " + plain.getClass());
    };
  }

  /// What kind of value this is, for messages.
  default String kind() {
    return switch (this) {
      case JsonObject object -> "an object";
      case Array array -> "an array";
      case Text text -> "a string";
      case Numeric number -> "a number";
      case Bool bool -> "true or false";
      case Null nothing -> "null";
    };
  }
}
