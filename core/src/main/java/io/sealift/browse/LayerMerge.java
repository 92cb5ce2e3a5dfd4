package io.sealift.browse;

import io.sealift.browse.Node.Folder;
import io.sealift.failure.UnsafeContentException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/// Puts layers on each other, base first (OCI image specification, layer.md, Applying Changesets).
/// The layers' nodes are moved, not copied. Without recursion: depth is the layers' choice.
final class LayerMerge {

  private final Tree merged;

  LayerMerge(Tree merged) {
    this.merged = merged;
  }

  /// Puts the next layer on top.
  void add(LayerListing layer) throws UnsafeContentException {
    layer.linkInto(merged);
    Deque<Pair> rest = new ArrayDeque<>();
    rest.push(new Pair(merged.root, layer.root()));
    while (!rest.isEmpty()) {
      merge(rest.pop(), rest);
    }
  }

  private static void merge(Pair pair, Deque<Pair> rest) {
    Folder lower = pair.lower();
    Folder upper = pair.upper();
    if (upper.opaque) {
      lower.children.clear();
    }
    if (upper.properties != null) {
      lower.properties = upper.properties;
    }
    lower.children.keySet().removeAll(upper.deleted);
    for (Map.Entry<String, Node> child : upper.children.entrySet()) {
      if (child.getValue() instanceof Folder above
          && lower.children.get(child.getKey()) instanceof Folder below) {
        rest.push(new Pair(below, above));
      } else {
        lower.children.put(child.getKey(), child.getValue());
      }
    }
  }

  private record Pair(Folder lower, Folder upper) {}
}
