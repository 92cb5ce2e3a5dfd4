package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Runs of the command line on a store of their own. Nothing of this machine's configuration is
/// read, and registries are spoken to over plain HTTP.
///
/// @param store where images are kept; need not be there yet
record WorkDir(Path store) {

  private static final List<String> FROM_ANYBODY =
      List.of("--plain-http", "--insecure-policy", "--progress=none");

  /// A command that uses the store.
  Run run(String command, String... arguments) {
    return run(command, List.of("--work-dir=" + store), arguments);
  }

  /// Brings an image into the store and makes a bundle of it.
  Run pull(String image, Path bundle, String... more) {
    List<String> options = new ArrayList<>(FROM_ANYBODY);
    options.add("--work-dir=" + store);
    options.add("--bundle=" + bundle);
    options.addAll(List.of(more));
    return run("pull", options, image);
  }

  /// Unpacks an image without the store.
  Run unpack(String image, Path tree, String... more) {
    List<String> options = new ArrayList<>(FROM_ANYBODY);
    options.addAll(List.of(more));
    return run("unpack", options, image, tree.toString());
  }

  private static Run run(String command, List<String> options, String... arguments) {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(options);
    line.addAll(List.of(arguments));
    return Run.of(line.toArray(String[]::new));
  }

  /// The store is sound; then bundles and images go, and with them everything but the store itself.
  void assertSoundAndUndone(Path... bundles) throws IOException {
    assertSoundAndUnmounted(bundles);
    for (String image : done(run("images", "--quiet")).out().lines().toList()) {
      done(run("rm", image));
    }
    assertEquals("removed 0 layers and 0 documents of 0 B\n", done(run("gc")).out());
    assertEquals(List.of("format", "lock"), files());
  }

  /// The store is sound; then bundles go, and images stay.
  void assertSoundAndUnmounted(Path... bundles) throws IOException {
    assertEquals(0, run("fsck").status(), () -> run("fsck").out());
    for (Path bundle : bundles) {
      done(run("unmount", bundle.toString()));
      assertEquals(false, Files.exists(bundle), bundle::toString);
    }
    assertEquals(List.of(), mounts());
  }

  /// Succeeded, and had nothing to say besides.
  static Run done(Run run) {
    assertEquals(0, run.status(), run.err());
    assertEquals("", run.err());
    return run;
  }

  /// Succeeded in making a tree; an ordinary user is told that owners were not kept.
  static Run made(Run run) {
    assertEquals(0, run.status(), run.err());
    for (String line : run.err().lines().toList()) {
      assertTrue(line.startsWith("sealift: not kept: owner of "), line);
    }
    return run;
  }

  /// What in the store is no directory.
  List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(store)) {
      return all.filter(path -> !Files.isDirectory(path))
          .map(path -> store.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  /// What is mounted beside the store or in it, by the kernel's own table.
  private List<String> mounts() throws IOException {
    String scratch = store.resolveSibling(".").normalize().toString();
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .filter(line -> Arrays.asList(line.split(" ")).get(4).startsWith(scratch))
        .toList();
  }
}
