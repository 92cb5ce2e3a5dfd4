package io.sealift.json;

import io.sealift.failure.UnsafeContentException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A JSON object whose members are asked for by name and type. A member that is missing or `null`
/// counts as absent; one of another type is refused with its place.
///
/// @param place where the object stands, for messages: a subject and a JSON pointer, such as
///   `manifest: /config`
/// @param members in the order of the text
public record JsonObject(String place, Map<String, JsonValue> members) implements JsonValue {

  /// Members of any name, ready to be listed.
  public Set<String> names() {
    return members.keySet();
  }

  /// Whether the member is there and not `null`.
  public boolean has(String name) {
    return member(name) != null;
  }

  public String string(String name) throws UnsafeContentException {
    return optionalString(name).orElseThrow(() -> missing(name));
  }

  public Optional<String> optionalString(String name) throws UnsafeContentException {
    JsonValue value = member(name);
    return value == null ? Optional.empty() : Optional.of(text(name, value));
  }

  /// A whole number that fits 64 bits.
  public long integer(String name) throws UnsafeContentException {
    return optionalInteger(name).orElseThrow(() -> missing(name));
  }

  public Optional<Long> optionalInteger(String name) throws UnsafeContentException {
    JsonValue value = member(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof JsonValue.Numeric number)) {
      throw wrong(name, "a number", value);
    }
    try {
      return Optional.of(number.value().longValueExact());
    } catch (ArithmeticException tooLarge) {
      throw new UnsafeContentException(
          "read %s/%s: expected a whole number of 64 bits".formatted(place, name), tooLarge);
    }
  }

  /// The truth value, or `absent`.
  public boolean bool(String name, boolean absent) throws UnsafeContentException {
    JsonValue value = member(name);
    return switch (value) {
      case null -> absent;
      case JsonValue.Bool bool -> bool.value();
      default -> throw wrong(name, "true or false", value);
    };
  }

  public JsonObject object(String name) throws UnsafeContentException {
    return optionalObject(name).orElseThrow(() -> missing(name));
  }

  public Optional<JsonObject> optionalObject(String name) throws UnsafeContentException {
    JsonValue value = member(name);
    return value == null ? Optional.empty() : Optional.of(asObject(name, value));
  }

  /// The array's objects; none when it is absent.
  public List<JsonObject> objects(String name) throws UnsafeContentException {
    List<JsonObject> objects = new ArrayList<>();
    for (JsonValue element : elements(name)) {
      objects.add(asObject(name + "/" + objects.size(), element));
    }
    return objects;
  }

  /// The array's strings; none when it is absent.
  public List<String> strings(String name) throws UnsafeContentException {
    List<String> strings = new ArrayList<>();
    for (JsonValue element : elements(name)) {
      strings.add(text(name + "/" + strings.size(), element));
    }
    return strings;
  }

  /// The object's members, all of them strings; none when it is absent.
  public Map<String, String> stringMap(String name) throws UnsafeContentException {
    JsonObject object = optionalObject(name).orElse(null);
    if (object == null) {
      return Map.of();
    }
    Map<String, String> strings = new LinkedHashMap<>();
    for (String key : object.names()) {
      strings.put(key, object.string(key));
    }
    return Collections.unmodifiableMap(strings);
  }

  private List<JsonValue> elements(String name) throws UnsafeContentException {
    JsonValue value = member(name);
    return switch (value) {
      case null -> List.of();
      case JsonValue.Array array -> array.values();
      default -> throw wrong(name, "an array", value);
    };
  }

  private JsonObject asObject(String name, JsonValue value) throws UnsafeContentException {
    if (value instanceof JsonObject object) {
      return new JsonObject(place + "/" + name, object.members());
    }
    throw wrong(name, "an object", value);
  }

  private String text(String name, JsonValue value) throws UnsafeContentException {
    if (value instanceof JsonValue.Text text) {
      return text.value();
    }
    throw wrong(name, "a string", value);
  }

  private @Nullable JsonValue member(String name) {
    JsonValue value = members.get(name);
    return value instanceof JsonValue.Null ? null : value;
  }

  private UnsafeContentException missing(String name) {
    return new UnsafeContentException(
        "read %s/%s: expected a value, found none".formatted(place, name));
  }

  private UnsafeContentException wrong(String name, String expected, JsonValue found) {
    return new UnsafeContentException(
        "read %s/%s: expected %s, found %s".formatted(place, name, expected, found.kind()));
  }
}
