package io.sealift.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
  void collectionSparesWhatOthersBringIn() throws Exception {
    Path workDir = scratch.resolve("store");
    try (Store collecting = Store.open(workDir, new BareSnapshotter("bare"))) {
      Samples.put(collecting, Samples.layer("old"));
      try (Store pulling = Store.open(workDir, new BareSnapshotter("bare"));
          LayerLease half = pulling.lease(Samples.layer("half"), () -> {})) {
        half.tree();
        Samples.put(pulling, Samples.layer("unused"));
        StoredLayer layer = Samples.put(pulling, BASE);
        assertEquals(1, collecting.gc().layers());
        assertTrue(collecting.gc().isNothing());
        assertTrue(collecting.layer(BASE).isPresent());
        pulling.record(Samples.image("example.org/app:1", List.of(BASE)), List.of(layer));
        Samples.fill(half, Samples.layer("half"));
      }
      assertEquals(2, collecting.gc().layers());
      assertTrue(collecting.layer(BASE).isPresent());
      assertEquals(List.of(), collecting.fsck(false).findings());
    }
  }

  @Test
  void collectionSparesWhatAnotherProcessBringsIn() throws Exception {
    Path workDir = scratch.resolve("store");
    try (Store store = Store.open(workDir, new BareSnapshotter("bare"))) {
      Samples.put(store, BASE);
    }
    try (ChildProcess child = ChildProcess.start("find", workDir.toString());
        Store store = Store.open(workDir, new BareSnapshotter("bare"))) {
      assertEquals("present", child.said());
      assertTrue(store.gc().isNothing());
      assertTrue(store.rehearseGc(Retention.ALL).isNothing());
      child.kill();
      assertEquals(1, store.rehearseGc(Retention.ALL).layers());
      assertEquals(1, store.gc().layers());
    }
  }

  /// Pulls, removes and collects all at once; whatever is recorded is whole at every moment.
  @Test
  void manyPullAndRemoveAtOnce() throws Exception {
    Path workDir = scratch.resolve("store");
    int pullers = 16;
    CountDownLatch done = new CountDownLatch(pullers);
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int puller = 0; puller < pullers; puller++) {
        String name = "example.org/app:" + puller;
        DiffId own = Samples.layer("own" + puller % 4);
        all.add(
            threads.submit(() -> {
              try {
                for (int turn = 0; turn < 12; turn++) {
                  try (Store store = Store.open(workDir, new BareSnapshotter("bare"))) {
                    ImageRecord image = Samples.put(store, name, BASE, own);
                    assertEquals(2, store.layers(image).size());
                  }
                }
              } finally {
                done.countDown();
              }
              return null;
            }));
      }
      all.add(
          threads.submit(() -> {
            try (Store store = Store.open(workDir, new BareSnapshotter("bare"))) {
              while (done.getCount() > 0) {
                for (ImageRecord image : store.images()) {
                  store.remove(image, true);
                }
              }
            }
            return null;
          }));
      for (Future<?> one : all) {
        one.get();
      }
    }
    try (Store store = Store.open(workDir, new BareSnapshotter("bare"))) {
      assertEquals(List.of(), store.fsck(false).findings());
      for (ImageRecord image : store.images()) {
        store.remove(image, true);
      }
      store.gc();
      assertEquals(new Check(0, 0, 0, List.of(), List.of()), store.fsck(false));
    }
  }

  @Test
  void collectionWaitsForTheLeasesOfItsOwnStore() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        Store store = Store.open(scratch.resolve("store"), new BareSnapshotter("bare"))) {
      Future<Collected> collected;
      try (LayerLease lease = store.lease(BASE, () -> {})) {
        collected = threads.submit(() -> store.gc());
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
