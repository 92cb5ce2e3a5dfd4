package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sealift.failure.StoreException;
import io.sealift.linux.TreeFiles;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.TarBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Attacks through the whole command line, from a registry to a bundle and to plain files: each is
/// refused by status and one line, or does its work inside the tree. What lies beside the tree, and
/// another image in the same store, are as before. The attacks are what the static method `attacks`
/// of the inheriting class gives.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class HostileContract {

  private final InProcessRegistry registry = InProcessRegistry.start();
  private Path directory = Path.of("");
  private int pushed;

  @BeforeAll
  void bringInAnother(@TempDir Path scratch) {
    directory = scratch;
    registry.push("app", "other", Attack.image(new TarBuilder().file("o", "other")));
    WorkDir.made(
        workDir().pull(registry.name("app", "other"), bundle("other"), "--snapshotter=copy"));
  }

  @AfterAll
  void theOtherIsSoundAndGoesWithoutATrace() throws IOException {
    registry.close();
    assertEquals(List.of("o 644 other"), lines(bundle("other").resolve("rootfs")));
    workDir().assertSoundAndUndone(bundle("other"));
  }

  private WorkDir workDir() {
    return new WorkDir(directory.resolve("store"));
  }

  private Path bundle(String name) {
    return directory.resolve("bundles").resolve(name);
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void pullsAreRefusedOrConfined(Attack attack) throws IOException {
    Path place = Files.createTempDirectory(directory, "pull");
    Path bundle = place.resolve("bundle");
    List<String> stored = workDir().files();
    Canary canary = Canary.in(place.resolve("canary"));
    BuiltImage image = push(attack, canary);
    Run run =
        workDir()
            .pull(
                registry.name(repository(), "v1"),
                bundle,
                Stream.concat(Stream.of("--snapshotter=copy"), attack.options().stream())
                    .toArray(String[]::new));
    assertOutcome(attack, image, canary, run, bundle.resolve("rootfs"));
    if (run.status() == 0) {
      WorkDir.done(workDir().run("unmount", bundle.toString()));
    }
    if (attack.isStored()) {
      WorkDir.done(workDir().run("rm", image.digest().toString()));
    }
    // Sound layers of an image that has others besides stay until they are collected.
    WorkDir.done(workDir().run("gc"));
    assertFalse(Files.exists(bundle));
    assertEquals(stored, workDir().files());
    canary.assertUntouched();
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void unpackingIsRefusedOrConfined(Attack attack) throws IOException, StoreException {
    Path place = Files.createTempDirectory(directory, "unpack");
    Path tree = place.resolve("tree");
    Canary canary = Canary.in(place.resolve("canary"));
    BuiltImage image = push(attack, canary);
    Run run =
        workDir()
            .unpack(
                registry.name(repository(), "v1"), tree, attack.options().toArray(String[]::new));
    assertOutcome(attack, image, canary, run, tree);
    if (run.status() == 0) {
      TreeFiles.remove(tree);
    }
    try (Stream<Path> rest = Files.list(place)) {
      assertEquals(List.of(place.resolve("canary")), rest.toList());
    }
    canary.assertUntouched();
  }

  private BuiltImage push(Attack attack, Canary canary) {
    BuiltImage image = attack.image().apply(canary.toString());
    pushed++;
    registry.push(repository(), "v1", image);
    return image;
  }

  private String repository() {
    return "app" + pushed;
  }

  private void assertOutcome(Attack attack, BuiltImage image, Canary canary, Run run, Path tree)
      throws IOException {
    switch (attack.outcome()) {
      case Attack.Outcome.Refused(int status, String message, boolean _) -> {
        assertSaid(said(message, image, canary), run.err());
        assertEquals(status, run.status());
        assertEquals("", run.out());
      }
      case Attack.Outcome.Confined(List<String> lines) -> {
        WorkDir.made(run);
        assertEquals(image.digest() + "\n", run.out());
        assertEquals(expected(lines, canary), lines(tree).stream().sorted().toList());
      }
    }
  }

  private static void assertSaid(String expected, String said) {
    if (expected.endsWith("…")) {
      String begin = "sealift: " + expected.substring(0, expected.length() - 1);
      assertEquals(begin, said.substring(0, Math.min(begin.length(), said.length())), said);
      assertEquals(1, said.lines().count(), said);
    } else {
      assertEquals("sealift: " + expected + "\n", said);
    }
  }

  private String said(String message, BuiltImage image, Canary canary) {
    String said =
        canary
            .in(message)
            .replace("NAME", "docker://" + registry.name(repository(), "v1"))
            .replace("PLACE", registry.url() + "/v2/" + repository());
    if (!image.layers().isEmpty()) {
      said =
          said.replace("LAYER", image.layers().getFirst().digest())
              .replace("TOP", image.layers().getLast().digest())
              .replace("DIFFID", image.layers().getFirst().diffId())
              .replace("CONFIG", image.blobs().getFirst().digest());
    }
    return said;
  }

  /// The lines with those of the directories that only lead to what is named.
  private static List<String> expected(List<String> lines, Canary canary) {
    Map<String, String> expected = new TreeMap<>();
    for (String line : lines) {
      String whole = canary.in(line);
      expected.put(whole.substring(0, whole.indexOf(' ')), whole);
    }
    for (String path : List.copyOf(expected.keySet())) {
      for (int at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
        expected.putIfAbsent(path.substring(0, at + 1), path.substring(0, at + 1) + " 755");
      }
    }
    return List.copyOf(expected.values());
  }

  private static List<String> lines(Path tree) throws IOException {
    try {
      return TreeLines.of(tree);
    } catch (io.sealift.failure.ImageException failed) {
      throw new IOException(failed);
    }
  }
}
