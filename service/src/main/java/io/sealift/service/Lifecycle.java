package io.sealift.service;

import static io.sealift.service.Log.field;

import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// A daemon from its beginning to its end, as signals and a service manager have it; from {@link
/// #begin} until {@link #close}. For the main thread.
///
/// | signal | does |
/// |---|---|
/// | SIGTERM, SIGINT | ends: no new calls, those that go on may finish in {@link #PATIENCE} |
/// | the same again | breaks off what goes on |
/// | SIGHUP | reads the configuration again |
///
/// ```java
/// try (Lifecycle life = Lifecycle.begin(log, supervisor, readiness)) {
///   … open sockets
///   life.serve(configuration::read);
///   … close sockets
///   return life.drain(calls);
/// }
/// ```
public final class Lifecycle implements AutoCloseable {

  /// How long calls may go on after a daemon was told to end: less than the 90 seconds after which
  /// systemd kills it, with {@link #CLEANING} still to come.
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  /// How long calls that were broken off may clean up; what is left is removed at the next start.
  public static final Duration CLEANING = Duration.ofSeconds(20);

  /// All calls came to their end.
  public static final int DONE = 0;

  /// Some were broken off.
  public static final int BROKEN_OFF = 1;

  private static final long NANOS_PER_MICROSECOND = 1000;

  private final Log log;
  private final Supervisor supervisor;
  private final Readiness readiness;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Signals signals = new Signals();
  private @Nullable Calls draining;

  private enum Event {
    END,
    RELOAD
  }

  /// Reads a configuration again.
  public interface Reload {

    /// After a failure everything is as it was.
    void run() throws ImageException, InterruptedIOException;
  }

  private Lifecycle(Log log, Supervisor supervisor, Readiness readiness) {
    this.log = log;
    this.supervisor = supervisor;
    this.readiness = readiness;
  }

  /// Takes the signals. One that the parent process had ignored stays ignored.
  public static Lifecycle begin(Log log, Supervisor supervisor, Readiness readiness) {
    Lifecycle life = new Lifecycle(log, supervisor, readiness);
    life.take("TERM", life::end);
    life.take("INT", life::end);
    life.take("HUP", life::reload);
    return life;
  }

  private void take(String name, Runnable action) {
    if (!signals.take(name, action)) {
      log.warn("signal is ignored", field("signal", "SIG" + name));
    }
  }

  /// Ends the daemon as a signal does.
  public synchronized void end() {
    Calls now = draining;
    if (now == null) {
      events.add(Event.END);
    } else {
      log.warn("told to end again: calls are broken off", field("calls", now.running()));
      now.cancel();
    }
  }

  /// Has the configuration read again, as a signal does.
  void reload() {
    events.add(Event.RELOAD);
  }

  /// Says that the daemon serves, and returns when it is told to end. Reloads meanwhile, one at a
  /// time, and goes on as before when a configuration cannot be read.
  public void serve(Reload reload) throws InterruptedException {
    readiness.enter(Readiness.State.SERVING);
    log.info("ready");
    tell("READY=1");
    while (events.take() == Event.RELOAD) {
      tell(
          "RELOADING=1\nMONOTONIC_USEC=" + Math.floorDiv(System.nanoTime(), NANOS_PER_MICROSECOND));
      reload(reload);
      tell("READY=1");
    }
    readiness.enter(Readiness.State.ENDING);
    log.info("ending");
    tell("STOPPING=1");
  }

  /// The supervisor's own bounds of time decide when it cannot be told.
  private void tell(String state) {
    try {
      supervisor.tell(state);
    } catch (ImageException deaf) {
      log.failed("service manager does not listen", deaf);
    }
  }

  private void reload(Reload reload) throws InterruptedException {
    try {
      reload.run();
      log.info("configuration was read again");
    } catch (ImageException failure) {
      log.failed("configuration stays as it was", failure);
    } catch (InterruptedIOException interrupted) {
      throw new InterruptedException(interrupted.getMessage());
    }
  }

  /// Waits for the end of calls that go on, and breaks them off when it takes too long or another
  /// signal says so.
  ///
  /// @return the status that the process is to end with
  public int drain(Calls calls) throws InterruptedException {
    return drain(calls, PATIENCE, CLEANING);
  }

  int drain(Calls calls, Duration patience, Duration cleaning) throws InterruptedException {
    int running = calls.running();
    begin(calls);
    boolean whole = calls.drain(patience, cleaning);
    log.info(
        "ended",
        field("calls", running),
        field("broken_off", !whole),
        field("still_running", calls.running()));
    return whole ? DONE : BROKEN_OFF;
  }

  private synchronized void begin(Calls calls) {
    draining = calls;
    if (events.contains(Event.END)) {
      end();
    }
  }

  /// Gives the signals back.
  @Override
  public void close() {
    signals.close();
  }
}
