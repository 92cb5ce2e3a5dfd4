package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.snapshot.Snapshotter;
import io.sealift.store.StoreLock.Held;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// The right to use a store, shared with others, from {@link #open} until {@link #close}; for the
/// time of {@link #alone} it is nobody else's. Thread-safe.
final class Access implements AutoCloseable {

  private final Layout layout;
  private final StoreLock locks;
  private final Staging staging;
  private final Claims claims;

  /// One permit for each use by this open store; having it alone takes all of them. Not fair, so
  /// that whoever has a use gets a further one while someone waits to be alone.
  private final Semaphore uses = new Semaphore(Integer.MAX_VALUE);

  private volatile @Nullable Held shared;

  private Access(Layout layout, StoreLock locks, Staging staging, Held shared) {
    this.layout = layout;
    this.locks = locks;
    this.staging = staging;
    this.claims = new Claims(locks);
    this.shared = shared;
  }

  /// Waits while someone has the store alone.
  static Access open(Layout layout, Snapshotter snapshotter, Disk disk)
      throws StoreException, InterruptedIOException {
    StoreLock locks = StoreLock.open(layout.lock());
    boolean done = false;
    try {
      Held shared = locks.acquire(StoreLock.WHOLE, true, () -> tell(layout));
      done = true;
      return new Access(layout, locks, new Staging(layout, locks, disk, snapshotter), shared);
    } finally {
      if (!done) {
        locks.close();
      }
    }
  }

  private static void tell(Layout layout) {
    Store.log().log(
        System.Logger.Level.INFO, "store={0} waiting-for=others-that-use-it", layout.root());
  }

  StoreLock locks() {
    return locks;
  }

  Staging staging() {
    return staging;
  }

  Claims claims() {
    return claims;
  }

  void requireWritable() throws StoreException {
    if (!locks.writable()) {
      throw new StoreException(
          "write to store %s: it is read-only here; run as its owner, or choose another one with --work-dir"
              .formatted(layout.root()));
    }
  }

  /// The sole right to change records and names, or to decide what is needed, for a moment.
  Held records() throws StoreException {
    return locks.acquireUninterruptibly(StoreLock.RECORDS, false);
  }

  /// Keeps this open store from being alone until the use is given back.
  Runnable use() {
    uses.acquireUninterruptibly();
    return uses::release;
  }

  /// Runs a task while nothing here uses the store, and claims nothing in it.
  <T> T quiet(Task<T> task) throws StoreException, InterruptedIOException {
    requireWritable();
    try {
      uses.acquire(Integer.MAX_VALUE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("wait for store %s: interrupted".formatted(layout.root()));
    }
    try {
      claims.close();
      return task.run();
    } finally {
      uses.release(Integer.MAX_VALUE);
    }
  }

  /// Runs a task while nobody else has the store open and nothing here uses it.
  <T> T alone(Task<T> task) throws StoreException, InterruptedIOException {
    return quiet(() -> {
      release();
      try (Held _ = locks.acquire(StoreLock.WHOLE, false, () -> tell(layout))) {
        return task.run();
      } finally {
        shared = locks.acquireUninterruptibly(StoreLock.WHOLE, true);
      }
    });
  }

  private void release() {
    Held held = shared;
    if (held != null) {
      held.close();
      shared = null;
    }
  }

  @Override
  public void close() {
    staging.close();
    claims.close();
    release();
    locks.close();
  }

  interface Task<T> {
    T run() throws StoreException, InterruptedIOException;
  }
}
