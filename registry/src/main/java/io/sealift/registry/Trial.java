package io.sealift.registry;

import org.jspecify.annotations.Nullable;

/// Finds out whether one more connection brings a blob sooner. Told of every read of the only one;
/// for one thread.
interface Trial {

  /// Whether to try it now.
  ///
  /// @param waitedNanos how long the last read waited
  boolean begins(long waitedNanos);

  /// How far ahead of what is read the second connection is to begin, in bytes: what the first one
  /// is likely to bring until it is known.
  long lead();

  /// What the trial has shown so far.
  ///
  /// @param second what there is to see of the second connection
  Verdict verdict(Second second);

  /// It is lost, or was not decided in time; another one may begin.
  void over();

  enum Verdict {
    OPEN,
    WON,
    LOST
  }

  /// A second connection on trial.
  interface Second {

    /// When its first byte came; null before that.
    @Nullable Sight firstByte();

    /// Whether it did all that it may do in a trial, or failed.
    boolean isOver();
  }

  /// A moment.
  ///
  /// @param nanos of a steady clock
  /// @param received bytes that had come from the registry, over all connections
  record Sight(long nanos, long received) {}
}
