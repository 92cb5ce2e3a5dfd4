package io.sealift.cri.image;

import io.sealift.failure.ImageException;
import io.sealift.pull.StoredImage;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/// One pull that several callers wait for, on a thread of its own. It ends with its work, or when
/// the last caller goes away. Thread-safe.
final class SharedPull {

  private final Work work;
  private int callers;
  private boolean abandoned;
  private @Nullable Thread thread;
  private @Nullable Outcome outcome;

  /// What is done. Ends soon after its thread is interrupted.
  interface Work {
    StoredImage run() throws ImageException, InterruptedIOException, InterruptedException;
  }

  /// How it ended.
  sealed interface Outcome {
    record Done(StoredImage image) implements Outcome {}

    record Failed(Throwable cause) implements Outcome {}
  }

  SharedPull(Work work) {
    this.work = work;
  }

  /// One who waits; for one thread, but for {@link #leave}.
  final class Place implements AutoCloseable {

    private boolean left;

    /// Waits for the end.
    ///
    /// @throws InterruptedException when the thread was interrupted, or this place was left
    Outcome await() throws InterruptedException {
      synchronized (SharedPull.this) {
        while (outcome == null && !left) {
          SharedPull.this.wait();
        }
        if (outcome == null) {
          throw new InterruptedException("left");
        }
        return outcome;
      }
    }

    /// Waits no longer. The last one to leave ends the pull.
    void leave() {
      synchronized (SharedPull.this) {
        if (left) {
          return;
        }
        left = true;
        callers--;
        if (callers == 0 && outcome == null) {
          abandoned = true;
          if (thread != null) {
            thread.interrupt();
          }
        }
        SharedPull.this.notifyAll();
      }
    }

    @Override
    public void close() {
      leave();
    }
  }

  /// A place to wait at; null when the pull is over or given up.
  synchronized @Nullable Place join() {
    if (outcome != null || abandoned) {
      return null;
    }
    callers++;
    return new Place();
  }

  /// Begins the work.
  ///
  /// @param after runs when it is over, before anyone hears of it
  synchronized void start(Runnable after) {
    thread = Thread.ofVirtual().name("pull").start(() -> run(after));
  }

  @SuppressWarnings("CatchingUnchecked") // whoever waits has to hear of it
  private void run(Runnable after) {
    Outcome end;
    try {
      end = new Outcome.Done(work.run());
    } catch (Throwable failed) {
      end = new Outcome.Failed(failed);
    }
    after.run();
    synchronized (this) {
      outcome = end;
      notifyAll();
    }
  }
}
