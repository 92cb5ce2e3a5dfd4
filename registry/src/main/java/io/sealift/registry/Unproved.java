package io.sealift.registry;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// A registry that may be spoken to without proof of who it is, because its settings say so:
/// `insecure`, `skip_verify`. Notes when that is made use of, which is told once. Thread-safe.
final class Unproved {

  private final Endpoint registry;
  private final Consumer<String> warnings;
  private final AtomicBoolean happened = new AtomicBoolean();

  Unproved(Endpoint registry, Consumer<String> warnings) {
    this.registry = registry;
    this.warnings = warnings;
  }

  /// Whether a server is on the registry's host. Where the registry sends us there is proof.
  boolean mayBe(Endpoint server) {
    return server.host().equals(registry.host());
  }

  /// A server gave no proof.
  ///
  /// @param why as the rest of a sentence, with the remedy
  void noteWithoutProof(String why) {
    note("its certificate proves nothing: " + why);
  }

  void noteWithoutTls() {
    note("it does not speak TLS");
  }

  private void note(String why) {
    if (happened.compareAndSet(false, true)) {
      warnings.accept(
          "%s may be anybody, as its settings allow (insecure, skip_verify): %s"
              .formatted(registry.authority(), why));
    }
  }

  /// Whether there was no proof at least once.
  boolean happened() {
    return happened.get();
  }
}
