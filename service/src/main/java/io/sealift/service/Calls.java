package io.sealift.service;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/// The calls that a daemon is answering, so that it can end without breaking any off. Thread-safe.
public final class Calls {

  private final Set<Call> running = new HashSet<>();
  private boolean ending;
  private boolean cancelled;

  /// No call begins any more, because the daemon ends.
  public static final class EndingException extends Exception {

    private static final long serialVersionUID = 1L;

    private EndingException() {
      super("begin call: this daemon is ending; try again when it runs again");
    }
  }

  /// A call that is being answered by the thread that began it, until it is closed there.
  public final class Call implements AutoCloseable {

    private final Thread thread = Thread.currentThread();

    private Call() {}

    @Override
    public void close() {
      synchronized (Calls.this) {
        running.remove(this);
        Calls.this.notifyAll();
      }
    }
  }

  /// Says that this thread answers a call. It is interrupted when it takes too long after the
  /// daemon was told to end.
  public synchronized Call begin() throws EndingException {
    if (ending) {
      throw new EndingException();
    }
    return run();
  }

  /// Says that this thread does what a call that goes on waits for: such work may begin as long as
  /// calls are not broken off.
  public synchronized Call beginPart() throws EndingException {
    if (cancelled) {
      throw new EndingException();
    }
    return run();
  }

  private Call run() {
    Call call = new Call();
    running.add(call);
    return call;
  }

  /// Calls that are being answered now.
  public synchronized int running() {
    return running.size();
  }

  /// Lets no further call begin.
  public synchronized void end() {
    ending = true;
  }

  /// Interrupts the threads of all calls, which then clean up.
  public synchronized void cancel() {
    ending = true;
    cancelled = true;
    running.forEach(call -> call.thread.interrupt());
    notifyAll();
  }

  /// Lets no further call begin and waits for the end of those that go on; cancels them after
  /// `patience` or by {@link #cancel}, and then waits for `cleaning` more.
  ///
  /// @return whether every call came to its own end
  public boolean drain(Duration patience, Duration cleaning) throws InterruptedException {
    end();
    if (await(patience, false)) {
      return true;
    }
    cancel();
    await(cleaning, true);
    return false;
  }

  private synchronized boolean await(Duration most, boolean evenCancelled)
      throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (!running.isEmpty() && (evenCancelled || !cancelled)) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      wait(Math.ceilDiv(left, 1_000_000L));
    }
    return running.isEmpty() && !cancelled;
  }
}
