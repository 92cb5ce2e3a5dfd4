package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.Attributes.FileTime;
import io.sealift.unpack.TreeSummary.PendingLink;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes a layer's links to files of lower layers in the layer's own tree, before it is merged into
/// what those gave.
final class MergeLinks {

  private final Kernel kernel;
  private final Statx statx;
  private final Times times;
  private final RootDir below;
  private final RootDir tree;
  private final WithheldModes withheldBelow;
  private final WithheldModes withheld;

  /// @param below what the lower layers gave
  /// @param withheldBelow the modes withheld there
  /// @param withheld those withheld in the layer's own tree; the links' are added
  MergeLinks(
      Kernel kernel,
      RootDir below,
      RootDir tree,
      WithheldModes withheldBelow,
      WithheldModes withheld) {
    this.kernel = kernel;
    this.statx = new Statx(kernel);
    this.times = new Times(kernel);
    this.below = below;
    this.tree = tree;
    this.withheldBelow = withheldBelow;
    this.withheld = withheld;
  }

  /// Links to links of the same layer are made after those.
  void make(List<PendingLink> links) throws StoreException, UnsafeContentException {
    Map<TreePath, TreePath> waiting = new HashMap<>();
    for (PendingLink link : links) {
      waiting.put(TreePath.of(link.path()), TreePath.of(link.target()));
    }
    Map<TreePath, List<TreePath>> followers = new HashMap<>();
    Deque<TreePath> ready = new ArrayDeque<>();
    waiting.forEach((place, target) -> {
      if (target.equals(place) || !waiting.containsKey(target)) {
        ready.add(place);
      } else {
        followers.computeIfAbsent(target, any -> new ArrayList<>()).add(place);
      }
    });
    int made = 0;
    while (!ready.isEmpty()) {
      TreePath place = ready.removeFirst();
      TreePath target = waiting.getOrDefault(place, place);
      boolean own = !target.equals(place) && waiting.containsKey(target);
      make(place, target, own);
      Integer mode = (own ? withheld : withheldBelow).get(target);
      if (mode != null) {
        withheld.put(place, mode);
      }
      made++;
      ready.addAll(followers.getOrDefault(place, List.of()));
    }
    if (made < waiting.size()) {
      throw new UnsafeContentException(
          "make hard links: %d links of a layer lead to each other only"
              .formatted(waiting.size() - made));
    }
  }

  /// @param own whether the target is in the layer itself
  private void make(TreePath place, TreePath target, boolean own)
      throws StoreException, UnsafeContentException {
    int source = own ? openOwn(target.parent()) : openBelow(target.parent());
    if (source < 0) {
      throw LayerStack.missing(place, target);
    }
    try {
      int parent = openOwn(place.parent());
      if (parent < 0) {
        throw Kernel.failure(Syscall.OPENAT2, place, parent);
      }
      try {
        link(source, target, parent, place);
      } finally {
        kernel.closeDescriptor(parent);
      }
    } finally {
      kernel.closeDescriptor(source);
    }
  }

  private int openOwn(TreePath directory) {
    return tree.openBeneath(directory, Flags.OPEN_DIRECTORY);
  }

  /// Symlinks on the way are followed, as they would be when layers are applied one after the
  /// other.
  private int openBelow(TreePath directory) throws StoreException {
    byte[] bytes = directory.bytes();
    return bytes.length < Kernel.PATH_MAX
        ? below.openInRoot(bytes, Flags.O_RDONLY | Flags.O_DIRECTORY | Flags.O_CLOEXEC)
        : below.openBeneath(directory, Flags.OPEN_DIRECTORY);
  }

  private void link(int source, TreePath target, int parent, TreePath place)
      throws StoreException, UnsafeContentException {
    statx.of(parent, place);
    FileTime before = statx.mtime();
    long from = kernel.name(target.name());
    long to = kernel.secondName(place.name());
    long result = kernel.call(Syscall.LINKAT, source, from, parent, to, 0);
    if (result == -Errno.ENOENT || result == -Errno.EPERM) {
      throw LayerStack.missing(place, target);
    }
    if (result < 0) {
      throw Kernel.failure(Syscall.LINKAT, place, result);
    }
    times.set(parent, before, place);
  }
}
