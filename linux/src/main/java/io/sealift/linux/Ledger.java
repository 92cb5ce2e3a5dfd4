package io.sealift.linux;

import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSummary.WithheldMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What has to be remembered about a tree until it is finished, bounded: directories without an
/// entry, links whose target has not come yet, access control lists that directories get last,
/// modes that are withheld.
final class Ledger {

  /// Bytes of all this, 16 MiB: some hundred thousand directories. Ordinary layers have entries for
  /// their directories and need next to nothing.
  static final long BYTES_MAX = 16L << 20;

  /// What one thing costs besides the bytes of its path: a node of a tree and three objects.
  private static final long OVERHEAD_BYTES = 128;

  private final TreeMap<TreePath, Boolean> implied = new TreeMap<>();
  private final TreeMap<TreePath, Late> late = new TreeMap<>();
  private final TreeMap<TreePath, DeferredLink> links = new TreeMap<>();
  private final TreeMap<TreePath, Integer> withheld = new TreeMap<>();
  private long bytes;
  private long order;

  /// A hard link that waits for its target.
  ///
  /// @param order its number among the links of the layer
  record DeferredLink(long order, TreePath place, TreePath target) {}

  /// The access control list that new entries of a directory would take, and the entry it is from.
  record Late(Xattr inherited, LayerPath entry) {}

  void imply(TreePath place) throws UnsafeContentException {
    if (implied.put(place, true) == null) {
      add(place.bytes().length);
    }
  }

  /// Says that a directory has an entry after all.
  void entry(TreePath place) {
    if (implied.remove(place) != null) {
      subtract(place.bytes().length);
    }
  }

  /// Replaces what waits for a directory.
  void late(TreePath place, @Nullable Xattr inherited, LayerPath entry)
      throws UnsafeContentException {
    Late old = late.remove(place);
    if (old != null) {
      subtract(cost(place, old));
    }
    if (inherited != null) {
      Late next = new Late(inherited, entry);
      late.put(place, next);
      add(cost(place, next));
    }
  }

  /// Remembers the mode that a place is to have in the end.
  void withhold(TreePath place, int mode) throws UnsafeContentException {
    if (withheld.put(place, mode) == null) {
      add(place.bytes().length);
    }
  }

  /// Says that a place has the mode that it is to have.
  void hasMode(TreePath place) {
    if (withheld.remove(place) != null) {
      subtract(place.bytes().length);
    }
  }

  /// Says that two names are of one file.
  void link(TreePath existing, TreePath made) throws UnsafeContentException {
    Integer mode = withheld.get(existing);
    if (mode != null) {
      withhold(made, mode);
    }
  }

  void defer(TreePath place, TreePath target) throws UnsafeContentException {
    DeferredLink link = new DeferredLink(order++, place, target);
    DeferredLink old = links.put(place, link);
    if (old != null) {
      subtract(cost(old));
    }
    add(cost(link));
  }

  /// Whether a link to be made has this name.
  boolean waits(TreePath directory, byte[] name) {
    return !links.isEmpty() && links.containsKey(directory.child(name));
  }

  /// Drops everything about a place and what is below it, because it is being removed.
  void forget(TreePath place) {
    drop(implied, place);
    drop(late, place);
    drop(links, place);
    drop(withheld, place);
  }

  private <V> void drop(NavigableMap<TreePath, V> map, TreePath place) {
    Iterator<Map.Entry<TreePath, V>> entries = map.tailMap(place, true).entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<TreePath, V> entry = entries.next();
      if (!place.isSelfOrAbove(entry.getKey())) {
        return;
      }
      subtract(
          switch (entry.getValue()) {
            case DeferredLink link -> cost(link);
            case Late waiting -> cost(entry.getKey(), waiting);
            default -> entry.getKey().bytes().length;
          });
      entries.remove();
    }
  }

  private static long cost(DeferredLink link) {
    return (long) link.place().bytes().length + link.target().bytes().length;
  }

  private static long cost(TreePath place, Late late) {
    return 2L * place.bytes().length + late.inherited().value().length;
  }

  private void add(long cost) throws UnsafeContentException {
    bytes += cost + OVERHEAD_BYTES;
    if (bytes > BYTES_MAX) {
      throw new UnsafeContentException(
          ("unpack layer: its implied directories, forward hard links and unreadable files"
                  + " need more than %d bytes to remember")
              .formatted(BYTES_MAX));
    }
  }

  private void subtract(long cost) {
    bytes -= cost + OVERHEAD_BYTES;
  }

  /// Parents before what is below them.
  List<TreePath> implied() {
    return new ArrayList<>(implied.keySet());
  }

  /// What waits for directories, those deepest down first.
  NavigableMap<TreePath, Late> late() {
    return late.descendingMap();
  }

  List<WithheldMode> withheld() throws UnsafeContentException {
    List<WithheldMode> list = new ArrayList<>();
    for (Map.Entry<TreePath, Integer> entry : withheld.entrySet()) {
      list.add(new WithheldMode(DirectorySink.layerPath(entry.getKey().bytes()), entry.getValue()));
    }
    return list;
  }

  /// In the order of the archive.
  List<DeferredLink> links() {
    List<DeferredLink> list = new ArrayList<>(links.values());
    list.sort(Comparator.comparingLong(DeferredLink::order));
    return list;
  }
}
