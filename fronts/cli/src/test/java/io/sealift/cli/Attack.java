package io.sealift.cli;

import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import java.util.List;
import java.util.function.Function;

/// An image that is up to no good, and what has to come of it. In expected texts, some words stand
/// for what is another in each run:
///
/// | word | stands for |
/// |---|---|
/// | `NAME` | the name of the image |
/// | `PLACE` | the URL of its repository |
/// | `LAYER`, `TOP`, `CONFIG` | the digests of its first and last layer, and of its config |
/// | `DIFFID` | the diff_id of its first layer |
/// | `CANARY`, `INSIDE` | the path of the tree that it is after, from the root or without the `/` |
///
/// @param name what is tried
/// @param options more options of the command line
/// @param image makes the image, given the path of the tree that it is after
record Attack(
    String name, Outcome outcome, List<String> options, Function<String, BuiltImage> image) {

  /// What comes of an attack.
  sealed interface Outcome {

    /// It fails.
    ///
    /// @param status with which the command ends
    /// @param message the one line that it says, after the name of the program; `…` at its end
    ///   stands for anything
    /// @param stored whether its layers are sound, so that a pull has stored them before
    record Refused(int status, String message, boolean stored) implements Outcome {}

    /// What it meant for outside happens inside, or not at all.
    ///
    /// @param tree the lines of the whole tree, as {@link TreeLines} has them, in any order;
    ///   directories that only lead to others need not be named
    record Confined(List<String> tree) implements Outcome {}
  }

  static Attack refused(String name, int status, String message) {
    return new Attack(name, new Outcome.Refused(status, message, false), List.of(), Attack::none);
  }

  /// One that its first layer gives away.
  static Attack unsafe(String name, String message) {
    return refused(name, 7, "layer LAYER: " + message);
  }

  /// One whose layers are sound, but not what they make together.
  static Attack refusedOnceStored(String name, int status, String message) {
    return new Attack(name, new Outcome.Refused(status, message, true), List.of(), Attack::none);
  }

  static Attack confined(String name, String... tree) {
    return new Attack(name, new Outcome.Confined(List.of(tree)), List.of(), Attack::none);
  }

  private static BuiltImage none(String canary) {
    throw new IllegalStateException("an attack without an image, on " + canary);
  }

  /// Whether a pull stores the image.
  boolean isStored() {
    return switch (outcome) {
      case Outcome.Refused refused -> refused.stored();
      case Outcome.Confined _ -> true;
    };
  }

  Attack by(Function<String, BuiltImage> value) {
    return new Attack(name, outcome, options, value);
  }

  Attack by(BuiltImage value) {
    return by(_ -> value);
  }

  /// An image of this one layer.
  Attack by(BuiltBlob layer) {
    return by(new ImageBuilder().layer(layer).build());
  }

  /// An image of these layers, base first.
  Attack by(TarBuilder... layers) {
    return by(image(layers));
  }

  Attack with(String... more) {
    return new Attack(name, outcome, List.of(more), image);
  }

  /// An image of these layers, base first.
  static BuiltImage image(TarBuilder... layers) {
    ImageBuilder image = new ImageBuilder();
    for (TarBuilder layer : layers) {
      image.layer(layer(layer));
    }
    return image.build();
  }

  /// A layer that is described truly.
  static BuiltBlob layer(TarBuilder tar) {
    return BuiltBlob.layer(tar.build(), Packing.GZIP, ImageBuilder.Form.OCI);
  }

  @Override
  public String toString() {
    return name;
  }
}
