package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.TreeSummary.WithheldMode;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Modes that places of a tree are to have, and do not have yet because they would keep an ordinary
/// user out.
final class WithheldModes {

  private final TreeMap<TreePath, Integer> modes = new TreeMap<>();

  /// Those of a layer.
  static WithheldModes of(TreeSummary layer) throws UnsafeContentException {
    WithheldModes withheld = new WithheldModes();
    for (WithheldMode mode : layer.withheld()) {
      withheld.put(TreePath.of(mode.path()), mode.mode());
    }
    return withheld;
  }

  @Nullable Integer get(TreePath place) {
    return modes.get(place);
  }

  void put(TreePath place, int mode) {
    modes.put(place, mode);
  }

  void putAll(WithheldModes others) {
    modes.putAll(others.modes);
  }

  /// Says that a place has the mode that it is to have.
  void forget(TreePath place) {
    modes.remove(place);
  }

  /// Says that nothing is left at a place and below it.
  void forgetAll(TreePath place) {
    Iterator<TreePath> places = modes.tailMap(place, true).keySet().iterator();
    while (places.hasNext() && place.isSelfOrAbove(places.next())) {
      places.remove();
    }
  }

  /// Gives the modes, those deepest down first, so that none is in the way of another.
  void give(Kernel kernel, RootDir tree) throws StoreException {
    for (Map.Entry<TreePath, Integer> mode : modes.descendingMap().entrySet()) {
      give(kernel, tree, mode.getKey(), mode.getValue());
    }
  }

  static void give(Kernel kernel, RootDir tree, TreePath place, int mode) throws StoreException {
    int opened = tree.openBeneath(place, Flags.O_PATH | Flags.O_NOFOLLOW | Flags.O_CLOEXEC);
    if (opened < 0) {
      throw Kernel.failure(Syscall.OPENAT2, tree.path() + "/" + place, opened);
    }
    try {
      AttributeWriter.changeModeByPath(kernel, opened, mode, place);
    } finally {
      kernel.closeDescriptor(opened);
    }
  }
}
