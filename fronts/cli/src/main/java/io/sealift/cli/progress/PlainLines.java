package io.sealift.cli.progress;

import io.sealift.cli.console.Sizes;
import io.sealift.oci.Descriptor;
import io.sealift.source.Resolved;
import java.io.PrintStream;
import java.util.function.LongSupplier;

/// A line for each change of a layer's stage that a reader of a log would miss, without any control
/// characters.
final class PlainLines implements Progress {

  private final PrintStream out;
  private final LongSupplier nanoTime;
  private final Layers layers = new Layers();

  PlainLines(PrintStream out, LongSupplier nanoTime) {
    this.out = out;
    this.nanoTime = nanoTime;
  }

  @Override
  public void resolved(Resolved image) {
    layers.begin(image.layers());
    out.println(found(image));
  }

  /// The line about an image that was found.
  static String found(Resolved image) {
    long bytes = image.layers().stream().mapToLong(Descriptor::size).sum();
    return "%s: %s, %d %s, %s"
        .formatted(
            image.name(),
            image.manifestDigest(),
            image.layers().size(),
            image.layers().size() == 1 ? "layer" : "layers",
            Sizes.format(bytes));
  }

  @Override
  public void layer(int index, Descriptor layer, Stage stage) {
    LayerState state = layers.state(index, layer);
    state.enter(stage, nanoTime.getAsLong());
    String text =
        switch (stage) {
          case WAITING, COMMITTING -> null;
          case WAITING_FOR_OTHER, FETCHING -> LayerState.name(stage);
          case STORED, CACHED -> state.outcome(nanoTime.getAsLong());
        };
    if (text != null) {
      out.println("layer " + state.label(layers.count()).strip() + "  " + text);
    }
  }

  @Override
  public void note(String text) {
    out.println("sealift: " + text);
  }
}
