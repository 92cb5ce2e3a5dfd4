package io.sealift.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.LayerTree;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSummary.PendingLink;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One layer of a stack, asked about single places: what it has there, and whether it hides what
/// the layers below have. Symlinks are never followed. From {@link #open} until {@link #close}.
///
/// What was found on the way to the last place is remembered, so it is quickest to ask in the order
/// of a tree.
final class LayerView implements AutoCloseable {

  private final Kernel kernel;
  private final Statx statx;
  private final Xattrs xattrs;
  private final RootDir root;
  private final Set<TreePath> implied = new HashSet<>();
  private final Map<TreePath, TreePath> pending = new HashMap<>();
  private final WithheldModes withheld;
  private final List<Step> way = new ArrayList<>();

  /// What a layer has at a place.
  enum Kind {
    NOTHING,
    /// A directory that it has an entry for.
    DIRECTORY,
    /// A directory that it needs but has no entry for.
    IMPLIED_DIRECTORY,
    /// A hard link whose target is in a lower layer, and which is not among the files.
    LINK,
    /// Anything else.
    FILE
  }

  /// @param hidesBelow whether nothing that the layers below have at the place shows
  record Answer(Kind kind, boolean hidesBelow) {}

  /// A directory on the way to a place.
  private record Step(TreePath place, State state) {}

  private enum State {
    NOTHING,
    DIRECTORY,
    OPAQUE_DIRECTORY,
    OTHER
  }

  private LayerView(Kernel kernel, Xattrs xattrs, RootDir root, WithheldModes withheld) {
    this.kernel = kernel;
    this.statx = new Statx(kernel);
    this.xattrs = xattrs;
    this.root = root;
    this.withheld = withheld;
  }

  /// @param kernel stays the caller's
  @SuppressWarnings("MustBeClosedChecker") // closed by close()
  static LayerView open(Kernel kernel, Xattrs xattrs, LayerTree layer)
      throws StoreException, UnsafeContentException {
    WithheldModes withheld = WithheldModes.of(layer.summary());
    RootDir root = RootDir.open(kernel, layer.directory());
    LayerView view = new LayerView(kernel, xattrs, root, withheld);
    try {
      for (LayerPath path : layer.summary().implied()) {
        view.implied.add(TreePath.of(path));
      }
      for (PendingLink link : layer.summary().pendingLinks()) {
        view.pending.put(TreePath.of(link.path()), TreePath.of(link.target()));
      }
      return view;
    } catch (UnsafeContentException malformed) {
      view.close();
      throw malformed;
    }
  }

  /// What the layer has at a place.
  Answer at(TreePath place) throws StoreException {
    boolean hides = false;
    if (!place.isRoot()) {
      for (Step step : wayTo(place.parent())) {
        switch (step.state) {
          case DIRECTORY -> {}
          case OPAQUE_DIRECTORY -> hides = true;
          case NOTHING -> {
            return new Answer(Kind.NOTHING, hides);
          }
          case OTHER -> {
            return new Answer(Kind.NOTHING, true);
          }
        }
      }
    }
    return pending.containsKey(place) ? new Answer(Kind.LINK, true) : look(place, hides);
  }

  /// The root and the directories from there to a place, as far as there are some.
  private List<Step> wayTo(TreePath directory) throws StoreException {
    while (!way.isEmpty() && !way.getLast().place.isSelfOrAbove(directory)) {
      way.removeLast();
    }
    List<TreePath> left = new ArrayList<>();
    TreePath known = way.isEmpty() ? null : way.getLast().place;
    for (TreePath at = directory; !at.equals(known); at = at.parent()) {
      left.add(at);
      if (at.isRoot()) {
        break;
      }
    }
    for (TreePath next : left.reversed()) {
      if (!way.isEmpty() && !leadsOn(way.getLast().state)) {
        break;
      }
      way.add(new Step(next, state(next)));
    }
    return way;
  }

  private static boolean leadsOn(State state) {
    return state == State.DIRECTORY || state == State.OPAQUE_DIRECTORY;
  }

  private State state(TreePath directory) throws StoreException {
    int opened = root.openBeneath(directory, Flags.OPEN_DIRECTORY);
    if (opened == -Errno.ENOENT) {
      return pending.containsKey(directory) ? State.OTHER : State.NOTHING;
    }
    if (opened == -Errno.ENOTDIR || opened == -Errno.ELOOP) {
      return State.OTHER;
    }
    if (opened < 0) {
      throw Kernel.failure(Syscall.OPENAT2, show(directory), opened);
    }
    try {
      boolean opaque = xattrs.all(opened, directory).stream().anyMatch(OverlayMarks::isOpaque);
      return opaque ? State.OPAQUE_DIRECTORY : State.DIRECTORY;
    } finally {
      kernel.closeDescriptor(opened);
    }
  }

