package io.sealift.pull;

import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tasks on threads of their own that live and end together: from the constructor until {@link
/// #close}, which returns only when none of them runs any more. The first that fails, or an
/// interruption of the waiting thread, cancels all others.
///
/// Platform threads, because the tasks spend their time in native calls, which pin virtual ones.
final class TaskGroup implements AutoCloseable {

  private final List<Thread> threads = new ArrayList<>();
  private final List<Runnable> cancellations = new ArrayList<>();
  private int running;
  private boolean cancelled;
  private @Nullable Throwable failure;

  /// Something to be done on a thread of its own; it ends soon after its thread is interrupted.
  interface Task {
    void run() throws ImageException, InterruptedIOException;
  }

  /// Starts a task. On a cancelled group its thread begins interrupted.
  synchronized void fork(String name, Task task) {
    Thread thread = Thread.ofPlatform().name(name).unstarted(() -> run(task));
    threads.add(thread);
    running++;
    thread.start();
    if (cancelled) {
      thread.interrupt();
    }
  }

  /// Names what has to happen besides interruption for the tasks to end: closing what they read.
  void onCancel(Runnable cancellation) {
    synchronized (this) {
      if (!cancelled) {
        cancellations.add(cancellation);
        return;
      }
    }
    cancellation.run();
  }

  /// Waits until all tasks ended.
  ///
  /// @throws ImageException what the first task that failed threw
  /// @throws InterruptedIOException when this thread was interrupted while it waited
  synchronized void join() throws ImageException, InterruptedIOException {
    while (running > 0) {
      try {
        wait();
      } catch (InterruptedException interrupted) {
        cancel(cancellation(interrupted));
      }
    }
    switch (failure) {
      case null -> {}
      case ImageException failed -> throw failed;
      case InterruptedIOException interrupted -> throw interrupted;
      case RuntimeException defect -> throw defect;
      case Error error -> throw error;
      default -> throw new IllegalStateException(failure);
    }
  }

  /// Cancels what still runs and waits for its end.
  @Override
  public void close() {
    boolean interrupted = false;
    synchronized (this) {
      if (running > 0) {
        cancel(new InterruptedIOException("cancelled"));
      }
      while (running > 0) {
        try {
          wait();
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("CatchingUnchecked")
  private void run(Task task) {
    Throwable thrown = null;
    try {
      task.run();
    } catch (Throwable any) {
      thrown = any;
    }
    synchronized (this) {
      running--;
      if (thrown != null) {
        cancel(thrown);
      }
      notifyAll();
    }
  }

  private synchronized void cancel(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    cancelled = true;
    threads.forEach(Thread::interrupt);
    cancellations.forEach(Runnable::run);
    cancellations.clear();
  }

  /// An interruption as those who do input and output know it.
  static InterruptedIOException cancellation(InterruptedException cause) {
    InterruptedIOException cancelled = new InterruptedIOException("cancelled");
    cancelled.initCause(cause);
    return cancelled;
  }
}
