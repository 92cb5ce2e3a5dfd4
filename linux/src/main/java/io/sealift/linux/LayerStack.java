package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.LayerTree;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Layers on top of each other, asked what shows of them at single places. Layers are opened when
/// they are asked first. From {@link #LayerStack} until {@link #close}.
final class LayerStack implements AutoCloseable {

  /// Symlinks followed on one path, as many as Linux follows.
  private static final int SYMLINKS_MAX = 40;

  private final Kernel kernel;
  private final Xattrs xattrs;
  private final List<LayerTree> layers;
  private final Map<Path, LayerView> views = new HashMap<>();

  /// Something that shows: what, and in which layer.
  record Found(int layer, LayerView.Kind kind) {}

  /// A file of a layer, which is no directory.
  record Source(int layer, TreePath place) {}

  /// @param layers base first
  LayerStack(Kernel kernel, Xattrs xattrs, List<LayerTree> layers) {
    this.kernel = kernel;
    this.xattrs = xattrs;
    this.layers = layers;
  }

  int size() {
    return layers.size();
  }

  @SuppressWarnings("MustBeClosedChecker") // closed by close()
  LayerView view(int layer) throws StoreException, UnsafeContentException {
    LayerTree tree = layers.get(layer);
    LayerView view = views.get(tree.directory());
    if (view == null) {
      view = LayerView.open(kernel, xattrs, tree);
      views.put(tree.directory(), view);
    }
    return view;
  }

  /// What shows at a place of the layers below one.
  ///
  /// @param below number of the layer that does not count any more, nor those above it
  Optional<Found> find(TreePath place, int below) throws StoreException, UnsafeContentException {
    for (int layer = below - 1; layer >= 0; layer--) {
      LayerView.Answer answer = view(layer).at(place);
      if (answer.kind() != LayerView.Kind.NOTHING) {
        return Optional.of(new Found(layer, answer.kind()));
      }
      if (answer.hidesBelow()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /// Whether what a layer has at a place shows in the whole stack.
  boolean shows(TreePath place, int layer) throws StoreException, UnsafeContentException {
    Optional<Found> found = find(place, size());
    return found.isPresent() && found.get().layer() == layer;
  }

  /// The attributes that a directory has whose topmost layer has no entry for it; empty when there
  /// is no such directory, or when no lower layer has an entry for it.
  Optional<DirectoryAttributes> inherited(TreePath place)
      throws StoreException, UnsafeContentException {
    boolean implied = false;
    for (int layer = size() - 1; layer >= 0; layer--) {
      LayerView.Answer answer = view(layer).at(place);
      switch (answer.kind()) {
        case NOTHING -> {}
        case IMPLIED_DIRECTORY -> implied = true;
        case DIRECTORY -> {
          return implied ? Optional.of(view(layer).attributes(place)) : Optional.empty();
        }
        case FILE, LINK -> {
          return Optional.empty();
        }
      }
      if (answer.hidesBelow()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /// What a pending link of a layer is a further name of, as the layers below show it.
  ///
  /// @throws UnsafeContentException when they have nothing there, or a directory
  Source source(int layer, TreePath link) throws StoreException, UnsafeContentException {
    int from = layer;
    TreePath at = link;
    Set<TreePath> seen = new HashSet<>();
    while (true) {
      TreePath target = Objects.requireNonNull(view(from).pending(at), "not a pending link");
      if (!target.equals(at) && view(from).pending(target) != null) {
        if (!seen.add(target)) {
          throw new UnsafeContentException(
              "make hard link %s: its target %s is a link back to it".formatted(link, target));
        }
        at = target;
        continue;
      }
      TreePath place = canonical(target, from, link);
      Found found = find(place, from).orElseThrow(() -> missing(link, target));
      switch (found.kind()) {
        case FILE -> {
          return new Source(found.layer(), place);
        }
        case LINK -> {
          from = found.layer();
          at = place;
          seen.clear();
        }
        case NOTHING, DIRECTORY, IMPLIED_DIRECTORY -> throw missing(link, target);
      }
    }
  }

  static UnsafeContentException missing(TreePath link, TreePath target) {
    return new UnsafeContentException(
        "make hard link %s: expected a file %s in its layer or below, found none"
            .formatted(link, target));
  }

  /// A path with the symlinks on its way followed, but not one at its end.
  private TreePath canonical(TreePath path, int below, TreePath subject)
      throws StoreException, UnsafeContentException {
    Deque<byte[]> left = new ArrayDeque<>(names(path.parent().bytes()));
    TreePath at = TreePath.ROOT;
    int symlinks = 0;
    while (!left.isEmpty()) {
      byte[] name = left.removeFirst();
      if (!TreePath.isName(name)) {
        at = name.length == 2 && name[0] == '.' ? at.parent() : at;
        continue;
      }
      TreePath next = at.child(name);
      byte[] text = symlink(next, below);
      if (text == null) {
        at = next;
      } else if (++symlinks > SYMLINKS_MAX) {
        throw missing(subject, path);
      } else {
        at = text.length > 0 && text[0] == '/' ? TreePath.ROOT : at;
        names(text).reversed().forEach(left::addFirst);
      }
    }
    return at.child(path.name());
  }

  private byte @Nullable [] symlink(TreePath place, int below)
      throws StoreException, UnsafeContentException {
    Optional<Found> found = find(place, below);
    if (found.isEmpty()) {
      return null;
    }
    return switch (found.get().kind()) {
      case FILE -> view(found.get().layer()).linkText(place);
      case LINK -> {
        Source source = source(found.get().layer(), place);
        yield view(source.layer()).linkText(source.place());
      }
      case NOTHING, DIRECTORY, IMPLIED_DIRECTORY -> null;
    };
  }

  private static List<byte[]> names(byte[] path) {
    List<byte[]> names = new ArrayList<>();
    int start = 0;
    for (int at = 0; at <= path.length; at++) {
      if (at == path.length || path[at] == '/') {
        if (at > start) {
          names.add(Arrays.copyOfRange(path, start, at));
        }
        start = at + 1;
      }
    }
    return names;
  }

  @Override
  public void close() {
    views.values().forEach(LayerView::close);
  }
}
