package io.sealift.store;

import io.sealift.failure.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The locks of one store, among the threads of this process and between processes, from {@link
/// #open} until {@link #close}. Each is one byte of the file `lock`, locked with `fcntl`, so that
/// the system lets go of them however a process ends. Thread-safe.
///
/// A process loses all such locks of a file as soon as it closes any descriptor of it. Therefore
/// everybody in a process shares one object for each file, and nothing else opens that file.
final class StoreLock implements AutoCloseable {

  /// The store as a whole: shared by everybody who has it open, exclusive for removing.
  static final long WHOLE = 0;

  /// The records of images and mounts and the table of names: exclusive for whoever changes them,
  /// so that one who records an image and one who forgets it come one after the other, and for
  /// whoever decides what is needed.
  static final long RECORDS = 1;

  private static final long FIRST_PAUSE_MILLIS = 1;
  private static final long LONGEST_PAUSE_MILLIS = 100;

  /// By the file's identity, whatever path led to it.
  private static final Map<Object, StoreLock> OPEN = new HashMap<>();

  private final Object identity;
  private final Path file;
  private final FileChannel channel;
  private final boolean writable;
  private final Occupancy occupancy = new Occupancy();
  private final Map<Long, Entry> entries = new HashMap<>();
  private int users;

  private StoreLock(Object identity, Path file, FileChannel channel, boolean writable) {
    this.identity = identity;
    this.file = file;
    this.channel = channel;
    this.writable = writable;
  }

  /// The locks in this file, which exists.
  static StoreLock open(Path file) throws StoreException {
    synchronized (OPEN) {
      try {
        Object identity = identity(file);
        StoreLock lock = OPEN.get(identity);
        if (lock == null) {
          boolean writable = Files.isWritable(file);
          lock = new StoreLock(identity, file, channel(file, writable), writable);
          OPEN.put(identity, lock);
        }
        lock.users++;
        return lock;
      } catch (IOException failed) {
        throw DiskFailure.of("open", file, failed);
      }
    }
  }

  private static Object identity(Path file) throws IOException {
    Object key =
        Files.readAttributes(
                file, java.nio.file.attribute.BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .fileKey();
    return key == null ? file.toRealPath() : key;
  }

  private static FileChannel channel(Path file, boolean writable) throws IOException {
    return writable
        ? FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)
        : FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  /// Whether exclusive locks can be had.
  boolean writable() {
    return writable;
  }

  /// What the layers of the store take, for everybody in this process.
  Occupancy occupancy() {
    return occupancy;
  }

  /// Waits for a lock.
  ///
  /// @param waiting runs once if someone else has it now
  /// @throws InterruptedIOException when the thread was interrupted, which it still is then
  Held acquire(long position, boolean shared, Runnable waiting)
      throws StoreException, InterruptedIOException {
    try {
      Runnable once = new Once(waiting);
      Entry entry = claim(position, shared, once);
      if (entry.lock == null) {
        lock(position, entry, once);
      }
      return new Held(this, position, entry);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("wait for %s: interrupted".formatted(file));
    }
  }

  /// The same, but an interrupted thread goes on waiting, and is interrupted afterwards.
  Held acquireUninterruptibly(long position, boolean shared) throws StoreException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return acquire(position, shared, () -> {});
        } catch (InterruptedIOException again) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// The exclusive lock, when nobody has it.
  Optional<Held> tryAcquire(long position) throws StoreException {
    Entry entry = new Entry(false);
    entry.holders = 1;
    synchronized (this) {
      if (entries.putIfAbsent(position, entry) != null) {
        return Optional.empty();
      }
    }
    boolean locked = false;
    try {
      entry.lock = tryLock(position, false);
      locked = entry.lock != null;
      return locked ? Optional.of(new Held(this, position, entry)) : Optional.empty();
    } finally {
      if (!locked) {
        forget(position);
      }
    }
  }

  private Entry claim(long position, boolean shared, Runnable waiting) throws InterruptedException {
    boolean free;
    synchronized (this) {
      free = isFree(position, shared);
    }
    if (!free) {
      waiting.run();
    }
    synchronized (this) {
      while (!isFree(position, shared)) {
        wait();
      }
      Entry entry = entries.computeIfAbsent(position, _ -> new Entry(shared));
      entry.holders++;
      return entry;
    }
  }

  private boolean isFree(long position, boolean shared) {
    Entry entry = entries.get(position);
    return entry == null || (shared && entry.shared && entry.lock != null);
  }

  private void lock(long position, Entry entry, Runnable waiting)
      throws StoreException, InterruptedException {
    FileLock lock = null;
    try {
      long pause = FIRST_PAUSE_MILLIS;
      while ((lock = tryLock(position, entry.shared)) == null) {
        waiting.run();
        Thread.sleep(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      }
    } finally {
      synchronized (this) {
        if (lock == null) {
          entries.remove(position);
        } else {
          entry.lock = lock;
        }
        notifyAll();
      }
    }
  }

  private @Nullable FileLock tryLock(long position, boolean shared) throws StoreException {
    try {
      return channel.tryLock(position, 1, shared);
    } catch (OverlappingFileLockException loadedTwice) {
      // Another class loader of this process has this class, too, and the lock.
      return null;
    } catch (IOException failed) {
      throw DiskFailure.of("lock", file, failed);
    }
  }

  private synchronized void forget(long position) {
    entries.remove(position);
    notifyAll();
  }

  private synchronized void release(long position, Entry entry) {
    if (--entry.holders > 0) {
      return;
    }
    entries.remove(position);
    notifyAll();
    try {
      if (entry.lock != null) {
        entry.lock.release();
      }
    } catch (IOException failed) {
      // Only a closed channel does that, and closing let go of the lock.
      Store.log().log(System.Logger.Level.WARNING, "unlock " + file, failed);
    }
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      if (--users > 0) {
        return;
      }
      OPEN.remove(identity);
      try {
        channel.close();
      } catch (IOException failed) {
        Store.log().log(System.Logger.Level.WARNING, "close " + file, failed);
      }
    }
  }

  /// A lock that is held until it is closed, by any thread; closing again does nothing.
  static final class Held implements AutoCloseable {

    private final StoreLock locks;
    private final long position;
    private final Entry entry;
    private boolean open = true;

    private Held(StoreLock locks, long position, Entry entry) {
      this.locks = locks;
      this.position = position;
      this.entry = entry;
    }

    @Override
    public void close() {
      synchronized (locks) {
        if (open) {
          open = false;
          locks.release(position, entry);
        }
      }
    }
  }

  /// One locked byte, or one that is about to be locked, while it has no lock yet.
  private static final class Entry {

    final boolean shared;
    int holders;
    @Nullable FileLock lock;

    Entry(boolean shared) {
      this.shared = shared;
    }
  }

  private static final class Once implements Runnable {

    private final Runnable task;
    private boolean ran;

    Once(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      if (!ran) {
        ran = true;
        task.run();
      }
    }
  }
}
