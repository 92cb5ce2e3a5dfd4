package io.sealift.failure;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// The known word that was probably meant.
public final class Nearest {

  /// Characters that may be wrong.
  private static final int MAX_DISTANCE = 3;

  /// Longer words are no slip of the fingers.
  private static final int MAX_LENGTH = 64;

  private Nearest() {}

  /// The end of a message about an unknown word: what was probably meant, or else what is known.
  public static String hint(String word, Collection<String> known) {
    return of(word, known)
        .map(nearest -> "; did you mean " + nearest + "?")
        .orElseGet(() -> "; known are " + String.join(", ", known.stream().sorted().toList()));
  }

  private static Optional<String> of(String word, Collection<String> known) {
    if (word.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    return known.stream()
        .filter(other -> distance(word, other) <= Math.min(MAX_DISTANCE, other.length() / 2))
        .min(
            Comparator.comparingInt((String other) -> distance(word, other))
                .thenComparing(Comparator.naturalOrder()));
  }

  /// Characters to put in, take out or change (Levenshtein); `_` is as good as `-`.
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int change = diagonal + (same(one.charAt(i - 1), other.charAt(j - 1)) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }

  private static boolean same(char one, char other) {
    return one == other || (one == '_' && other == '-');
  }
}
