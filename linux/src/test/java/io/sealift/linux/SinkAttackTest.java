package io.sealift.linux;

import static io.sealift.linux.LayerFixture.bytes;
import static io.sealift.linux.LayerFixture.mine;
import static io.sealift.linux.LayerFixture.path;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Layers and neighbours that want to write beside the root; a tree there is watched.
class SinkAttackTest {

  @TempDir Path scratch;

  /// `CANARY` stands for the absolute path of the tree beside the root.
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "link x -> CANARY; file x/keep",
        "link x -> CANARY; dir x; file x/keep",
        "link x -> CANARY; file x",
        "link x -> CANARY; dir x/inside",
        "link x -> CANARY; hard x/keep = x/other",
        "link x -> CANARY; hard h = x/keep",
        "link x -> CANARY/keep; hard h = x; file h",
        "link x -> CANARY/keep; hard h = x/.; file h",
        "link x -> CANARY; whiteout x/keep",
        "link x -> CANARY; opaque x",
        "link x -> CANARY; opaque x/inside",
        "link x -> CANARY; link x/l -> y; fifo x/p",
        "link x -> ../canary; file x/keep",
        "link x -> ../../../../../../CANARY; file x/keep",
        "link a/x -> ../../canary; file a/x/keep",
        "link x -> ..; file x/canary/keep",
        "link x -> /..; dir x/canary/inside",
        "dir d; link d/x -> ../../canary; link y -> d/x; file y/keep",
        "dir d; file d/f; link d -> CANARY; file d/keep",
        "dir d; file d/f; file d; link d -> CANARY; dir d/inside; file d/inside/f",
        "link . -> CANARY",
        "link x -> /proc/self/root/CANARY; file x/keep",
        "hard x = l; link l -> CANARY; file x/keep",
      })
  void nothingBesideTheRootIsTouched(String entries) throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      try {
        layer.script(entries.replace("CANARY", layer.canary.toString())).finish();
      } catch (UnsafeContentException refused) {
        assertTrue(refused.getMessage().contains(":"), refused.getMessage());
      }
      layer.assertCanaryUntouched();
      assertEquals(1, links(layer.canary.resolve("keep")));
    }
  }

  private static int links(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:nlink");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../x", "a/../x", "a/..", ".", "a/.", "a//b", "a/", "/a", "a\0b"})
  void namesThatLeadElsewhereAreRefusedOrHarmless(String name) throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.file("a/keep", "kept");
      try {
        layer.file(name, "x");
        layer.file("b", "y", mine(0644));
        layer.sink().hardLink(path("h"), path(name));
        layer.whiteout(name);
      } catch (UnsafeContentException refused) {
        assertTrue(refused.getMessage().contains(":"), refused.getMessage());
      }
      layer.assertCanaryUntouched();
      assertEquals(List.of("canary", "layer"), childNames(scratch));
    }
  }

  private static List<String> childNames(Path directory) throws IOException {
    try (var children = Files.list(directory)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4096, 5000})
  void textsThatNoSymlinkHoldsAreRefused(int length) throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      assertThrows(
          UnsafeContentException.class,
          () -> layer.sink().symlink(path("l"), bytes("x".repeat(length)), mine(0777)));
    }
  }

  @Test
  void aNulInTheTextOfASymlinkIsRefused() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      assertThrows(
          UnsafeContentException.class,
          () -> layer.sink().symlink(path("l"), bytes("a\0b"), mine(0777)));
    }
  }

  @Test
  void removingATreeFollowsNoSymlink() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      layer.symlink("d/l", layer.canary.toString()).symlink("d/m", "../../canary");
      layer.file("d", "instead").finish();
      layer.assertCanaryUntouched();
      TreeFiles.remove(layer.root);
      assertEquals(List.of("canary"), childNames(scratch));
    }
  }

  /// While entries are written, a neighbour swaps their directory for a symlink to the tree beside
  /// the root, back and forth.
  @Test
  void aDirectoryThatIsSwappedMeanwhileLeadsNowhereElse() throws Exception {
    try (LayerFixture layer = new LayerFixture(scratch)) {
      AtomicBoolean over = new AtomicBoolean();
      AtomicInteger swaps = new AtomicInteger();
      Path aside = Files.createDirectory(scratch.resolve("aside"));
      Thread swapper =
          Thread.ofPlatform()
              .start(() -> {
                while (!over.get()) {
                  swap(layer, aside.resolve(Integer.toString(swaps.incrementAndGet())));
                }
              });
      try {
        for (int i = 0; i < 500; i++) {
          writeSomething(layer, i);
        }
      } finally {
        over.set(true);
        swapper.join();
        TreeFiles.remove(aside);
      }
      layer.assertCanaryUntouched();
      assertEquals(1, links(layer.canary.resolve("keep")));
    }
  }

  private static void writeSomething(LayerFixture layer, int i) {
    try {
      // So many directories in between that the one that is swapped is opened anew.
      for (int other = 0; other < 70; other++) {
        layer.file("other" + other + "/f", "x");
      }
      switch (i % 8) {
        case 0 -> layer.file("d/keep", "overwritten");
        case 1 -> layer.directory("d/inside", mine(0700));
        case 2 -> layer.file("d/inside/f", "x");
        case 3 -> layer.fifo("d/p", mine(0711));
        case 4 -> layer.whiteout("d/w");
        case 5 -> layer.hardLink("d/h", "d/keep");
        case 6 -> layer.symlink("d/inside/l", "x");
        default -> layer.opaque("d");
      }
    } catch (ImageException expected) {
      // Interference may fail the layer; what matters is where nothing was written.
    }
  }

  private static void swap(LayerFixture layer, Path aside) {
    Path directory = layer.root.resolve("d");
    try {
      Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
      Files.createSymbolicLink(directory, layer.canary);
      for (int i = 0; i < 1000; i++) {
        Thread.onSpinWait();
      }
      Files.delete(directory);
      Files.move(aside, directory, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException raced) {
      // The sink was there first; the next round goes on from what it made.
    }
  }
}
