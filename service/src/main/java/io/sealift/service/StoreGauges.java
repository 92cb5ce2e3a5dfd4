package io.sealift.service;

import io.sealift.failure.StoreException;
import io.sealift.service.metrics.Metrics;
import io.sealift.snapshot.Snapshotter;
import io.sealift.store.Store;
import io.sealift.store.UsageMeter;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/// What the store of a daemon holds:
///
/// | metric | is |
/// |---|---|
/// | `sealift_store_images` | images |
/// | `sealift_store_mounts` | root file systems that were made and not undone |
/// | `sealift_store_bytes` | what the layers and documents of all images take on disk |
/// | `sealift_store_inodes` | the same, in inodes |
/// | `sealift_store_file_system_free_bytes` | what its file system has left |
///
/// Adding that up reads every record, so it is done no more often than {@link #MAX_AGE}, and by one
/// who asks; others get the numbers of before.
public final class StoreGauges {

  /// As often as Prometheus asks by default.
  static final Duration MAX_AGE = Duration.ofSeconds(15);

  private static final Holdings UNKNOWN =
      new Holdings(Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  private final Path workDir;
  private final Snapshotter snapshotter;
  private final Log log;
  private final LongSupplier nanoTime;
  private final UsageMeter meter;
  private final ReentrantLock measuring = new ReentrantLock();
  private volatile Holdings last = UNKNOWN;
  private long measured;

  private StoreGauges(
      Path workDir, Snapshotter snapshotter, UsageMeter meter, Log log, LongSupplier nanoTime) {
    this.meter = meter;
    this.workDir = workDir;
    this.snapshotter = snapshotter;
    this.log = log;
    this.nanoTime = nanoTime;
  }

  private record Holdings(double images, double mounts, double bytes, double inodes) {}

  /// Adds them.
  ///
  /// @param meter of this store, which others may use too
  public static void addTo(
      Metrics metrics, Path workDir, Snapshotter snapshotter, UsageMeter meter, Log log) {
    addTo(metrics, workDir, snapshotter, meter, log, System::nanoTime);
  }

  static void addTo(
      Metrics metrics,
      Path workDir,
      Snapshotter snapshotter,
      UsageMeter meter,
      Log log,
      LongSupplier nanoTime) {
    StoreGauges gauges = new StoreGauges(workDir, snapshotter, meter, log, nanoTime);
    gauges.add(metrics, "images", "Images in the store.", Holdings::images);
    gauges.add(metrics, "mounts", "Root file systems made from the store.", Holdings::mounts);
    gauges.add(metrics, "bytes", "Bytes on disk of all images.", Holdings::bytes);
    gauges.add(metrics, "inodes", "Inodes of all images.", Holdings::inodes);
    metrics.gauge(
        "sealift_store_file_system_free_bytes",
        "Bytes that the file system of the store has left.",
        () -> {
          double free = workDir.toFile().getUsableSpace();
          return workDir.toFile().getTotalSpace() == 0 ? Double.NaN : free;
        });
  }

  private void add(Metrics metrics, String name, String help, ToDoubleFunction<Holdings> number) {
    metrics.gauge("sealift_store_" + name, help, () -> number.applyAsDouble(holdings()));
  }

  private Holdings holdings() {
    if (measuring.tryLock()) {
      try {
        long now = nanoTime.getAsLong();
        if (last.equals(UNKNOWN) || now - measured >= MAX_AGE.toNanos()) {
          last = measure();
          measured = now;
        }
      } finally {
        measuring.unlock();
      }
    }
    return last;
  }

  private Holdings measure() {
    try (Store store = Store.openExisting(workDir, snapshotter)) {
      Snapshotter.Usage usage = meter.measure(store);
      return new Holdings(
          store.images().size(), store.mounts().size(), usage.bytes(), usage.inodes());
    } catch (StoreException unreadable) {
      log.failed("store is not to be measured", unreadable);
      return UNKNOWN;
    } catch (InterruptedIOException ending) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    }
  }
}
