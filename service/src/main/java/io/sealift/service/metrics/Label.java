package io.sealift.service.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// A label of a metric, with everything that it may say.
///
/// @param values in the order of the page
public record Label(String name, List<String> values) {

  public Label {
    values = List.copyOf(values);
    if (!name.matches("[a-z][a-z0-9_]*") || name.equals("le")) {
      throw new IllegalArgumentException("no name of a label: " + name);
    }
    if (values.isEmpty() || Set.copyOf(values).size() != values.size()) {
      throw new IllegalArgumentException(
          "label " + name + ": expected different values: " + values);
    }
  }

  public static Label of(String name, String... values) {
    return new Label(name, List.of(values));
  }

  /// A label that says which constant of an enumeration, in lower case.
  public static <E extends Enum<E>> Label of(String name, Class<E> constants) {
    return new Label(name, Arrays.stream(constants.getEnumConstants()).map(Label::value).toList());
  }

  /// What a label made of an enumeration says for this constant.
  public static String value(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  int index(String value) {
    int index = values.indexOf(value);
    if (index < 0) {
      throw new IllegalArgumentException("label " + name + " says one of " + values + ": " + value);
    }
    return index;
  }
}
