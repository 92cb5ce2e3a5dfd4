package io.sealift.browse;

import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.TreeSink;
import java.util.ArrayList;
import java.util.List;

/// Gathers the layers of one image: each is driven into {@link #layer its sink} and finished, in
/// any order and on any threads, and then {@link #build} merges them.
public final class ListingBuilder {

  private final Budget budget;
  private final List<LayerListing> layers = new ArrayList<>();

  /// @param layers of the manifest, repeats counted
  public ListingBuilder(int layers) {
    this(layers, ListingLimits.DEFAULT);
  }

  /// @param layers of the manifest, repeats counted
  public ListingBuilder(int layers, ListingLimits limits) {
    this.budget = new Budget(limits);
    for (int index = 0; index < layers; index++) {
      this.layers.add(new LayerListing(index, budget.part()));
    }
  }

  /// A sink that takes the layer at this place of the manifest, base first, from 0. It refuses what
  /// passes the limits with an {@link UnsafeContentException}. What an earlier sink for the same
  /// place was given is forgotten.
  public TreeSink layer(int index) {
    layers.get(index).forget();
    LayerListing layer = new LayerListing(index, budget.part());
    layers.set(index, layer);
    return layer;
  }

  /// Merges all layers. Ends the builder.
  ///
  /// @throws UnsafeContentException when a layer needs of the ones below what they do not have
  /// @throws IllegalStateException when a layer was not finished
  public ImageListing build() throws UnsafeContentException {
    Tree merged = new Tree(budget);
    LayerMerge merge = new LayerMerge(merged);
    for (LayerListing layer : layers) {
      if (!layer.isFinished()) {
        throw new IllegalStateException("layer " + layers.indexOf(layer) + " was not finished");
      }
      merge.add(layer);
    }
    return new ImageListing(merged);
  }
}
