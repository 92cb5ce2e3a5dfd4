package io.sealift.cli;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What umoci 0.4.7 and skopeo 1.9.3 do otherwise than Sealift, image by image, and why Sealift
/// does what it does.
final class KnownDifferences {

  /// @param difference as {@link ListedTrees.Difference#key} says it
  private record Known(String image, String difference, String reason) {}

  private static final String NO_DOCKER_ZSTD =
      "refusal skopeo: application/vnd.docker.image.rootfs.diff.tar.zstd";
  private static final String DOCKER_ZSTD =
      "skopeo refuses zstd in Docker's form, which registries serve all the same";
  private static final String DELETES_LATE =
      "umoci deletes what a whiteout hides in a directory of this layer after it gave the directory"
          + " its time; entries may come in any order (image specification, layer.md)";
  private static final String WHITEOUT_NEEDS_PARENT =
      "an entry's parents are made, those of whiteouts too, as podman does";
  private static final String LAYER_ALONE =
      "a layer is unpacked alone, by podman too: a directory that its paths need takes the place of"
          + " whatever the layers below have there";
  private static final String LINK_FIRST =
      "umoci makes links at once; entries may come in any order (image specification, layer.md)";
  private static final String NO_ENTRY =
      "no layer has an entry for the directory, so each tool leaves it the time of its making";
  private static final String PARENT_OF_NO_ENTRY =
      "umoci makes parents without keeping the time of the directory that they are in";
  private static final String AUFS =
      "umoci takes aufs's own directory for a whiteout and its entries for entries";
  private static final String AFTER_2262 = "umoci counts nanoseconds in 64 bits";
  private static final String GLOBAL_HEADER = "umoci takes a global header for an entry";
  private static final String TYPE = "umoci knows no entries of the types 7 and S";
  private static final String NO_REGION =
      "umoci takes a PAX sparse file without any region for no sparse file";
  private static final String LIBARCHIVE = "umoci reads no LIBARCHIVE.xattr";
  private static final String TRUSTED =
      "attributes called trusted. steer overlayfs and are for this machine alone";

  private static final List<Known> ALL =
      List.of(
          new Known("DOCKER ZSTD", NO_DOCKER_ZSTD, DOCKER_ZSTD),
          new Known("DOCKER ZSTD_FRAMES", NO_DOCKER_ZSTD, DOCKER_ZSTD),
          new Known("whiteouts before and after what takes the place", "mtime b", DELETES_LATE),
          new Known("opaque after a directory in it", "mtime d/s", DELETES_LATE),
          new Known("whiteouts where there is no directory", "path none", WHITEOUT_NEEDS_PARENT),
          new Known("whiteouts where there is no directory", "path d/none", WHITEOUT_NEEDS_PARENT),
          new Known("entries behind a symlink of a lower layer", "mode l", LAYER_ALONE),
          new Known("entries behind a symlink of a lower layer", "mtime l", LAYER_ALONE),
          new Known("entries behind a symlink of a lower layer", "target l", LAYER_ALONE),
          new Known("entries behind a symlink of a lower layer", "path l/b", LAYER_ALONE),
          new Known("entries behind a symlink of a lower layer", "path d/b", LAYER_ALONE),
          new Known("a whiteout behind a symlink of a lower layer", "mode l", LAYER_ALONE),
          new Known("a whiteout behind a symlink of a lower layer", "mtime l", LAYER_ALONE),
          new Known("a whiteout behind a symlink of a lower layer", "target l", LAYER_ALONE),
          new Known("a whiteout behind a symlink of a lower layer", "path d/a", LAYER_ALONE),
          new Known(
              "a hard link before its target",
              "refusal umoci: no such file or directory",
              LINK_FIRST),
          new Known("a hard link to what its layer replaces afterwards", "twin b", LINK_FIRST),
          new Known("a hard link to what its layer replaces afterwards", "content b", LINK_FIRST),
          new Known("directories without an entry", "mtime a/b", NO_ENTRY),
          new Known("directories without an entry", "mtime a/b/c", NO_ENTRY),
          new Known("directories without an entry", "mtime x", NO_ENTRY),
          new Known("directories without an entry", "mtime x/y", NO_ENTRY),
          new Known("directories without an entry", "mtime .", PARENT_OF_NO_ENTRY),
          new Known("a root without an entry", "mtime .", NO_ENTRY),
          new Known("what aufs left", "path .wh..wh.plnk", AUFS),
          new Known("what aufs left", "path .wh..wh.plnk/1.2", AUFS),
          new Known("what aufs left", "mtime .", PARENT_OF_NO_ENTRY),
          new Known("times in PAX", "mtime n/far", AFTER_2262),
          new Known("a global header", "refusal umoci: unknown typeflag 'x67'", GLOBAL_HEADER),
          new Known("contiguous files", "refusal umoci: unknown typeflag 'x37'", TYPE),
          new Known("sparse files as OLD_GNU", "refusal umoci: unknown typeflag 'x53'", TYPE),
          new Known("sparse files as PAX_0_0", "size s0", NO_REGION),
          new Known("sparse files as PAX_0_0", "content s0", NO_REGION),
          new Known("sparse files as PAX_0_1", "path s0", NO_REGION),
          new Known("sparse files as PAX_0_1", "path GNUSparseFile.0", NO_REGION),
          new Known("sparse files as PAX_0_1", "path GNUSparseFile.0/x", NO_REGION),
          new Known("sparse files as PAX_0_1", "mtime .", PARENT_OF_NO_ENTRY),
          new Known("attributes of other machines", "xattrs bsd", LIBARCHIVE),
          new Known("attributes of other machines", "xattrs trusted", TRUSTED));

  private KnownDifferences() {}

  /// Those of an image, in alphabetical order.
  static List<String> of(String image) {
    return ALL.stream()
        .filter(known -> known.image.equals(image))
        .map(Known::difference)
        .sorted()
        .toList();
  }

  /// Images that have some.
  static Set<String> images() {
    return ALL.stream().map(Known::image).collect(Collectors.toSet());
  }
}
