package io.sealift.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.oci.DiffId;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One store, many threads and processes.
class StoreProcessesTest {

  private static final DiffId BASE = Samples.layer("base");

  @TempDir(factory = MemoryDirectory.class)
  Path scratch;

  @Test
  void aLayerThatAnotherProcessBringsInIsWaitedForAndPresentThen() throws Exception {
    Path workDir = scratch.resolve("store");
    try (ChildProcess child = ChildProcess.start("lease", workDir.toString())) {
      assertEquals("absent", child.said());
      AtomicInteger waits = new AtomicInteger();
      try (Store store = Store.open(workDir, new BareSnapshotter("bare"))) {
        Runnable waiting =
            () -> {
              waits.incrementAndGet();
              goOn(child);
            };
        try (LayerLease lease = store.lease(BASE, waiting)) {
          assertEquals(1028, lease.present().orElseThrow().tarBytes());
        }
      }
      assertEquals(1, waits.get());
      assertEquals(0, child.status());
    }
  }

  @Test
  void aLayerWhoseProcessIsKilledIsBroughtInByTheNextOne() throws Exception {
    Path workDir = scratch.resolve("store");
    try (ChildProcess child = ChildProcess.start("lease", workDir.toString())) {
      assertEquals("absent", child.said());
      try (Store store = Store.open(workDir, new BareSnapshotter("bare"));
          LayerLease lease = store.lease(BASE, () -> kill(child))) {
        assertTrue(lease.present().isEmpty());
        Samples.fill(lease, BASE);
      }
    }
    try (Store store = Store.open(workDir, new BareSnapshotter("bare"))) {
      assertEquals(List.of(), store.fsck(false).findings());
    }
    try (Stream<Path> left = Files.list(workDir.resolve("staging"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void otherLayersAreNotWaitedFor() throws Exception {
    Path workDir = scratch.resolve("store");
    try (ChildProcess child = ChildProcess.start("lease", workDir.toString())) {
      assertEquals("absent", child.said());
      try (Store store = Store.open(workDir, new BareSnapshotter("bare"))) {
        Samples.put(store, Samples.layer("top"));
        assertTrue(store.layer(Samples.layer("top")).isPresent());
      }
    }
  }

  /// Kills a process that pulls before each of its changes, one after the other on one store.
  @Test
  void aPullThatIsKilledAnywhereLeavesAValidStore() throws Exception {
    Path workDir = scratch.resolve("store");
    Path rootfs = scratch.resolve("rootfs");
    int killed = 0;
    for (int at = 1; ; at++) {
      try (ChildProcess child =
          ChildProcess.start("pull", workDir.toString(), rootfs.toString(), Integer.toString(at))) {
        String change = child.said();
        child.kill();
        try (Store store = Store.openExisting(workDir, new BareSnapshotter("bare"))) {
          assertEquals(List.of(), store.fsck(false).findings(), change);
        }
        if (change.equals("done")) {
          break;
        }
      }
      killed++;
      try (Store store = Store.open(workDir, new BareSnapshotter("bare"))) {
        Samples.pull(store, rootfs);
        assertEquals(List.of(), store.fsck(false).findings());
        store.unmount(rootfs);
        store.remove(store.images().getFirst(), true);
      }
    }
    assertTrue(killed > 20, "killed: " + killed);
  }

  @Test
  void ofManyThreadsOneBringsALayerIn() throws Exception {
    Path workDir = scratch.resolve("store");
    AtomicInteger brought = new AtomicInteger();
    AtomicInteger inside = new AtomicInteger();
    Callable<StoredLayer> pull =
        () -> {
          try (Store store = Store.open(workDir, new BareSnapshotter("bare"));
              LayerLease lease = store.lease(BASE, () -> {})) {
            assertEquals(1, inside.incrementAndGet());
            StoredLayer layer = lease.present().orElse(null);
            if (layer == null) {
              brought.incrementAndGet();
              lease.tree();
              layer = Samples.fill(lease, BASE);
            }
            inside.decrementAndGet();
            return layer;
          }
        };
    List<Future<StoredLayer>> layers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 64; i++) {
        layers.add(threads.submit(pull));
      }
      for (Future<StoredLayer> layer : layers) {
        assertEquals(BASE, layer.get().diffId());
      }
    }
    assertEquals(1, brought.get());
  }

  @Test
  void aThreadThatWaitsIsInterrupted() throws Exception {
    try (Store store = Store.open(scratch.resolve("store"), new BareSnapshotter("bare"));
        LayerLease held = store.lease(BASE, () -> {})) {
      assertTrue(held.present().isEmpty());
      Thread here = Thread.currentThread();
      assertThrows(InterruptedIOException.class, () -> store.lease(BASE, here::interrupt));
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void aThreadThatWaitsForAnotherProcessIsInterrupted() throws Exception {
    Path workDir = scratch.resolve("store");
    try (ChildProcess child = ChildProcess.start("lease", workDir.toString())) {
      assertEquals("absent", child.said());
      try (Store store = Store.open(workDir, new BareSnapshotter("bare"))) {
        Thread here = Thread.currentThread();
        assertThrows(InterruptedIOException.class, () -> store.lease(BASE, here::interrupt));
        assertTrue(Thread.interrupted());
      }
    }
  }

  @Test
  void collectionWaitsForOtherPullsAndSparesWhatTheyRecorded() throws Exception {
    Path workDir = scratch.resolve("store");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Store collecting = Store.open(workDir, new BareSnapshotter("bare"))) {
      CountDownLatch asked = new CountDownLatch(1);
      Future<Collected> collected;
      try (Store pulling = Store.open(workDir, new BareSnapshotter("bare"))) {
        Samples.put(pulling, Samples.layer("unused"));
        StoredLayer layer = Samples.put(pulling, BASE);
        collected =
            threads.submit(() -> {
              asked.countDown();
              return collecting.gc();
            });
        asked.await();
        assertFalse(collected.isDone());
        pulling.record(Samples.image("example.org/app:1", List.of(BASE)), List.of(layer));
      }
      assertEquals(1, collected.get().layers());
      assertTrue(collecting.layer(BASE).isPresent());
    }
  }

  @Test
  void collectionWaitsForTheLeasesOfItsOwnStore() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Store store = Store.open(scratch.resolve("store"), new BareSnapshotter("bare"))) {
      Future<Collected> collected;
      try (LayerLease lease = store.lease(BASE, () -> {})) {
        collected = threads.submit(store::gc);
        lease.tree();
        Samples.put(store, Samples.layer("top"));
        Samples.fill(lease, BASE);
      }
      assertEquals(2, collected.get().layers());
    }
  }

  @Test
  void openingAgainAndAgainKeepsTheLocksOfThisProcess() throws Exception {
    Path workDir = scratch.resolve("store");
    try (Store store = Store.open(workDir, new BareSnapshotter("bare"));
        LayerLease lease = store.lease(BASE, () -> {})) {
      Store.open(workDir, new BareSnapshotter("bare")).close();
      Store.openExisting(workDir, new BareSnapshotter("bare")).close();
      assertTrue(lease.present().isEmpty());
      try (ChildProcess child = ChildProcess.start("try", workDir.toString())) {
        assertEquals("taken", child.said());
      }
    }
    try (ChildProcess child = ChildProcess.start("try", workDir.toString())) {
      assertEquals("free", child.said());
    }
  }

  private static void goOn(ChildProcess child) {
    try {
      child.goOn();
    } catch (java.io.IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  private static void kill(ChildProcess child) {
    try {
      child.kill();
    } catch (InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
