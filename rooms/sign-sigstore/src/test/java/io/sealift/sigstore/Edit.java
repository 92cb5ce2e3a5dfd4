package io.sealift.sigstore;

import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Changes one place of a JSON text, `verificationMaterial/tlogEntries/0/logIndex`.
final class Edit {

  private Edit() {}

  /// @param value null to remove what is there
  static byte[] set(byte[] json, String path, @Nullable Object value) {
    try {
      JsonObject root = JsonReader.readObject(json, "text", JsonLimits.DEFAULT);
      return JsonWriter.compact(set(root, List.of(path.split("/", -1)), value));
    } catch (Exception malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  private static JsonValue get(JsonValue in, String name) {
    JsonValue value =
        switch (in) {
          case JsonObject object -> object.members().get(name);
          case JsonValue.Array array -> array.values().get(Integer.parseInt(name));
          default -> null;
        };
    if (value == null) {
      throw new IllegalStateException("nothing at " + name);
    }
    return value;
  }

  /// The text at a place.
  static String text(byte[] json, String path) {
    try {
      JsonValue value = JsonReader.readObject(json, "text", JsonLimits.DEFAULT);
      for (String name : path.split("/", -1)) {
        value = get(value, name);
      }
      return ((JsonValue.Text) value).value();
    } catch (io.sealift.failure.UnsafeContentException malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  private static JsonValue set(JsonValue in, List<String> path, @Nullable Object value) {
    String name = path.getFirst();
    List<String> rest = path.subList(1, path.size());
    if (in instanceof JsonValue.Array array) {
      List<JsonValue> values = new ArrayList<>(array.values());
      int index = Integer.parseInt(name);
      if (rest.isEmpty() && value == null) {
        values.remove(index);
      } else {
        values.set(
            index, rest.isEmpty() ? JsonValue.of(value) : set(values.get(index), rest, value));
      }
      return JsonValue.of(values);
    }
    Map<String, Object> members = new LinkedHashMap<>(((JsonObject) in).members());
    if (rest.isEmpty() && value == null) {
      members.remove(name);
    } else if (rest.isEmpty()) {
      members.put(name, JsonValue.of(value));
    } else {
      members.put(name, set(get(in, name), rest, value));
    }
    return JsonValue.of(members);
  }
}
