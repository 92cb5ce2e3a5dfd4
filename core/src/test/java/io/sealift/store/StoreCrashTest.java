package io.sealift.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Whatever change a pull or a collection ends before, the store is valid afterwards and the next
/// pull succeeds.
class StoreCrashTest {

  @TempDir(factory = MemoryDirectory.class)
  Path scratch;

  @TestFactory
  Stream<DynamicTest> aPullWhoseNthChangeFailsLeavesAValidStore() throws Exception {
    return everyChange(this::pull)
        .mapToObj(at ->
            DynamicTest.dynamicTest(
                "change " + at,
                () -> {
                  Path place = Files.createTempDirectory(scratch, "failing");
                  assertThrows(
                      StoreException.class, () -> pull(place, FaultyDisk.failing(at)), "" + at);
                  requireValid(place);
                }));
  }

  @TestFactory
  Stream<DynamicTest> aPullThatDiesBeforeItsNthChangeLeavesAValidStore() throws Exception {
    return everyChange(this::pull)
        .mapToObj(at ->
            DynamicTest.dynamicTest(
                "change " + at,
                () -> {
                  Path place = Files.createTempDirectory(scratch, "dying");
                  assertThrows(StoreException.class, () -> pull(place, FaultyDisk.dying(at)));
                  requireValid(place);
                }));
  }

  @TestFactory
  Stream<DynamicTest> aCollectionThatDiesBeforeItsNthChangeLeavesAValidStore() throws Exception {
    return everyChange(this::collect)
        .mapToObj(at ->
            DynamicTest.dynamicTest(
                "change " + at,
                () -> {
                  Path place = Files.createTempDirectory(scratch, "collecting");
                  assertThrows(StoreException.class, () -> collect(place, FaultyDisk.dying(at)));
                  requireValid(place);
                }));
  }

  @Test
  void aFailedPullLeavesNothingInStaging() throws Exception {
    Path place = Files.createTempDirectory(scratch, "staging");
    pull(place, new Disk());
    for (int at = 1; at <= 5; at++) {
      int change = at;
      assertThrows(
          StoreException.class,
          () -> {
            try (Store store =
                Store.open(
                    place.resolve("store"),
                    new BareSnapshotter("bare"),
                    FaultyDisk.failing(change))) {
              Samples.put(store, Samples.layer("new" + change));
            }
          });
      try (Stream<Path> left = Files.list(place.resolve("store/staging"))) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  private interface Scenario {
    void run(Path place, Disk disk) throws ImageException, InterruptedIOException;
  }

  private IntStream everyChange(Scenario scenario) throws Exception {
    FaultyDisk counting = new FaultyDisk(Integer.MAX_VALUE, (_, _) -> {});
    scenario.run(Files.createTempDirectory(scratch, "counting"), counting);
    assertTrue(counting.changes() > 10, "changes: " + counting.changes());
    return IntStream.rangeClosed(1, counting.changes());
  }

  private void pull(Path place, Disk disk) throws ImageException, InterruptedIOException {
    BareSnapshotter snapshotter = dyingWith(disk);
    try (Store store = Store.open(place.resolve("store"), snapshotter, disk)) {
      Samples.pull(store, place.resolve("rootfs"));
    }
  }

  private void collect(Path place, Disk disk) throws ImageException, InterruptedIOException {
    Path workDir = place.resolve("store");
    try (Store store = Store.open(workDir, new BareSnapshotter("bare"))) {
      Samples.pull(store, place.resolve("rootfs"));
      Samples.put(store, "example.org/app:2", Samples.layer("base"), Samples.layer("old"));
    }
    try (Store store = Store.open(workDir, dyingWith(disk), disk)) {
      ImageRecord old = store.find("example.org/app:2").orElseThrow();
      assertEquals(1, store.remove(old, true).collected().layers());
      store.unmount(place.resolve("rootfs"));
    }
  }

  /// A snapshotter that removes nothing any more when its process is dead.
  private static BareSnapshotter dyingWith(Disk disk) {
    return new BareSnapshotter("bare") {
      @Override
      public void remove(Path directory) throws StoreException {
        if (disk instanceof FaultyDisk faulty && faulty.isDead()) {
          throw new StoreException("remove: dead");
        }
        super.remove(directory);
      }
    };
  }

  private static void requireValid(Path place) throws ImageException, IOException {
    Path workDir = place.resolve("store");
    try (Store store = Store.openExisting(workDir, new BareSnapshotter("bare"))) {
      assertEquals(List.of(), store.fsck(false).findings());
    }
    try (Store store = Store.open(workDir, new BareSnapshotter("bare"))) {
      store.unmount(place.resolve("rootfs"));
      Samples.pull(store, place.resolve("rootfs"));
      assertEquals(List.of(), store.fsck(false).findings());
      store.gc();
      assertEquals(
          2, store.find("example.org/app:1").orElseThrow().layers().stream().distinct().count());
      assertEquals(List.of(), store.fsck(true).findings());
    }
    try (Stream<Path> left = Files.list(workDir.resolve("staging"))) {
      assertEquals(List.of(), left.toList());
    }
  }
}
