package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.linux.Ledger.DeferredLink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Makes hard links: at once where the target is there, at the end where it comes later; what is
/// left over has its target in a lower layer.
final class HardLinks {
  private final Entries entries;
  private final Parents parents;
  private final Ledger ledger;

  HardLinks(Entries entries, Parents parents, Ledger ledger) {
    this.entries = entries;
    this.parents = parents;
    this.ledger = ledger;
  }

  void make(TreePath link, TreePath target) throws StoreException, UnsafeContentException {
    Directory parent = parents.of(link);
    byte[] name = link.name();
    if (target.isRoot()) {
      throw new UnsafeContentException(
          "make hard link %s: its target is a directory".formatted(link));
    }
    if (!tryMake(parent, name, target)) {
      // Whatever had the name gives way now, so that a later entry of that name is known by being
      // there at the end.
      entries.clear(parent, name);
      ledger.defer(parent.path.child(name), target);
    }
  }

  /// Makes the deferred links whose targets came.
  ///
  /// @return those whose targets did not, in the order of the archive
  List<DeferredLink> finish() throws StoreException, UnsafeContentException {
    TreeMap<Long, DeferredLink> waiting = new TreeMap<>();
    Map<TreePath, List<DeferredLink>> byTarget = new HashMap<>();
    for (DeferredLink link : ledger.links()) {
      if (stillWanted(link)) {
        waiting.put(link.order(), link);
        byTarget.computeIfAbsent(link.target(), any -> new ArrayList<>()).add(link);
      }
    }
    for (DeferredLink link : List.copyOf(waiting.values())) {
      makeWithFollowers(link, waiting, byTarget);
    }
    return List.copyOf(waiting.values());
  }

  /// Whether no later entry took the link's name; a whiteout does not.
  private boolean stillWanted(DeferredLink link) throws StoreException, UnsafeContentException {
    Directory parent = parents.make(link.place().parent());
    byte[] name = link.place().name();
    Statx there = entries.look(parent, name);
    if (there != null && there.isWhiteout()) {
      entries.clear(parent, name);
      return true;
    }
    return there == null;
  }

  /// Makes a link, and then those that waited for it as their target.
  private void makeWithFollowers(
      DeferredLink first,
      Map<Long, DeferredLink> waiting,
      Map<TreePath, List<DeferredLink>> byTarget)
      throws StoreException, UnsafeContentException {
    Deque<DeferredLink> ready = new ArrayDeque<>(List.of(first));
    while (!ready.isEmpty()) {
      DeferredLink link = ready.removeLast();
      if (waiting.containsKey(link.order())
          && tryMake(parents.make(link.place().parent()), link.place().name(), link.target())) {
        waiting.remove(link.order());
        ready.addAll(byTarget.getOrDefault(link.place(), List.of()));
      }
    }
  }

  /// @return false when the target is not there
  private boolean tryMake(Directory parent, byte[] name, TreePath target)
      throws StoreException, UnsafeContentException {
    parent.held = true;
    try {
      Directory targetParent = parents.find(target.parent());
      return targetParent != null && tryMake(parent, name, targetParent, target.name());
    } finally {
      parent.held = false;
    }
  }

  private boolean tryMake(Directory parent, byte[] name, Directory targetParent, byte[] targetName)
      throws StoreException, UnsafeContentException {
    TreePath link = parent.path.child(name);
    TreePath target = targetParent.path.child(targetName);
    if (link.isSelfOrAbove(target)) {
      throw new UnsafeContentException(
          "make hard link %s: its target is %s, which it would replace".formatted(link, target));
    }
    Statx there = entries.look(targetParent, targetName);
    if (there == null || there.isWhiteout()) {
      return false;
    }
    if (there.type() == Flags.S_IFDIR) {
      throw new UnsafeContentException(
          "make hard link %s: its target %s is a directory".formatted(link, target));
    }
    entries.link(targetParent, targetName, parent, name);
    ledger.link(target, link);
    return true;
  }
}
