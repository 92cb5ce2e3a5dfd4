package io.sealift.wire;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Frames on their way from many threads to the one that writes them, from the constructor until
/// {@link #close}. Thread-safe. Who waits here is not interrupted: what became of an answer must be
/// known. A peer that takes nothing has its connection closed, which ends the waiting.
final class Outbox implements AutoCloseable {

  /// Frames that wait to be written; each may have some megabytes.
  private static final int MAX_WAITING = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Letter> waiting = new ArrayDeque<>();
  private boolean closed;

  /// A frame and what became of it.
  static final class Letter {

    private final Frame frame;
    private boolean settled;
    private boolean written;

    private Letter(Frame frame) {
      this.frame = frame;
    }

    Frame frame() {
      return frame;
    }
  }

  /// Hands over a frame, and returns when it was written or will not be.
  ///
  /// @return whether it was written
  boolean send(Frame frame) {
    lock.lock();
    try {
      Letter letter = enter(frame);
      while (!letter.settled) {
        changed.awaitUninterruptibly();
      }
      return letter.written;
    } finally {
      lock.unlock();
    }
  }

  /// Hands over a frame, and returns when there was room for it.
  void post(Frame frame) {
    lock.lock();
    try {
      Letter _ = enter(frame);
    } finally {
      lock.unlock();
    }
  }

  private Letter enter(Frame frame) {
    Letter letter = new Letter(frame);
    while (!closed && waiting.size() >= MAX_WAITING) {
      changed.awaitUninterruptibly();
    }
    if (closed) {
      lose(letter);
    } else {
      waiting.add(letter);
      changed.signalAll();
    }
    return letter;
  }

  /// The next frame to write, which then has to be {@link #settle}d; null when this was closed.
  @Nullable Letter take() {
    lock.lock();
    try {
      while (!closed && waiting.isEmpty()) {
        changed.awaitUninterruptibly();
      }
      changed.signalAll();
      return waiting.poll();
    } finally {
      lock.unlock();
    }
  }

  /// Says what became of a frame that was taken.
  void settle(Letter letter, boolean written) {
    lock.lock();
    try {
      letter.written = written;
      letter.settled = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static void lose(Letter letter) {
    Arrays.fill(letter.frame.data(), (byte) 0);
    letter.settled = true;
  }

  /// The frames that wait will not be written, nor will any that come later.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.forEach(Outbox::lose);
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
