package io.sealift.cli.progress;

import io.sealift.cli.console.Sizes;
import io.sealift.oci.Descriptor;
import io.sealift.pull.ProgressListener.Stage;
import java.util.Locale;

/// How far one layer came. Written by the thread of its layer, read by whoever draws.
final class LayerState {

  /// Hexadecimal digits by which people tell layers apart.
  private static final int SHORT_DIGITS = 12;

  private final int index;
  private final Descriptor descriptor;
  private volatile Stage stage = Stage.WAITING;
  private volatile long fetched;
  private volatile long begun;

  LayerState(int index, Descriptor descriptor) {
    this.index = index;
    this.descriptor = descriptor;
  }

  /// Takes a new stage; `now` in nanoseconds of a steady clock.
  void enter(Stage next, long now) {
    if (next == Stage.FETCHING) {
      begun = now;
    }
    stage = next;
  }

  void fetched(long bytes) {
    fetched = bytes;
  }

  Stage stage() {
    return stage;
  }

  long size() {
    return descriptor.size();
  }

  /// Bytes that count as done: all of them once the store has the layer.
  long done() {
    return isOver() ? size() : Math.min(fetched, size());
  }

  boolean isOver() {
    return stage == Stage.STORED || stage == Stage.CACHED;
  }

  boolean isActive() {
    return !isOver() && stage != Stage.WAITING;
  }

  /// `2/9 3f2a9c1b0d4e`.
  String label(int layers) {
    String number = Integer.toString(index + 1);
    String all = Integer.toString(layers);
    return " ".repeat(Math.max(0, all.length() - number.length()))
        + number
        + "/"
        + all
        + " "
        + descriptor.digest().hex().substring(0, SHORT_DIGITS);
  }

  /// What there is to say about a layer that the store has now; `now` as in {@link #enter}.
  String outcome(long now) {
    String size = Sizes.format(size());
    return stage == Stage.CACHED
        ? "%s  cached".formatted(size)
        : String.format(Locale.ROOT, "%s  stored in %.1f s", size, (now - begun) / 1e9);
  }

  static String name(Stage stage) {
    return switch (stage) {
      case WAITING -> "waiting";
      case WAITING_FOR_OTHER -> "waiting for another pull";
      case FETCHING -> "fetching";
      case COMMITTING -> "committing";
      case STORED -> "stored";
      case CACHED -> "cached";
    };
  }
}
