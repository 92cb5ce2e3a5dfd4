package io.sealift.service;

import java.util.LinkedHashMap;
import java.util.Map;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// Signals of the system that are taken from the Java platform, until {@link #close} gives them
/// back. Shutdown hooks would tell of SIGTERM and SIGINT, but only once, and nothing else of
/// SIGHUP.
final class Signals implements AutoCloseable {

  private final Map<Signal, SignalHandler> before = new LinkedHashMap<>();

  /// Runs an action, on a thread of its own, each time that a signal comes.
  ///
  /// @param name as `TERM`
  /// @return false when the signal never comes, because the parent process had ignored it
  boolean take(String name, Runnable action) {
    Signal signal = new Signal(name);
    SignalHandler old = Signal.handle(signal, _ -> action.run());
    before.put(signal, old);
    return !old.equals(SignalHandler.SIG_IGN);
  }

  @Override
  public void close() {
    before.forEach(Signal::handle);
  }
}
