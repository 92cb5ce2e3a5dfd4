package io.sealift.testing.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.codec.JdkGzip;
import io.sealift.failure.StoreException;
import io.sealift.oci.ImageName;
import io.sealift.policy.Policy;
import io.sealift.pull.ImageClient;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.PullRequest;
import io.sealift.source.LayoutSource;
import io.sealift.store.ImageRecord;
import io.sealift.store.Store;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.snapshot.PlainSnapshotter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A store that may have so much and no more. Layers here have a tar of 1 MiB and 2048 bytes.
class RoomTest {

  private static final int MIB = 1 << 20;

  @TempDir Path scratch;

  /// A layer that hardly compresses, or that does very much.
  private static byte[] tar(String name, boolean dense) {
    byte[] content = new byte[MIB];
    if (dense) {
      new Random(name.hashCode()).nextBytes(content);
    }
    return new TarBuilder().file(name, content).build();
  }

  private static BuiltImage image(boolean dense, String... layers) {
    ImageBuilder image = new ImageBuilder();
    for (String layer : layers) {
      image.layer(tar(layer, dense), Packing.GZIP);
    }
    return image.build();
  }

  private Path store() {
    return scratch.resolve("store");
  }

  private void pull(BuiltImage image, String name, long limit) throws Exception {
    Path layout = new LayoutWriter().add(image).writeTo(scratch.resolve("layout-" + name));
    client(limit, layout)
        .pull(
            PullRequest.of(ImageName.parse("oci:" + layout), scratch.resolve("bundle-" + name)),
            ProgressListener.NONE);
  }

  private ImageClient client(long limit, Path layout) {
    return ImageClient.builder()
        .sources(_ -> LayoutSource.directory(layout, null))
        .policy(Policy.insecureAcceptAnything("this test"))
        .snapshotter(new PlainSnapshotter())
        .workDir(store())
        .storeLimit(limit)
        .decompressors(List.of(new JdkGzip()))
        .build();
  }

  private String refused(BuiltImage image, String name, long limit) {
    return assertThrows(StoreException.class, () -> pull(image, name, limit))
        .getMessage()
        .replace(scratch.toString(), "/scratch");
  }

  private void isUsable() throws Exception {
    try (Store store = Store.open(store(), new PlainSnapshotter())) {
      assertEquals(List.of(), store.fsck(false).findings());
      try (Stream<Path> left = Files.list(store().resolve("staging"))) {
        assertEquals(List.of(), left.toList());
      }
    }
    assertFalse(Files.exists(scratch.resolve("bundle-refused")));
    pull(image(false, "small"), "after", Long.MAX_VALUE);
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "3, 2", "3, 3"})
  void whatHasRoomComes(int mebibytes, int layers) throws Exception {
    String[] names = List.of("a", "b", "c").subList(0, layers).toArray(String[]::new);
    long slack = 3 * 2048;
    pull(image(true, names), "one", (long) mebibytes * MIB + slack);
    pull(image(true, names), "again", (long) mebibytes * MIB + slack);
  }

  @Test
  void whatHasNoRoomAsItIsPackedIsRefusedBeforeAnyOfItComes() throws Exception {
    String message = refused(image(true, "a", "b", "c"), "refused", 2 * MIB);
    assertEquals(
        "store oci:/scratch/layout-refused: its layers take at least 3.0 MiB, the store /scratch/store may have no more than 2.0 MiB (--store-limit), which leaves room for 2.0 MiB of that; make room with 'sealift gc', or choose another store with --work-dir",
        message);
    try (Stream<Path> layers = Files.list(store().resolve("layers/sha256"))) {
      assertEquals(0, layers.count());
    }
    isUsable();
  }

  @Test
  void whatTurnsOutToBeLargerIsRefusedThen() throws Exception {
    String message = refused(image(false, "a", "b", "c"), "refused", 2 * MIB);
    assertTrue(
        message.matches(".*its layers take at least [23]\\.\\d MiB, .*room for 2\\.0 MiB .*"),
        message);
    isUsable();
  }

  @Test
  void whatTheStoreHasCountsAndWhatIsSharedDoesNotAgain() throws Exception {
    pull(image(true, "a", "b"), "one", 3 * MIB);
    pull(image(true, "a", "b"), "two", 2 * MIB);
    String message = refused(image(true, "b", "c", "d"), "refused", 3 * MIB);
    assertTrue(message.contains("take at least 2.0 MiB"), message);
    assertTrue(message.contains("leaves room for 1.0 MiB of that"), message);
    pull(image(true, "b", "c"), "three", 3 * MIB + 3 * 2048);
    isUsable();
  }

  @Test
  void whatWasCollectedMeanwhileIsRoomAgain() throws Exception {
    pull(image(true, "a", "b"), "one", 2 * MIB + 2 * 2048);
    refused(image(true, "c", "d"), "refused", 2 * MIB + 2 * 2048);
    try (Store store = Store.open(store(), new PlainSnapshotter())) {
      store.unmount(scratch.toRealPath().resolve("bundle-one/rootfs"));
      for (ImageRecord image : store.images()) {
        store.remove(image, true);
      }
    }
    pull(image(true, "c", "d"), "two", 2 * MIB + 2 * 2048);
  }

  @Test
  void pullsSideBySideShareTheRoom() throws Exception {
    int pulls = 6;
    List<Future<Void>> all = new ArrayList<>();
    CyclicBarrier together = new CyclicBarrier(pulls);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < pulls; i++) {
        String name = "p" + i;
        all.add(
            threads.submit(() -> {
              together.await();
              pull(image(false, name), name, 3 * MIB + 3 * 2048);
              return null;
            }));
      }
    }
    int done = 0;
    for (Future<Void> one : all) {
      try {
        one.get();
        done++;
      } catch (ExecutionException failed) {
        assertTrue(failed.getCause() instanceof StoreException, failed.toString());
      }
    }
    assertTrue(done <= 3, "done: " + done);
    long tars = 0;
    try (Store store = Store.open(store(), new PlainSnapshotter())) {
      for (ImageRecord image : store.images()) {
        tars += image.tarBytes();
      }
      assertEquals(done, store.images().size());
    }
    assertTrue(tars <= 3 * MIB + 3 * 2048, "tars: " + tars);
    isUsable();
  }

  @Test
  @Tag("root")
  void aFileSystemIsNotFilled() throws Exception {
    Path small = Files.createDirectory(scratch.resolve("small"));
    assertEquals(0, run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", small.toString()));
    try {
      Files.createSymbolicLink(store(), Files.createDirectory(small.resolve("store")));
      String dense =
          refused(image(true, "a", "b", "c", "d", "e", "f", "g", "h"), "refused", Long.MAX_VALUE);
      assertTrue(dense.contains("its layers take at least 8.0 MiB, the file system of"), dense);
      assertTrue(dense.contains("has room for 7."), dense);
      String sparse =
          refused(image(false, "a", "b", "c", "d", "e", "f", "g", "h"), "refused", Long.MAX_VALUE);
      assertTrue(sparse.contains("the file system of"), sparse);
      assertTrue(small.toFile().getUsableSpace() > 0, "filled");
      try (Store store = Store.open(store(), new PlainSnapshotter())) {
        store.gc();
      }
      isUsable();
    } finally {
      assertEquals(0, run("umount", small.toString()));
    }
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  @Test
  void theLimitIsNeverNegative() {
    assertThrows(IllegalArgumentException.class, () -> client(-1, scratch));
  }
}
