package io.sealift.linux;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.UnpackLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes a layer below a directory, as overlayfs wants a lower directory to be: from {@link #open}
/// until {@link #close}, on one thread at a time.
///
/// Everything is made by name in the open descriptor of its parent, and what was there before is
/// never followed nor written through; no way leads out of the directory, also not while another
/// process changes it. As an ordinary user, what needs a privilege is left out and counted as a
/// {@link TreeSummary.Loss}.
public final class DirectorySink implements TreeSink {

  private final Kernel kernel;
  private final RootDir root;
  private final Losses losses = new Losses();
  private final Ledger ledger = new Ledger();
  private final OpenDirectories directories;
  private final OverlayMarks marks;
  private final Entries entries;
  private final AttributeWriter attributes;
  private final Parents parents;
  private final HardLinks links;
  private final FileBody body;
  private boolean finished;
  private boolean closed;

  private DirectorySink(Kernel kernel, RootDir root) throws StoreException {
    this.kernel = kernel;
    this.root = root;
    Times times = new Times(kernel);
    Xattrs xattrs = new Xattrs(kernel, losses);
    xattrs.clearAcls(root.descriptor());
    this.directories = OpenDirectories.open(kernel, root, times);
    this.marks = new OverlayMarks(kernel, xattrs);
    this.entries = new Entries(kernel, directories, marks, ledger);
    this.attributes =
        new AttributeWriter(kernel, Identity.of(kernel), losses, xattrs, times, ledger);
    this.parents = new Parents(kernel, directories, entries, attributes, ledger);
    this.links = new HardLinks(entries, parents, ledger);
    this.body = new FileBody(kernel, attributes);
  }

  /// Begins a layer.
  ///
  /// @param directory exists and is empty. Its mode, owner and access control lists are replaced by
  ///   those of an implied directory until the layer has an entry for its root
  public static DirectorySink open(Path directory) throws StoreException {
    return open(directory, true);
  }

  @SuppressWarnings("MustBeClosedChecker") // closed by close()
  static DirectorySink open(Path directory, boolean openat2) throws StoreException {
    Kernel kernel = Kernel.open();
    RootDir root = null;
    try {
      root = RootDir.open(kernel, directory, openat2);
      DirectorySink sink = new DirectorySink(kernel, root);
      sink.beginRoot();
      return sink;
    } catch (StoreException | RuntimeException failure) {
      if (root != null) {
        root.close();
      }
      kernel.close();
      throw failure;
    }
  }

  private void beginRoot() throws StoreException {
    attributes.impliedDirectory(directories.root());
    try {
      ledger.imply(TreePath.ROOT);
    } catch (UnsafeContentException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void directory(LayerPath path, Attributes given)
      throws StoreException, UnsafeContentException {
    TreePath place = begin(path);
    Directory directory =
        place.isRoot()
            ? directories.root()
            : entries.directory(parents.of(place), place.name(), attributes.directoryMode(given));
    ledger.entry(directory.path);
    attributes.directory(directory, given, path);
  }

  @Override
  public Body file(LayerPath path, Attributes given, long size)
      throws StoreException, UnsafeContentException {
    TreePath place = beginBelowRoot(path);
    Directory parent = parents.of(place);
    Attributes readable = attributes.readable(given);
    int descriptor = entries.file(parent, place.name(), attributes.fileMode(readable));
    if (readable.mode() != given.mode()) {
      ledger.withhold(parent.path.child(place.name()), given.mode());
    }
    return body.begin(descriptor, path, parent, readable, size);
  }

  @Override
  public void symlink(LayerPath path, byte[] target, Attributes given)
      throws StoreException, UnsafeContentException {
    TreePath place = beginBelowRoot(path);
    checkTarget(path, target);
    Directory parent = parents.of(place);
    byte[] name = place.name();
    entries.symlink(parent, name, target);
    attributes.symlink(parent, name, given, path);
  }

  private static void checkTarget(LayerPath path, byte[] target) throws UnsafeContentException {
    if (target.length == 0 || target.length >= Kernel.PATH_MAX) {
      throw new UnsafeContentException(
          "make symlink %s: its text has %d bytes, expected 1 to %d"
              .formatted(path, target.length, Kernel.PATH_MAX - 1));
    }
    for (byte b : target) {
      if (b == 0) {
        throw new UnsafeContentException("make symlink %s: its text holds a NUL".formatted(path));
      }
    }
  }

  @Override
  public void hardLink(LayerPath path, LayerPath target)
      throws StoreException, UnsafeContentException {
    TreePath place = beginBelowRoot(path);
    links.make(place, TreePath.of(target));
  }

  @Override
  public void fifo(LayerPath path, Attributes given) throws StoreException, UnsafeContentException {
    node(path, Flags.S_IFIFO, 0, given);
  }

  @Override
  public void device(LayerPath path, DeviceKind kind, int major, int minor, Attributes given)
      throws StoreException, UnsafeContentException {
    if (kind == DeviceKind.CHARACTER && major == 0 && minor == 0) {
      throw new UnsafeContentException(
          "make device %s: character device 0:0 is how a layer's tree marks a deletion"
              .formatted(path));
    }
    int type =
        switch (kind) {
          case CHARACTER -> Flags.S_IFCHR;
          case BLOCK -> Flags.S_IFBLK;
        };
    node(path, type, Flags.device(major, minor), given);
  }

  private void node(LayerPath path, int type, long device, Attributes given)
      throws StoreException, UnsafeContentException {
    TreePath place = beginBelowRoot(path);
    Directory parent = parents.of(place);
    byte[] name = place.name();
    long made = entries.node(parent, name, type | attributes.fileMode(given), device);
    if (made < 0) {
      losses.add("device", path, made);
      entries.whiteout(parent, name); // it would hide what is below
      return;
    }
    attributes.node(parent, name, given, path);
  }

  @Override
  public void whiteout(LayerPath path) throws StoreException, UnsafeContentException {
    TreePath place = beginBelowRoot(path);
    entries.whiteout(parents.of(place), place.name());
  }

  @Override
  public void opaque(LayerPath path) throws StoreException, UnsafeContentException {
    Directory directory = parents.make(begin(path));
    marks.opaque(directory.descriptor, directory.path);
  }

  private TreePath beginBelowRoot(LayerPath path) throws UnsafeContentException {
    if (path.isRoot()) {
      throw new UnsafeContentException("unpack layer: its root is something else than a directory");
    }
    return begin(path);
  }

  private TreePath begin(LayerPath path) throws UnsafeContentException {
    if (finished || closed || body.isOpen()) {
      throw new IllegalStateException("an entry while a file is open, or after the last one");
    }
    return TreePath.of(path);
  }

  @Override
  public TreeSummary finish() throws StoreException, UnsafeContentException {
    begin(LayerPath.ROOT);
    finished = true;
    List<TreeSummary.PendingLink> pending = new ArrayList<>();
    for (Ledger.DeferredLink link : links.finish()) {
      pending.add(
          new TreeSummary.PendingLink(
              layerPath(link.place().bytes()), layerPath(link.target().bytes())));
    }
    directories.settle();
    for (var late : ledger.late().entrySet()) {
      Directory directory = parents.make(late.getKey());
      attributes.late(directory, late.getValue());
    }
    List<LayerPath> implied = new ArrayList<>();
    for (TreePath place : ledger.implied()) {
      implied.add(layerPath(place.bytes()));
    }
    return new TreeSummary(implied, pending, ledger.withheld(), losses.toList());
  }

  /// A path for others, made of one from here.
  static LayerPath layerPath(byte[] bytes) throws UnsafeContentException {
    return LayerPath.of(bytes, UnpackLimits.UNBOUNDED);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    body.abandon();
    directories.close();
    root.close();
    kernel.close();
  }
}
