package io.sealift.registry;

import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.registry.BlobBody.Opener;
import io.sealift.registry.Trial.Sight;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What follows in a blob, in chunks that come over several connections at once and are read in
/// their order. Each lane is a thread with one connection that fetches chunk after chunk; it waits
/// when as many are held as may be. From {@link #start} until {@link #close}; read by one thread.
///
/// Nothing is tried again here. The first fault of any lane ends them all: chunks that are coming
/// still come, and what a broken one lacks is for the reader to fetch as it would have without
/// lanes.
final class Lanes implements Trial.Second, AutoCloseable {

  private final String operation;
  private final Opener opener;
  private final Part all;
  private final Width width;
  private final Cancellation work;
  private final Supplier<Sight> now;
  private final Deque<Chunk> chunks = new ArrayDeque<>();
  private long next;
  private int left;
  private int running;
  private boolean ended;
  private boolean closed;
  private @Nullable Sight firstByte;
  private @Nullable ImageException fault;

  /// @param all what they fetch: all of a blob from its `from` on
  /// @param width that was taken for them
  /// @param now the moment
  Lanes(
      String operation,
      Opener opener,
      Part all,
      Width width,
      Cancellation work,
      Supplier<Sight> now) {
    this.operation = operation;
    this.opener = opener;
    this.all = all;
    this.width = width;
    this.work = work;
    this.now = now;
    this.next = all.from();
  }

  /// Part of a blob that is held until it is read.
  private static final class Chunk {

    private final Part part;
    private final ByteBuffer bytes;
    private int taken;
    private boolean coming;
    private boolean broken;
    private boolean read;

    Chunk(Part part, ByteBuffer bytes) {
      this.part = part;
      this.bytes = bytes.clear().limit((int) (part.to() - part.from()));
    }

    boolean isWhole() {
      return !bytes.hasRemaining();
    }
  }

  /// Starts more lanes.
  ///
  /// @param mayFetch chunks that all of them together may fetch from now on
  synchronized void start(int lanes, int mayFetch) {
    left = mayFetch;
    for (int lane = 0; lane < lanes && !ended; lane++) {
      running++;
      Thread.ofVirtual().name("blob lane").start(this::run);
    }
    notifyAll();
  }

  private void run() {
    try (Cancellation own = work.hastyPart()) {
      Chunk chunk = begin();
      while (chunk != null) {
        chunk = fetch(chunk, own) ? begin() : null;
      }
    } finally {
      stopped();
    }
  }

  private synchronized void stopped() {
    running--;
    if (running == 0) {
      ended = true; // what nobody fetches any more is the reader's
      if (closed) {
        width.giveBack();
      }
    }
    notifyAll();
  }

  /// The chunk to fetch next; null when there is none any more.
  private synchronized @Nullable Chunk begin() {
    try {
      while (!ended) {
        for (Chunk waiting : chunks) {
          if (!waiting.coming && !waiting.broken && !waiting.isWhole()) {
            waiting.coming = true;
            return waiting;
          }
        }
        ByteBuffer buffer = next < all.to() && left > 0 ? width.buffer() : null;
        if (buffer != null) {
          long to = Math.min(all.to(), next + width.chunkBytes());
          Chunk made = new Chunk(new Part(next, to, all.size(), all.tag()), buffer);
          made.coming = true;
          chunks.add(made);
          next = to;
          left--;
          notifyAll();
          return made;
        }
        if (next >= all.to()) {
          return null;
        }
        wait();
      }
    } catch (InterruptedException nobodyDoes) {
      ended = true;
    }
    return null;
  }

  /// Fetches one; false when this lane is of no use any more.
  private boolean fetch(Chunk chunk, Cancellation own) {
    try (Response response = opener.open(chunk.part, own)) {
      if (response.status() != 206 || !chunk.part.isIn(response)) {
        throw TransferException.lasting(
            "%s: expected the bytes from %d to %d, got status %d or another part"
                .formatted(operation, chunk.part.from(), chunk.part.to() - 1, response.status()),
            null);
      }
      fill(chunk, response);
      Http.discard(response);
      return true;
    } catch (ImageException | IOException failed) {
      System.getLogger(Lanes.class.getName())
          .log(
              System.Logger.Level.DEBUG,
              () -> "part=%d-%d failed: %s".formatted(chunk.part.from(), chunk.part.to(), failed));
      stop(chunk, failed);
      return false;
    } catch (RuntimeException | Error defect) {
      stop(chunk, defect);
      throw defect;
    }
  }

