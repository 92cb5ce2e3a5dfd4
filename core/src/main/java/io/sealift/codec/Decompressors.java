package io.sealift.codec;

import io.sealift.failure.UnsupportedImageException;
import java.util.List;

/// The decompressors of this installation, those to prefer first. A value.
public record Decompressors(List<Decompressor> inOrder) {

  public Decompressors {
    inOrder = List.copyOf(inOrder);
  }

  /// The first one that reads this kind. What is not compressed passes through.
  ///
  /// @throws UnsupportedImageException when there is none
  public Decompressor choose(Compression compression) throws UnsupportedImageException {
    if (compression == Compression.NONE) {
      return new PassThrough();
    }
    for (Decompressor decompressor : inOrder) {
      if (decompressor.compression() == compression) {
        return decompressor;
      }
    }
    throw new UnsupportedImageException(
        "decompress layer: no decompressor for %s is installed"
            .formatted(compression.name().toLowerCase(java.util.Locale.ROOT)));
  }
}
