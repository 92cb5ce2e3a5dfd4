package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sealift.overlay.CopySnapshotter;
import io.sealift.service.LineFormat;
import io.sealift.service.Log;
import io.sealift.store.Mount;
import io.sealift.store.Store;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a daemon that died left.
class LeftoversTest {

  private static final Log LOG =
      new Log(
          OutputStream.nullOutputStream(),
          LineFormat.TEXT,
          Log.Level.DEBUG,
          InstantSource.system());

  @TempDir private Path dir;

  @Test
  void goWhenTheNextOneBegins() throws Exception {
    try (TestGuest guest = new TestGuest(dir)) {
      guest.options.add("--snapshotter=copy");
      guest.push("app", "one");
      guest.start();
      try (TestAgent agent = guest.agent()) {
        agent.pull(guest.name("app"), guest.bundle("whole"));
        agent.pull(guest.name("app"), guest.bundle("half"));
      }
      guest.server().close();
      Path half = guest.bundle("half").resolve("rootfs");
      try (Store store = Store.open(guest.workDir, new CopySnapshotter())) {
        store.unmount(half);
        store.mount(half, store.images().getFirst());
      }
      Leftovers.remove(guest.workDir, new CopySnapshotter(), LOG);
      assertEquals(
          List.of(guest.bundle("whole").resolve("rootfs")),
          guest.mounts().stream().map(Mount::rootfs).toList());
    }
  }

  @Test
  void areNotLookedForWhereThereIsNoStore() throws Exception {
    Path nothing = dir.resolve("image");
    Leftovers.remove(nothing, new CopySnapshotter(), LOG);
    assertFalse(Files.exists(nothing));
    Files.createDirectories(nothing);
    Leftovers.remove(nothing, new CopySnapshotter(), LOG);
    try (var entries = Files.list(nothing)) {
      assertEquals(List.of(), entries.toList());
    }
  }
}
