package io.sealift.service;

import io.sealift.pull.ProgressListener;

/// Follows pulls besides the log and the numbers, as one who makes traces of them does.
/// Thread-safe, and quick: pulls wait for it.
@FunctionalInterface
public interface PullObserver {

  /// Nobody.
  PullObserver NONE = (_, next) -> () -> next;

  /// A pull begins.
  ///
  /// @param image as the client named it
  /// @param next is told all that the observer is told
  Observation begin(String image, ProgressListener next);

  /// One pull, until {@link #close}, which is called once and last.
  @FunctionalInterface
  interface Observation extends AutoCloseable {

    /// What the pull tells.
    ProgressListener progress();

    /// The pull was not done.
    ///
    /// @param message one line that holds no secrets
    default void failed(Reason reason, String message) {}

    @Override
    default void close() {}
  }
}