  /// @param hides whether a directory above the place is opaque. That the place itself is does not
  ///   matter: an opaque directory without an entry keeps the attributes that it had
  private Answer look(TreePath place, boolean hides) throws StoreException {
    int opened = root.openBeneath(place, Flags.O_PATH | Flags.O_NOFOLLOW | Flags.O_CLOEXEC);
    if (opened == -Errno.ENOENT) {
      return new Answer(Kind.NOTHING, hides);
    }
    if (opened < 0) {
      throw Kernel.failure(Syscall.OPENAT2, show(place), opened);
    }
    try {
      statx.of(opened, place);
    } finally {
      kernel.closeDescriptor(opened);
    }
    if (statx.isWhiteout()) {
      return new Answer(Kind.NOTHING, true);
    }
    if (statx.type() != Flags.S_IFDIR) {
      return new Answer(Kind.FILE, true);
    }
    return new Answer(implied.contains(place) ? Kind.IMPLIED_DIRECTORY : Kind.DIRECTORY, hides);
  }

  /// Where the link at a place leads that is not among the files; null when there is none.
  @Nullable TreePath pending(TreePath place) {
    return pending.get(place);
  }

  /// The text of the symlink at a place; null when something else is there.
  byte @Nullable [] linkText(TreePath place) throws StoreException {
    int link = open(place);
    try {
      MemorySegment text = kernel.takeBuffer();
      long empty = kernel.name(new byte[0]);
      long length = kernel.call(Syscall.READLINKAT, link, empty, text.address(), Kernel.PATH_MAX);
      kernel.giveBuffer(text);
      return length < 0 ? null : text.asSlice(0, length).toArray(JAVA_BYTE);
    } finally {
      kernel.closeDescriptor(link);
    }
  }

  /// The inode at a place.
  Statx.Inode inode(TreePath place) throws StoreException {
    int opened = open(place);
    try {
      statx.of(opened, place);
      return statx.inode();
    } finally {
      kernel.closeDescriptor(opened);
    }
  }

  /// All names that the layer has for what is at a place, this one first.
  List<TreePath> namesOf(TreePath place) throws StoreException, UnsafeContentException {
    Statx.Inode inode = inode(place);
    List<TreePath> names = new ArrayList<>(List.of(place));
    if (statx.links() > 1) {
      try (TreeWalk walk = new TreeWalk(kernel, root.path(), new NamesOf(inode, names))) {
        walk.below(RootDir.open(kernel, root.path()).descriptor());
      }
    }
    return names;
  }

  DirectoryAttributes attributes(TreePath place) throws StoreException {
    int opened = root.openBeneath(place, Flags.OPEN_DIRECTORY);
    if (opened < 0) {
      throw Kernel.failure(Syscall.OPENAT2, show(place), opened);
    }
    try {
      DirectoryAttributes found = DirectoryAttributes.of(kernel, xattrs, opened, place);
      Integer mode = withheld.get(place);
      return mode == null ? found : found.withMode(mode);
    } finally {
      kernel.closeDescriptor(opened);
    }
  }

  /// The mode that a place is to have in the end; null when it has it.
  @Nullable Integer withheld(TreePath place) {
    return withheld.get(place);
  }

  /// The layer's own directory, which stays this view's.
  RootDir root() {
    return root;
  }

  private int open(TreePath place) throws StoreException {
    int opened = root.openBeneath(place, Flags.O_PATH | Flags.O_NOFOLLOW | Flags.O_CLOEXEC);
    if (opened < 0) {
      throw Kernel.failure(Syscall.OPENAT2, show(place), opened);
    }
    return opened;
  }

  private String show(TreePath place) {
    return root.path() + "/" + place;
  }

  @Override
  public void close() {
    root.close();
  }

  /// Collects further names of an inode.
  private final class NamesOf implements TreeWalk.Visitor {

    private final Statx.Inode inode;
    private final List<TreePath> names;

    NamesOf(Statx.Inode inode, List<TreePath> names) {
      this.inode = inode;
      this.names = names;
    }

    @Override
    public void entry(int parent, long name, TreeWalk walk) throws StoreException {
      statx.of(parent, name, walk);
      if (statx.inode().equals(inode) && !walk.path().equals(names.getFirst())) {
        names.add(walk.path());
      }
    }

    @Override
    public void enter(int directory, TreeWalk walk) {}

    @Override
    public void leave(int parent, long name, TreeWalk walk) {}
  }
}
