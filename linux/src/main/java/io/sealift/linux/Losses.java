package io.sealift.linux;

import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSummary.Loss;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Counts what could not be kept, by kind; kinds are few, entries may be millions.
final class Losses {
  private final Map<String, Loss> losses = new LinkedHashMap<>();

  /// @param result of the call that was refused: the negated {@link Errno}
  void add(String what, LayerPath entry, long result) {
    Loss known = losses.get(what);
    losses.put(
        what,
        known == null
            ? new Loss(what, 1, entry, Errno.describe((int) -result))
            : new Loss(what, known.entries() + 1, known.first(), known.reason()));
  }

  List<Loss> toList() {
    return new ArrayList<>(losses.values());
  }
}
