package io.sealift.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Whether a daemon is to be given work: not before it began, not after it was told to end, and not
/// while something that it needs is missing. Thread-safe.
public final class Readiness {

  private volatile State state = State.STARTING;
  private final List<Supplier<Optional<String>>> checks;

  /// @param checks each returns one line that says what is missing, if anything is; asked by anyone
  ///   who may ask for health, so they are quick
  public Readiness(List<Supplier<Optional<String>>> checks) {
    this.checks = new ArrayList<>(checks);
  }

  /// Where a daemon is on its way.
  public enum State {
    STARTING,
    SERVING,
    ENDING
  }

  public void enter(State value) {
    state = value;
  }

  public State state() {
    return state;
  }

  /// Why no work is to be given; empty when it may be.
  public Optional<String> obstacle() {
    return switch (state) {
      case STARTING -> Optional.of("starting");
      case ENDING -> Optional.of("ending");
      case SERVING -> checks.stream().map(Supplier::get).flatMap(Optional::stream).findFirst();
    };
  }
}
