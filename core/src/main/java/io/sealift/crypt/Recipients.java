package io.sealift.crypt;

import java.util.List;
import java.util.stream.Collectors;

/// Whom a layer was encrypted for, by its own words.
///
/// @param scheme see {@link WrappedKey#scheme}
/// @param wrappedKeys how many there are
/// @param names what the wrapped keys tell of their recipients; may be empty
public record Recipients(String scheme, int wrappedKeys, List<String> names) {

  /// Recipients that a message names; there may be hundreds.
  private static final int MAX_NAMED = 5;

  public Recipients {
    names = List.copyOf(names);
  }

  /// The first of them, and how many more there are, for a message.
  public static String some(List<?> recipients) {
    List<?> shown = recipients.subList(0, Math.min(recipients.size(), MAX_NAMED));
    int more = recipients.size() - shown.size();
    return shown.stream().map(Object::toString).collect(Collectors.joining(", "))
        + (more > 0 ? " and %d more".formatted(more) : "");
  }
}
