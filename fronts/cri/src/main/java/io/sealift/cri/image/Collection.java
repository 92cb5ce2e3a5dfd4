package io.sealift.cri.image;

import static io.sealift.service.Log.field;

import io.sealift.failure.ImageException;
import io.sealift.service.Log;
import io.sealift.snapshot.Snapshotter;
import io.sealift.store.Collected;
import io.sealift.store.Store;
import java.io.InterruptedIOException;
import java.nio.file.Path;

/// Removes from a store what no image needs any more, when it was said that there may be something,
/// on a thread of its own until {@link #close}. It waits for pulls, and nobody waits for it.
/// Thread-safe.
public final class Collection implements AutoCloseable {

  private final Path workDir;
  private final Snapshotter snapshotter;
  private final Log log;
  private final Thread thread;
  private boolean wanted;
  private boolean busy;

  private Collection(Path workDir, Snapshotter snapshotter, Log log) {
    this.workDir = workDir;
    this.snapshotter = snapshotter;
    this.log = log;
    thread = Thread.ofPlatform().name("collection").unstarted(this::run);
  }

  public static Collection start(Path workDir, Snapshotter snapshotter, Log log) {
    Collection collection = new Collection(workDir, snapshotter, log);
    collection.thread.start();
    return collection;
  }

  /// Says that there may be something to remove.
  public synchronized void want() {
    wanted = true;
    notifyAll();
  }

  /// Waits until everything is removed that was said to be there.
  public synchronized void await() throws InterruptedException {
    while (thread.isAlive() && (wanted || busy)) {
      wait();
    }
  }

  private void run() {
    try {
      while (true) {
        synchronized (this) {
          busy = false;
          notifyAll();
          while (!wanted) {
            wait();
          }
          wanted = false;
          busy = true;
        }
        collect();
      }
    } catch (InterruptedException | InterruptedIOException ended) {
      log.debug("collection ends");
    } finally {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  private void collect() throws InterruptedIOException {
    try (Store store = Store.open(workDir, snapshotter)) {
      Collected collected = store.gc();
      log.info(
          "collected",
          field("layers", collected.layers()),
          field("documents", collected.blobs()),
          field("bytes", collected.bytes()));
    } catch (ImageException failed) {
      log.failed("collection failed", failed);
    }
  }

  /// Ends, after a removal that has begun. What is left is removed by the next collection.
  @Override
  public void close() {
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
