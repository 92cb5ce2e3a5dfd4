package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import io.sealift.oci.Digest;
import io.sealift.store.Check.Finding;
import io.sealift.store.Check.Unproved;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects what a check finds, and removes it where that is asked for: removing what is broken is
/// the only repair, because everything in a store can be pulled again.
final class Findings {

  private static final String ASK = "run 'sealift fsck --repair' to remove it";

  private final Disk disk;

  /// Through which things are removed; null to leave everything as it is.
  private final @Nullable Staging repair;

  private final List<Finding> found = new ArrayList<>();
  private final List<Unproved> unproved = new ArrayList<>();

  Findings(Disk disk, @Nullable Staging repair) {
    this.disk = disk;
    this.repair = repair;
  }

  List<Finding> all() {
    return List.copyOf(found);
  }

  List<Unproved> unproved() {
    return List.copyOf(unproved);
  }

  /// Something that the store did not put there.
  void stray(Path path) throws StoreException {
    file(path, "it does not belong there", "nothing else needs it");
  }

  /// @param after what is to be known or done besides
  void file(Path path, String wrong, String after) throws StoreException {
    remove(path);
    add(path.toString(), wrong, "; " + after);
  }

  void layer(DiffId layer, Path directory, String wrong, @Nullable Path rootfs)
      throws StoreException {
    if (rootfs == null) {
      remove(directory);
      add("layer " + layer, wrong, "; images that need it are pulled again");
    } else {
      String remedy =
          "run 'sealift unmount %s', which uses it, then 'sealift fsck --repair'"
              .formatted(rootfs.getParent());
      found.add(new Finding("layer " + layer, wrong, remedy, false));
    }
  }

  /// Something whose check failed before it told anything.
  void unchecked(String subject, String why) {
    found.add(new Finding(subject, why, "it may be sound; see to that, then check again", false));
  }

  void unproved(DiffId layer, String why) {
    unproved.add(new Unproved("layer " + layer, why));
  }

  void image(Digest manifest, Path file, String wrong) throws StoreException {
    remove(file);
    add("image " + manifest, wrong, "; it is pulled again");
  }

  private void add(String subject, String wrong, String after) {
    boolean repaired = repair != null;
    found.add(new Finding(subject, wrong, (repaired ? "removed" : ASK) + after, repaired));
  }

  private void remove(Path path) throws StoreException {
    if (repair == null) {
      return;
    }
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      repair.discard(path);
    } else {
      disk.delete(path);
    }
  }
}
