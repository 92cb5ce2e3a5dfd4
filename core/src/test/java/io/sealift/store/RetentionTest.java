package io.sealift.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which images a collection forgets. Every layer here has a tar of 1028 bytes.
class RetentionTest {

  private static final long LAYER_BYTES = 1028;
  private static final DiffId SHARED = Samples.layer("shar");

  @TempDir(factory = MemoryDirectory.class)
  Path scratch;

  private Path workDir;
  private Store store;

  /// Three images, used in the order a, b, c: each has a layer of its own, and b and c share one.
  @BeforeEach
  void open() throws Exception {
    workDir = scratch.resolve("store");
    store = Store.open(workDir, new BareSnapshotter("bare"));
    put(store, "a");
    put(store, "b", SHARED);
    put(store, "c", SHARED);
    Instant now = Instant.now();
    usedAt("a", now.plus(Duration.ofHours(1)));
    usedAt("b", now.plus(Duration.ofHours(2)));
    usedAt("c", now.plus(Duration.ofHours(3)));
    store.close();
    store = Store.open(workDir, new BareSnapshotter("bare"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static ImageRecord put(Store store, String name, DiffId... more) throws Exception {
    DiffId[] layers =
        Stream.concat(Stream.of(Samples.layer("own" + name)), Stream.of(more))
            .toArray(DiffId[]::new);
    return Samples.put(store, "example.org/" + name + ":1", layers);
  }

  private void usedAt(String name, Instant time) throws Exception {
    Path file = workDir.resolve("images/sha256/" + image(name).manifestDigest().hex() + ".json");
    Files.setLastModifiedTime(file, FileTime.from(time));
  }

  private ImageRecord image(String name) throws Exception {
    return store.find("example.org/" + name + ":1").orElseThrow();
  }

  /// The last letters of the names of images.
  private static String letters(List<ImageRecord> images) {
    StringBuilder letters = new StringBuilder();
    images.forEach(image -> letters.append(image.names().getFirst().replaceAll(".*/(.):1", "$1")));
    return letters.toString();
  }

  private static Retention largest(long bytes) {
    return new Retention(null, bytes);
  }

  @ParameterizedTest
  @CsvSource({
    // layers kept, images forgotten, layers removed
    "4, '', 0",
    "3, a, 1",
    "2, ab, 2",
    "1, abc, 4",
    "0, abc, 4",
  })
  void forgetsTheLongestUnusedUntilTheRestIsSmall(int kept, String forgotten, int layers)
      throws Exception {
    Retention retention = largest(kept * LAYER_BYTES);
    Collected rehearsed = store.rehearseGc(retention);
    assertEquals(3, store.images().size());
    assertEquals(4, store.fsck(false).layers());
    Collected collected = store.gc(retention);
    assertEquals(forgotten, letters(collected.images()));
    assertEquals(layers, collected.layers());
    assertEquals((4 - layers) * LAYER_BYTES, collected.remaining());
    assertEquals(collected, rehearsed);
    assertEquals(List.of(), store.fsck(true).findings());
    assertEquals(3 - forgotten.length(), store.images().size());
    assertTrue(store.gc(retention).isNothing());
  }

  @ParameterizedTest
  @CsvSource({"0, ''", "90, a", "150, ab", "1440, abc"})
  void forgetsWhatWasNotUsedSince(int minutes, String forgotten) throws Exception {
    Retention retention = new Retention(Instant.now().plus(Duration.ofMinutes(minutes)), null);
    assertEquals(forgotten, letters(store.rehearseGc(retention).images()));
    assertEquals(forgotten, letters(store.gc(retention).images()));
  }

  @Test
  void bothBoundsCount() throws Exception {
    Retention retention =
        new Retention(Instant.now().plus(Duration.ofMinutes(90)), 2L * LAYER_BYTES);
    assertEquals("ab", letters(store.gc(retention).images()));
  }

  @Test
  void sparesWhatIsMounted() throws Exception {
    Path rootfs = scratch.resolve("rootfs");
    store.keep(store.mount(rootfs, image("a")));
    Collected collected = store.gc(largest(0));
    assertEquals("bc", letters(collected.images()));
    assertEquals(LAYER_BYTES, collected.remaining());
    store.unmount(rootfs);
    assertEquals("a", letters(store.gc(largest(0)).images()));
  }

  @Test
  void unmountingIsUse() throws Exception {
    Path rootfs = scratch.resolve("rootfs");
    store.keep(store.mount(rootfs, image("a")));
    usedAt("a", Instant.EPOCH);
    Instant pulled = image("a").pulled();
    assertEquals(pulled, image("a").lastUsed());
    store.unmount(rootfs);
    assertTrue(image("a").lastUsed().isAfter(pulled));
  }

  @Test
  void sparesWhatIsPinnedAlsoAfterItsNameWasPulledAgain() throws Exception {
    store.pin(image("a"), true);
    assertTrue(image("a").pinned());
    assertFalse(image("b").pinned());
    Samples.put(store, "example.org/a:1", Samples.layer("new"));
    assertTrue(image("a").pinned());
    Retention everything = new Retention(Instant.now().plus(Duration.ofDays(1)), 0L);
    assertEquals(
        2,
        store.rehearseGc(everything).images().stream()
            .filter(image -> !image.names().isEmpty())
            .count());
    store.gc(everything);
    assertEquals(List.of(image("a")), store.images());
    store.pin(image("a"), false);
    assertEquals("a", letters(store.gc(everything).images()));
  }

  @Test
  void anImageWithoutATagIsPinnedByItsDigest() throws Exception {
    ImageRecord old = image("a");
    Samples.put(store, "example.org/a:1", SHARED);
    store.pin(old, true);
    store.gc(new Retention(Instant.now().plus(Duration.ofDays(1)), 0L));
    assertEquals(
        List.of(old.manifestDigest()),
        store.images().stream().map(ImageRecord::manifestDigest).toList());
    store.pin(old, false);
    assertFalse(store.images().getFirst().pinned());
  }

  @Test
  void sparesWhatIsBeingPulled() throws Exception {
    try (Store pulling = Store.open(workDir, new BareSnapshotter("bare"))) {
      pulling.claim(Samples.image("example.org/a:1", List.of(Samples.layer("owna"))));
      assertEquals("bc", letters(store.rehearseGc(largest(0)).images()));
      assertEquals("bc", letters(store.gc(largest(0)).images()));
    }
    assertEquals("a", letters(store.gc(largest(0)).images()));
  }

  @Test
  void aStoreThatCannotBeReadIsLeftAlone() throws Exception {
    Path file = workDir.resolve("images/sha256/" + image("a").manifestDigest().hex() + ".json");
    Files.writeString(file, "{");
    assertThrows(StoreException.class, () -> store.gc(largest(0)));
    Files.delete(file);
    List<ImageRecord> left = new ArrayList<>(store.images());
    left.sort(Comparator.comparing(ImageRecord::lastUsed));
    assertEquals("bc", letters(left));
  }
}
