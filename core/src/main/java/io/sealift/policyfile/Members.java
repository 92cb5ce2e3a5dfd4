package io.sealift.policyfile;

import io.sealift.failure.PolicyRefusedException;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonValue;
import io.sealift.policy.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An object of a policy file, every member of which has a meaning: unknown names, `null`, empty
/// texts and empty lists are refused, each with its place as a JSON pointer.
///
/// @param file the policy, for messages
/// @param pointer where in it the object stands
/// @param members in the order of the file
record Members(String file, String pointer, Map<String, JsonValue> members) {

  /// The value as an object that has none but these members.
  static Members of(String file, String pointer, JsonValue value, List<String> known)
      throws PolicyRefusedException {
    Members object = open(file, pointer, value);
    for (String name : object.members.keySet()) {
      if (!known.contains(name)) {
        throw object.refusal(
            name,
            "unknown key, so the policy lets nothing in; known here: " + String.join(", ", known));
      }
    }
    return object;
  }

  /// The value as an object whose members may have any name.
  static Members open(String file, String pointer, JsonValue value) throws PolicyRefusedException {
    if (value instanceof JsonObject object) {
      return new Members(file, pointer, object.members());
    }
    throw refusal(file, pointer, "expected an object, found " + value.kind());
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  /// The member; refused when it is missing.
  JsonValue value(String name) throws PolicyRefusedException {
    JsonValue value = members.get(name);
    if (value == null) {
      throw refusal(name, "expected a value, found none");
    }
    return value;
  }

  String text(String name) throws PolicyRefusedException {
    return text(name, value(name));
  }

  /// The members of a list of texts, at least one.
  List<String> texts(String name) throws PolicyRefusedException {
    List<String> texts = new ArrayList<>();
    for (JsonValue element : list(name)) {
      texts.add(text(name + "/" + texts.size(), element));
    }
    return texts;
  }

  /// The members of a list, at least one.
  List<JsonValue> list(String name) throws PolicyRefusedException {
    if (!(value(name) instanceof JsonValue.Array array)) {
      throw refusal(name, "expected an array, found " + value(name).kind());
    }
    if (array.values().isEmpty()) {
      throw refusal(name, "is empty; name at least one");
    }
    return array.values();
  }

  Members object(String name, List<String> known) throws PolicyRefusedException {
    return of(file, place(name), value(name), known);
  }

  /// The one of these members that is there.
  String exactlyOne(List<String> names) throws PolicyRefusedException {
    List<String> present = atMostOne(names);
    if (present.isEmpty()) {
      throw refusal(file, pointer, "expected exactly one of %s".formatted(either(names)));
    }
    return present.getFirst();
  }

  /// Those of these members that are there: one or none.
  List<String> atMostOne(List<String> names) throws PolicyRefusedException {
    List<String> present = members.keySet().stream().filter(names::contains).toList();
    if (present.size() > 1) {
      throw refusal(
          present.get(1),
          "expected one of %s, found %s as well".formatted(either(names), present.getFirst()));
    }
    return present;
  }

  private static String either(List<String> names) {
    return names.size() == 1
        ? names.getFirst()
        : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
  }

  private String text(String name, JsonValue value) throws PolicyRefusedException {
    if (!(value instanceof JsonValue.Text(String text))) {
      throw refusal(name, "expected a string, found " + value.kind());
    }
    if (text.isEmpty()) {
      throw refusal(name, "is empty");
    }
    return text;
  }

  /// @param name of a member, or of one and an index below it
  String place(String name) {
    return pointer + "/" + name;
  }

  /// @param name any text, which may have slashes
  String placeOf(String name) {
    return pointer + "/" + Scope.pointerPart(name);
  }

  PolicyRefusedException refusal(String name, String why) {
    return refusal(file, place(name), why);
  }

  static PolicyRefusedException refusal(String file, String pointer, String why) {
    return new PolicyRefusedException(
        "read policy %s: %s%s".formatted(file, pointer.isEmpty() ? "" : pointer + ": ", why));
  }
}
