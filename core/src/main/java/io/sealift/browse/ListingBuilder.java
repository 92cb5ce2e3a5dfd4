package io.sealift.browse;

import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.TreeSink;

/// Gathers the layers of one image: each is driven into {@link #layer its sink} and finished, in
/// any order and on any threads, and then {@link #build} merges them.
public final class ListingBuilder {

  private final int layers;

  /// @param layers of the manifest, repeats counted
  public ListingBuilder(int layers) {
    this.layers = layers;
  }

  /// The sink that takes the layer at this place of the manifest, base first, from 0.
  public TreeSink layer(int index) {
    throw new IllegalStateException("layer " + index + " of " + layers);
  }

  /// Merges all layers, every one of which is finished. Ends the builder.
  ///
  /// @throws UnsafeContentException when a layer needs of the ones below what they do not have
  public ImageListing build() throws UnsafeContentException {
    throw new IllegalStateException(layers + " layers");
  }
}
