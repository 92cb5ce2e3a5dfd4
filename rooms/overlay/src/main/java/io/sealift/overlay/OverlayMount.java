package io.sealift.overlay;

import static io.sealift.overlay.TreeSnapshotter.makeDirectory;

import io.sealift.failure.StoreException;
import io.sealift.linux.DetachedMount;
import io.sealift.linux.FileSystemContext;
import io.sealift.linux.MountTable;
import io.sealift.linux.Mounts;
import io.sealift.linux.TreeFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Puts an overlay together, in the way that the kernel offers.
///
/// | kernel | way | layers |
/// |---|---|---|
/// | since 6.7 | one by one, by descriptor or short name | 500 |
/// | the same | the lowest ones as an overlay of their own, which counts as one layer | 999 |
/// | before | all on one page of options, by short names | some 220 |
///
/// @param userXattr whether the marks of layers are `user.` attributes, as in a user namespace
/// @param oneByOne whether the kernel takes layers one by one
/// @param passing whether what is written need not outlive a power loss; then its end does not wait
///   until all of the file system below is on its disk
record OverlayMount(boolean userXattr, boolean oneByOne, boolean passing) {

  /// Lower directories that overlayfs takes (`OVL_MAX_STACK`, `fs/overlayfs/params.h`).
  static final int LAYERS_OF_ONE = 500;

  /// One of the upper overlay's layers is the lower overlay. Overlays do not nest deeper
  /// (`FILESYSTEM_MAX_STACK_DEPTH`).
  static final int LAYERS_MAX = 2 * LAYERS_OF_ONE - 1;

  /// How these mounts are known among others, as the source that the mount table shows.
  private static final String SOURCE = "sealift";

  private static final String TYPE = "overlay";
  private static final String USER_XATTR = "userxattr";
  private static final String VOLATILE = "volatile";

  /// @param directory one of this process, on the file system of the upper directory
  static OverlayMount probe(Path directory) throws StoreException {
    try (FileSystemContext context = FileSystemContext.open(TYPE)) {
      boolean oneByOne = !context.isLegacy() && context.text("lowerdir+", "/");
      return new OverlayMount(!Mounts.takesTrustedXattrs(directory), oneByOne, false);
    }
  }

  /// The same for an overlay that nobody will miss.
  OverlayMount forTrial() {
    return new OverlayMount(userXattr, oneByOne, true);
  }

  /// What was found, for people.
  List<String> ways() {
    return List.of(
        oneByOne
            ? "layers one by one, at most " + LAYERS_MAX
            : "layers on one page of options, some 220",
        userXattr ? "marks of layers in user attributes" : "marks of layers in trusted attributes");
  }

  /// Makes an overlay that is attached nowhere. The caller closes it.
  ///
  /// @param lower at least one, the topmost first, each once
  /// @param scratch an empty directory on the file system of the store; what is made in it stays
  DetachedMount mount(List<Path> lower, Path scratch) throws StoreException {
    Path upper = makeDirectory(scratch.resolve("upper"));
    Path work = makeDirectory(scratch.resolve("work"));
    if (!oneByOne) {
      Path place = makeDirectory(nested(scratch));
      List<String> options = userXattr ? List.of(USER_XATTR) : List.of();
      return Mounts.overlayByPage(SOURCE, lower, upper, work, options, place);
    }
    if (lower.size() > LAYERS_MAX) {
      throw new StoreException(
          "stack %d layers: overlays take at most %d; use --snapshotter copy"
              .formatted(lower.size(), LAYERS_MAX));
    }
    if (lower.size() <= LAYERS_OF_ONE) {
      return mount(lower, upper, work);
    }
    return mountNested(lower, upper, work, makeDirectory(nested(scratch)));
  }

  private DetachedMount mountNested(List<Path> lower, Path upper, Path work, Path place)
      throws StoreException {
    try (FileSystemContext context = begin(lower.subList(LAYERS_OF_ONE - 1, lower.size()));
        DetachedMount base = context.mount()) {
      base.attach(place);
    }
    try {
      List<Path> top = new ArrayList<>(lower.subList(0, LAYERS_OF_ONE - 1));
      top.add(place);
      return mount(top, upper, work);
    } finally {
      Mounts.unmount(place); // the upper overlay keeps what it needs of it
    }
  }

  private DetachedMount mount(List<Path> lower, Path upper, Path work) throws StoreException {
    try (FileSystemContext context = begin(lower)) {
      context.directory("upperdir", upper);
      context.directory("workdir", work);
      if (passing) {
        context.flag(VOLATILE); // a kernel before 5.10 only takes longer
      }
      return context.mount();
    }
  }

  private FileSystemContext begin(List<Path> lower) throws StoreException {
    FileSystemContext context = FileSystemContext.open(TYPE);
    try {
      context.text("source", SOURCE);
      context.text("index", "off"); // layers are shared by many mounts, which an index cannot tell
      if (userXattr && !context.flag(USER_XATTR)) {
        throw new StoreException(
            "mount overlay: expected the option userxattr, which a user namespace needs, found a"
                + " kernel before 5.11; use --snapshotter copy");
      }
      for (Path directory : lower) {
        context.directory("lowerdir+", directory);
      }
      return context;
    } catch (StoreException failed) {
      context.close();
      throw failed;
    }
  }

  /// Where an overlay is mounted for a moment that is part of another.
  private static Path nested(Path scratch) {
    return scratch.resolve("nested");
  }

  /// Where a layer is kept that belongs to one snapshot only.
  static Path barrier(Path scratch, int number) {
    return scratch.resolve("barriers").resolve(Integer.toString(number));
  }

  /// What a snapshot's own directory holds is taken away, mounted or not, but not the directory.
  static void clear(Path scratch) throws StoreException {
    unmountOurs(nested(scratch));
    for (String name : List.of("barriers", "nested", "upper", "work")) {
      TreeFiles.remove(scratch.resolve(name));
    }
  }

  /// Undoes every overlay of this program that is mounted at a directory, and nothing else.
  ///
  /// @throws StoreException when one is in use, or when something else is mounted over it
  static void unmountOurs(Path directory) throws StoreException {
    Path place = Places.real(directory);
    List<MountTable.Entry> here = MountTable.read().at(place);
    while (here.stream().anyMatch(OverlayMount::isOurs)) {
      if (!isOurs(here.getLast())) {
        throw new StoreException(
            "unmount %s: %s is mounted over it; unmount that first"
                .formatted(directory, here.getLast().type()));
      }
      Mounts.unmount(place);
      here = MountTable.read().at(place);
    }
  }

  /// Whether what shows at a directory is an overlay of this program.
  static boolean isMountedAt(Path directory) throws StoreException {
    List<MountTable.Entry> here = MountTable.read().at(Places.real(directory));
    return !here.isEmpty() && isOurs(here.getLast());
  }

  private static boolean isOurs(MountTable.Entry mount) {
    return mount.type().equals(TYPE) && mount.source().equals(SOURCE);
  }
}
