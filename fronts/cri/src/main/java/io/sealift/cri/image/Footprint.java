package io.sealift.cri.image;

import io.sealift.failure.ImageException;
import io.sealift.snapshot.Snapshotter;
import io.sealift.snapshot.Snapshotter.Usage;
import io.sealift.store.Store;
import io.sealift.store.UsageMeter;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// What images take of the disk of one store: measured when it is asked for, and again when that is
/// too long ago or images came or went. Thread-safe.
public final class Footprint {

  /// Clients ask every few seconds; what other processes do to the store is seen as late as that.
  private static final Duration MAX_AGE = Duration.ofSeconds(10);

  private final Path workDir;
  private final Snapshotter snapshotter;
  private final InstantSource clock;
  private final UsageMeter meter;
  private @Nullable Measured last;

  /// Apart from what is measured, so that nobody waits for a measurement to say so.
  private volatile boolean stale;

  /// @param meter of this store, which others may use too
  public Footprint(Path workDir, Snapshotter snapshotter, UsageMeter meter, InstantSource clock) {
    this.meter = meter;
    this.workDir = workDir;
    this.snapshotter = snapshotter;
    this.clock = clock;
  }

  /// @param time when it was so
  /// @param usage bytes allocated and inodes of layers, manifests and configs
  public record Measured(Instant time, Usage usage) {}

  public synchronized Measured measure() throws ImageException, InterruptedIOException {
    Measured known = last;
    Instant now = clock.instant();
    if (known == null || stale || known.time().plus(MAX_AGE).isBefore(now)) {
      stale = false;
      last = null; // what fails is measured again
      try (Store store = Store.openExisting(workDir, snapshotter)) {
        known = new Measured(now, meter.measure(store));
      }
      last = known;
    }
    return known;
  }

  /// Says that images came or went.
  public void changed() {
    stale = true;
  }
}
