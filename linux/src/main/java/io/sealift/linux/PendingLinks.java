package io.sealift.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.LayerTree;
import io.sealift.unpack.Attributes.FileTime;
import io.sealift.unpack.TreeSummary.PendingLink;
import io.sealift.unpack.TreeSummary.WithheldMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes the hard links of layers to files of lower layers in a stacked root file system, and gives
/// files the modes that were withheld.
///
/// | of the names that the target has in its own layer | the link becomes |
/// |---|---|
/// | some show | a further name of the first of them; copy-up breaks links, so the others are linked anew |
/// | none shows, because layers above replaced them | a copy, of which further links are names |
final class PendingLinks {

  /// Where copies are made before they get their place. It is made new or not at all: an image that
  /// has this name itself, and needs such a copy, is refused.
  private static final byte[] WORKSHOP = ".sealift-links".getBytes(US_ASCII);

  private static final TreePath COPY = new TreePath("copy".getBytes(US_ASCII));

  private final Kernel kernel;
  private final Statx statx;
  private final Times times;
  private final TreeRemoval removal;
  private final RootDir root;
  private final LayerStack stack;
  private final Map<Statx.Inode, Group> groups = new LinkedHashMap<>();

  /// The links to one file; none when only its mode is to be given.
  private record Group(LayerStack.Source source, List<TreePath> links) {}

  PendingLinks(Kernel kernel, RootDir root, LayerStack stack) {
    this.kernel = kernel;
    this.statx = new Statx(kernel);
    this.times = new Times(kernel);
    this.removal = new TreeRemoval(kernel);
    this.root = root;
    this.stack = stack;
  }

  void make(List<LayerTree> layers) throws StoreException, UnsafeContentException {
    for (int layer = 0; layer < layers.size(); layer++) {
      for (PendingLink link : layers.get(layer).summary().pendingLinks()) {
        add(layer, TreePath.of(link.path()));
      }
      for (WithheldMode mode : layers.get(layer).summary().withheld()) {
        addWithheld(layer, TreePath.of(mode.path()));
      }
    }
    for (Group group : groups.values()) {
      make(group);
    }
  }

  /// Its target has to be there even if the link itself does not show.
  private void add(int layer, TreePath link) throws StoreException, UnsafeContentException {
    LayerStack.Source source = stack.source(layer, link);
    if (stack.shows(link, layer)) {
      Statx.Inode inode = stack.view(source.layer()).inode(source.place());
      groups.computeIfAbsent(inode, any -> new Group(source, new ArrayList<>())).links.add(link);
    }
  }

  /// Giving a mode breaks links as well.
  private void addWithheld(int layer, TreePath place)
      throws StoreException, UnsafeContentException {
    LayerView view = stack.view(layer);
    if (stack.shows(place, layer) && view.at(place).kind() == LayerView.Kind.FILE) {
      LayerStack.Source source = new LayerStack.Source(layer, place);
      groups.computeIfAbsent(view.inode(place), any -> new Group(source, new ArrayList<>()));
    }
  }

  private void make(Group group) throws StoreException, UnsafeContentException {
    LayerStack.Source source = group.source;
    List<TreePath> names = new ArrayList<>();
    for (TreePath name : stack.view(source.layer()).namesOf(source.place())) {
      if (stack.shows(name, source.layer())) {
        names.add(name);
      }
    }
    if (names.isEmpty()) {
      copy(source, group.links.getFirst());
    }
    names.addAll(group.links);
    Integer mode = stack.view(source.layer()).withheld(source.place());
    if (mode != null) {
      WithheldModes.give(kernel, root, names.getFirst(), mode);
    }
    for (TreePath name : names.subList(1, names.size())) {
      link(names.getFirst(), name);
    }
  }

  private void link(TreePath from, TreePath to) throws StoreException {
    int source = open(from.parent());
    try {
      replace(
          to,
          (parent, name) ->
              kernel.call(
                  Syscall.LINKAT,
                  source,
                  kernel.name(from.name()),
                  parent,
                  kernel.secondName(name),
                  0),
          Syscall.LINKAT);
    } finally {
      kernel.closeDescriptor(source);
    }
  }

  private void copy(LayerStack.Source source, TreePath to)
      throws StoreException, UnsafeContentException {
    int top = root.descriptor();
    kernel.must(Syscall.MKDIRAT, root.path(), top, kernel.name(WORKSHOP), 0700, 0);
    try {
      int workshop = open(new TreePath(WORKSHOP));
      try {
        Path path = Path.of(new String(Xattrs.viaProc(top, WORKSHOP), US_ASCII));
        try (DirectorySink sink = DirectorySink.open(path)) {
          new TreeCopy(kernel, sink)
              .copyOne(
                  stack.view(source.layer()).root(),
                  source.place(),
                  DirectorySink.layerPath(COPY.bytes()));
        }
        replace(
            to,
            (parent, name) ->
                kernel.call(
                    Syscall.RENAMEAT2,
                    workshop,
                    kernel.name(COPY.bytes()),
                    parent,
                    kernel.secondName(name)),
            Syscall.RENAMEAT2);
      } finally {
        kernel.closeDescriptor(workshop);
      }
    } finally {
      removal.remove(top, WORKSHOP, root.path());
    }
  }

  /// Puts something in the place of whatever is there, the time of its directory kept.
  private void replace(TreePath place, Making making, Syscall call) throws StoreException {
    int parent = open(place.parent());
    try {
      statx.of(parent, place);
      FileTime before = statx.mtime();
      removal.remove(parent, place.name(), place);
      long result = making.make(parent, place.name());
      if (result < 0) {
        throw Kernel.failure(call, place, result);
      }
      times.set(parent, before, place);
    } finally {
      kernel.closeDescriptor(parent);
    }
  }

  private int open(TreePath directory) throws StoreException {
    int opened = root.openBeneath(directory, Flags.OPEN_DIRECTORY);
    if (opened < 0) {
      throw Kernel.failure(Syscall.OPENAT2, root.path() + "/" + directory, opened);
    }
    return opened;
  }

  private interface Making {
    /// @return what the kernel says
    long make(int parent, byte[] name);
  }
}