  private void fill(Chunk chunk, Response response) throws IOException {
    ByteBuffer into = chunk.bytes.duplicate();
    while (into.hasRemaining()) {
      int count = response.read(into);
      if (count < 0) {
        throw new EOFException("a part that is shorter than it says");
      }
      synchronized (this) {
        if (firstByte == null) {
          firstByte = now.get();
        }
        chunk.bytes.position(into.position());
        if (chunk.isWhole()) {
          chunk.coming = false;
        }
        recycle(chunk);
        notifyAll();
      }
    }
  }

  /// Ends with a chunk that is not whole; another lane takes it when only no connection was to be
  /// had.
  private synchronized void stop(Chunk chunk, Throwable why) {
    chunk.coming = false;
    if (!(why.getCause() instanceof Turns.BusyException)) {
      chunk.broken = true;
      ended = true;
      if (fault == null && !closed) {
        fault =
            why instanceof ImageException failure
                ? failure
                : TransferException.passing(operation + ": " + why.getMessage(), why);
      }
    }
    recycle(chunk);
    notifyAll();
  }

  /// Gives memory back that neither a lane nor the reader needs.
  private void recycle(Chunk chunk) {
    if (chunk.read && !chunk.coming) {
      chunk.read = false;
      width.giveBack(chunk.bytes);
      notifyAll();
    }
  }

  /// Puts at least one of the bytes that are next into the buffer.
  ///
  /// @return -1 when somebody else has to fetch what is next: up to {@link #gap}
  synchronized int read(ByteBuffer into) throws InterruptedIOException {
    while (true) {
      Chunk chunk = chunks.peek();
      if (chunk == null) {
        if (ended || next >= all.to()) {
          return -1;
        }
      } else if (chunk.taken < chunk.bytes.position()) {
        return take(chunk, into);
      } else if (chunk.broken || (ended && !chunk.coming)) {
        return -1;
      }
      try {
        wait();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        InterruptedIOException cancelled = new InterruptedIOException("cancelled");
        cancelled.initCause(interrupted);
        throw cancelled;
      }
    }
  }

  private int take(Chunk chunk, ByteBuffer into) {
    int count = Math.min(into.remaining(), chunk.bytes.position() - chunk.taken);
    into.put(into.position(), chunk.bytes, chunk.taken, count);
    into.position(into.position() + count);
    chunk.taken += count;
    if (chunk.taken == chunk.bytes.limit()) {
      drop(chunk);
    }
    return count;
  }

  private void drop(Chunk chunk) {
    chunks.remove(chunk);
    chunk.read = true;
    recycle(chunk);
  }

  /// Passes over what is missing next.
  ///
  /// @return the byte where it ends: where the next chunk begins, or the blob's end
  synchronized long gap() {
    Chunk broken = chunks.peek();
    if (broken == null) {
      return all.to();
    }
    drop(broken);
    return broken.part.to();
  }

  /// The fault that ended them; null when there was none, or only no connection to be had.
  synchronized @Nullable ImageException fault() {
    return fault;
  }

  /// Whether everything that they fetched or will fetch was read.
  synchronized boolean isDone() {
    return chunks.isEmpty() && (ended || next >= all.to());
  }

  @Override
  public synchronized @Nullable Sight firstByte() {
    return firstByte;
  }

  @Override
  public synchronized boolean isOver() {
    return ended || (left == 0 && chunks.stream().allMatch(Chunk::isWhole));
  }

  /// Ends all lanes; what they fetched is forgotten. The width is given back when the last of them
  /// has ended.
  @Override
  public void close() {
    work.close();
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      ended = true;
      while (!chunks.isEmpty()) {
        drop(chunks.element());
      }
      if (running == 0) {
        width.giveBack();
      }
      notifyAll();
    }
  }
}
