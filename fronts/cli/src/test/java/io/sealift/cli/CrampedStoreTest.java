package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Stores that cannot take what they are to take: one clear line each, and a store that goes on.
class CrampedStoreTest {

  private static final int MIB = 1 << 20;

  @TempDir Path directory;

  private InProcessRegistry registry;
  private Path store;

  @BeforeEach
  void serve() throws Exception {
    directory = directory.toRealPath();
    store = Files.createDirectory(directory.resolve("disk")).resolve("store");
    registry = InProcessRegistry.start();
    registry.push("small", "v1", image(1, 1000));
    registry.push("large", "v1", image(12, MIB));
    TarBuilder many = new TarBuilder();
    for (int i = 0; i < 400; i++) {
      many.file("f" + i, "");
    }
    registry.push("many", "v1", new ImageBuilder().layer(many.build(), Packing.GZIP).build());
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  /// Layers of so many bytes that compress well.
  private static BuiltImage image(int layers, int bytes) {
    ImageBuilder image = new ImageBuilder();
    for (int i = 0; i < layers; i++) {
      byte[] tar = new TarBuilder().file("f" + i, new byte[bytes]).build();
      image.layer(tar, Packing.GZIP);
    }
    return image.build();
  }

  private Run pull(String image, String... more) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "pull",
                registry.name(image, "v1"),
                "--bundle=" + directory.resolve(image),
                "--plain-http",
                "--insecure-policy",
                "--progress=none",
                "--snapshotter=copy",
                "--work-dir=" + store));
    line.addAll(List.of(more));
    return Run.of(line.toArray(String[]::new));
  }

  private void refuses(Run run, String message) {
    assertEquals(1, run.status(), run.err());
    String said = run.err().replace(directory.toString(), "DIR");
    assertTrue(said.matches("sealift: " + message + "\n"), said);
    assertEquals("", run.out());
  }

  private void goesOn() {
    assertFalse(Files.exists(directory.resolve("large")));
    assertEquals(0, Run.of("gc", "--work-dir=" + store).status());
    Run small = pull("small");
    assertEquals(0, small.status(), small.err());
    Run sound = Run.of("fsck", "--work-dir=" + store);
    assertEquals(0, sound.status(), sound.out());
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  private interface Step {
    void run() throws Exception;
  }

  private void onTmpfs(String options, Step step) throws Exception {
    String disk = directory.resolve("disk").toString();
    run("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk);
    try {
      step.run();
    } finally {
      run("umount", disk);
    }
  }

  @Test
  void aLimitIsNamedWithWhatWouldHaveBeenNeeded() {
    refuses(
        pull("large", "--store-limit=4M"),
        "store docker://127.0.0.1:\\d+/large:v1: its layers take at least [4-9]\\.\\d MiB, the store DIR/disk/store may"
            + " have no more than 4\\.0 MiB \\(--store-limit\\), which leaves room for 4\\.0 MiB of that; make room with"
            + " 'sealift gc', or choose another store with --work-dir");
    goesOn();
  }

  @Test
  @Tag("root")
  void aFullFileSystemIsNotFilled() throws Exception {
    onTmpfs(
        "size=8m",
        () -> {
          refuses(
              pull("large"),
              "store docker://.*/large:v1: its layers take at least [6-9]\\.\\d MiB, the file system of DIR/disk/store"
                  + " has room for [6-8]\\.\\d MiB of that; make room with 'sealift gc', or choose another store with"
                  + " --work-dir");
          goesOn();
        });
  }

  @Test
  @Tag("root")
  void aFileSystemWithoutInodesSaysThatTheDiskIsFull() throws Exception {
    onTmpfs(
        "size=64m,nr_inodes=300",
        () -> {
          refuses(
              pull("many"),
              "\\w+ f\\d+: ENOSPC \\(no space left on device\\); make room, of blocks and of inodes, for example with"
                  + " 'sealift gc', or use another file system");
          goesOn();
        });
  }

  @Test
  @Tag("root")
  void aReadOnlyStoreIsLookedAtAndNotWritten() throws Exception {
    onTmpfs(
        "size=64m",
        () -> {
          goesOn();
          run("mount", "-o", "remount,ro", directory.resolve("disk").toString());
          refuses(
              pull("large"),
              "write to store DIR/disk/store: it is read-only here; run as its owner, or choose another one with"
                  + " --work-dir");
          assertEquals(0, Run.of("images", "--work-dir=" + store).status());
          assertEquals(0, Run.of("fsck", "--work-dir=" + store).status());
          run("mount", "-o", "remount,rw", directory.resolve("disk").toString());
          run("rm", "-r", directory.resolve("small").toString());
          Run.of("unmount", directory.resolve("small").toString(), "--work-dir=" + store);
          goesOn();
        });
  }

  @Test
  void aStoreOfAnotherFormatIsLeftAlone() throws Exception {
    goesOn();
    Files.writeString(store.resolve("format"), "2\n");
    for (List<String> command :
        List.of(List.of("images"), List.of("gc"), List.of("fsck", "--repair"), List.of("mounts"))) {
      List<String> line = new ArrayList<>(command);
      line.add("--work-dir=" + store);
      refuses(
          Run.of(line.toArray(String[]::new)),
          "open store DIR/disk/store: format '2', expected 1; use the version of this program that made it, or choose"
              + " another store with --work-dir");
    }
    refuses(pull("large"), "open store DIR/disk/store: format '2', expected 1; .*");
    Files.writeString(store.resolve("format"), "1\n");
    assertEquals(0, Run.of("fsck", "--work-dir=" + store).status());
  }
}
