package io.sealift.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of the room in a store that may have no more than 4 MiB.
class RoomTest {

  private static final long MIB = 1 << 20;

  @TempDir(factory = MemoryDirectory.class)
  Path scratch;

  private Layers layers;

  @BeforeEach
  void lay() throws Exception {
    Layout layout = new Layout(scratch.resolve("store"));
    Files.createDirectories(layout.root());
    layers = new Layers(layout, new Disk(), new BareSnapshotter("bare"));
  }

  private Room room() {
    return new Room(
        layers.layout(), layers.disk(), layers, new Occupancy(), "example.org/a:1", 4 * MIB);
  }

  /// The room that a refusal names.
  private static String named(StoreException refusal) {
    return refusal.getMessage().replaceFirst(".*leaves room for (.*?) of that.*", "$1");
  }

  @Test
  void layersThatGrowTogetherAreToldOfTheSameRoom() throws Exception {
    int lanes = 4;
    Set<String> said = new TreeSet<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(lanes)) {
      for (int round = 0; round < 300; round++) {
        Room room = room();
        CountDownLatch all = new CountDownLatch(lanes);
        List<Callable<String>> growths = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
          Room.Growth growth = room.begin(Samples.layer("lay" + lane), false);
          growths.add(() -> {
            all.countDown();
            all.await();
            return named(assertThrows(StoreException.class, () -> growWithoutEnd(growth)));
          });
        }
        for (Future<String> growth : threads.invokeAll(growths)) {
          said.add(growth.get());
        }
      }
    }
    assertEquals(Set.of("4.0 MiB"), said);
  }

  private static void growWithoutEnd(Room.Growth growth) throws StoreException {
    for (long bytes = MIB / 4; ; bytes += MIB / 4) {
      growth.to(bytes);
    }
  }

  @Test
  void aLayerThatFailedLeavesItsRoomToTheOthers() throws Exception {
    Room room = room();
    try (Room.Growth failed = room.begin(Samples.layer("fail"), false)) {
      failed.to(3 * MIB);
    }
    try (Room.Growth other = room.begin(Samples.layer("next"), false)) {
      other.to(4 * MIB);
      StoreException refusal =
          assertThrows(StoreException.class, () -> other.to(4 * MIB + MIB / 2));
      assertEquals("4.0 MiB", named(refusal));
    }
  }
}
