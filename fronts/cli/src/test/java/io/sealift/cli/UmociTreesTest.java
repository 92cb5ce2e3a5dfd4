package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.cli.ListedTrees.Difference;
import io.sealift.linux.TreeFiles;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.InProcessRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever way Sealift makes a tree, it is the one that umoci makes of the same image, but for
/// what umoci is known to do otherwise.
@Tag("peers")
class UmociTreesTest {

  private static final List<String> SNAPSHOTTERS =
      "root".equals(System.getProperty("user.name")) ? List.of("copy", "overlay") : List.of("copy");

  @TempDir Path directory;

  private final InProcessRegistry registry = InProcessRegistry.start();

  @AfterEach
  void nothingStays() throws Exception {
    registry.close();
    Path[] bundles = SNAPSHOTTERS.stream().map(trees()::resolve).toArray(Path[]::new);
    if (Files.exists(trees())) {
      workDir().assertSoundAndUnmounted(bundles);
    }
    TreeFiles.remove(trees()); // whatever the modes in them, and symlinks that lead elsewhere
    TreeFiles.remove(workDir().store());
  }

  static Stream<TreeImage> images() {
    return Stream.of(PackedImages.all(), StackedImages.all(), EntryImages.all())
        .flatMap(List::stream);
  }

  static Stream<TreeImage> imagesOfUsers() {
    return images().filter(image -> !image.needsRoot());
  }

  static Stream<TreeImage> imagesOfRoot() {
    return images().filter(TreeImage::needsRoot);
  }

  static Stream<TreeImage> randomOfUsers() {
    return LongStream.rangeClosed(1, 10).mapToObj(seed -> RandomImage.of(seed, false));
  }

  static Stream<TreeImage> randomOfRoot() {
    return LongStream.rangeClosed(11, 30).mapToObj(seed -> RandomImage.of(seed, true));
  }

  @ParameterizedTest
  @MethodSource("imagesOfUsers")
  void anyUserMakesTheTreesThatUmociMakes(TreeImage image) throws Exception {
    compare(image);
  }

  @ParameterizedTest
  @MethodSource("imagesOfRoot")
  @Tag("root")
  void rootMakesTheTreesThatUmociMakes(TreeImage image) throws Exception {
    compare(image);
  }

  @ParameterizedTest
  @MethodSource("randomOfUsers")
  void anyUserMakesRandomTreesAsUmociDoes(TreeImage image) throws Exception {
    compare(image);
  }

  @ParameterizedTest
  @MethodSource("randomOfRoot")
  @Tag("root")
  void rootMakesRandomTreesAsUmociDoes(TreeImage image) throws Exception {
    compare(image);
  }

  @Test
  void everyKnownDifferenceIsOneOfTheseImages() {
    Set<String> names = images().map(TreeImage::name).collect(Collectors.toSet());
    Set<String> others = new TreeSet<>(KnownDifferences.images());
    others.removeAll(names);
    assertEquals(Set.of(), others);
  }

  private void compare(TreeImage image) throws Exception {
    Files.createDirectory(trees());
    registry.push("app", "v1", image.image());
    Map<String, Path> ours = ours();
    List<Difference> refusal = theirs(image);
    ListedTrees listed = ListedTrees.of(trees());
    for (Map.Entry<String, Path> one : ours.entrySet()) {
      List<Difference> found = new ArrayList<>(refusal);
      found.addAll(listed.differences(one.getValue(), trees().resolve("umoci/rootfs")));
      assertEquals(
          String.join("\n", KnownDifferences.of(image.name())),
          found.stream().map(Difference::key).sorted().collect(Collectors.joining("\n")),
          () -> "%s, by %s: %s".formatted(image, one.getKey(), found));
    }
  }

  private Path trees() {
    return directory.resolve("trees");
  }

  private WorkDir workDir() {
    return new WorkDir(directory.resolve("store"));
  }

  /// The image's tree in each of the ways that there are: their names, and where the tree is.
  private Map<String, Path> ours() {
    String name = registry.name("app", "v1");
    Map<String, Path> ours = new LinkedHashMap<>();
    ours.put("unpack", trees().resolve("unpack"));
    Run unpacked = workDir().unpack(name, trees().resolve("unpack"));
    assertEquals(0, unpacked.status(), unpacked.err());
    for (String snapshotter : SNAPSHOTTERS) {
      Path bundle = trees().resolve(snapshotter);
      Run pulled = workDir().pull(name, bundle, "--snapshotter=" + snapshotter);
      assertEquals(0, pulled.status(), pulled.err());
      ours.put(snapshotter, bundle.resolve("rootfs"));
    }
    return ours;
  }

  /// Has umoci make the tree, of the other image when it refuses this one.
  ///
  /// @return the refusal
  private List<Difference> theirs(TreeImage image) throws Exception {
    String refusal = umoci("first", image.image());
    if (refusal.isEmpty()) {
      return List.of();
    }
    registry.push("app", "v1", image.instead());
    assertEquals("", umoci("second", image.instead()));
    String program = refusal.substring(0, refusal.indexOf(' ') + 1);
    String reason = refusal.substring(refusal.lastIndexOf(": ") + 2).replaceAll("[\\\\\"]", "");
    return List.of(new Difference("refusal", program + reason, "", refusal));
  }

  private String umoci(String scratch, BuiltImage image) throws Exception {
    boolean zstd = image.layers().stream().anyMatch(layer -> layer.mediaType().endsWith("zstd"));
    return new Umoci(Files.createDirectory(directory.resolve(scratch)))
        .unpack(registry.name("app", "v1"), zstd, trees().resolve("umoci"));
  }
}
