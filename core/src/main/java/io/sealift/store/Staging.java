package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.snapshot.Snapshotter;
import io.sealift.store.StoreLock.Held;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The place in `staging/` where one open store makes things before they are renamed to where they
/// are seen. It is named by a random token, and as long as a byte of the lock file that belongs to
/// the token is locked, its owner lives. Made at first use; thread-safe.
final class Staging implements AutoCloseable {

  /// Where the bytes of tokens begin in the lock file; those of leases are above.
  private static final long FIRST_POSITION = 1L << 60;

  private static final int TOKEN_BYTES = 7;

  private final Layout layout;
  private final StoreLock locks;
  private final Disk disk;
  private final Snapshotter snapshotter;
  private final String token;
  private @Nullable Held alive;
  private long count;

  Staging(Layout layout, StoreLock locks, Disk disk, Snapshotter snapshotter) {
    this.layout = layout;
    this.locks = locks;
    this.disk = disk;
    this.snapshotter = snapshotter;
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    this.token = HexFormat.of().formatHex(random);
  }

  /// What tells this open store from others.
  String token() {
    return token;
  }

  /// A path that nothing is at yet.
  synchronized Path fresh() throws StoreException {
    Path directory = directory();
    if (alive == null) {
      alive = locks.acquireUninterruptibly(position(token), false);
      disk.makeDirectory(directory);
    }
    return directory.resolve(Long.toString(count++));
  }

  /// Makes a file with this content appear at once and durably, but for its name: {@link Disk#sync}
  /// of its directory is left to the caller.
  void publish(Path file, byte[] bytes) throws StoreException {
    Path temporary = fresh();
    disk.write(temporary, bytes);
    disk.rename(temporary, file);
  }

  /// Removes a directory that is seen, whatever happens meanwhile: it is there whole or not at all.
  void discard(Path directory) throws StoreException {
    Path gone = take(directory);
    disk.sync(parent(directory));
    snapshotter.remove(gone);
  }

  /// Takes a directory out of sight. Before anything in it is removed, the directory that it was in
  /// has to be synced, or a power loss brings it back half removed.
  ///
  /// @return where it is now
  Path take(Path directory) throws StoreException {
    Path gone = fresh();
    disk.rename(directory, gone);
    return gone;
  }

  /// Removes what those left who live no longer. What cannot be removed is left and logged: it does
  /// no harm but the space it takes.
  void sweep() throws StoreException {
    for (Path left : disk.list(layout.staging())) {
      String owner = left.getFileName().toString();
      if (!owner.equals(token)) {
        try (Held dead = claim(owner)) {
          if (dead != null) {
            remove(left);
          }
        }
      }
    }
  }

  /// Whether the open store with this token lives.
  boolean isAlive(String owner) throws StoreException {
    if (owner.equals(token)) {
      return true;
    }
    try (Held dead = claim(owner)) {
      return dead == null;
    }
  }

  private @Nullable Held claim(String owner) throws StoreException {
    return locks.tryAcquire(position(owner)).orElse(null);
  }

  private void remove(Path left) {
    try {
      snapshotter.remove(left);
    } catch (StoreException stuck) {
      Store.log().log(System.Logger.Level.WARNING, stuck.getMessage());
    }
  }

  /// A name that is no token is nobody's: its byte is one that nobody locks for long.
  private static long position(String owner) {
    boolean sound = owner.matches("[0-9a-f]{" + 2 * TOKEN_BYTES + "}");
    return FIRST_POSITION + (sound ? 1 + HexFormat.fromHexDigitsToLong(owner) : 0);
  }

  private Path directory() {
    return layout.staging().resolve(token);
  }

  private static Path parent(Path file) {
    return Optional.ofNullable(file.getParent()).orElseThrow();
  }

  @Override
  public synchronized void close() {
    if (alive != null) {
      remove(directory());
      alive.close();
      alive = null;
    }
  }
}
