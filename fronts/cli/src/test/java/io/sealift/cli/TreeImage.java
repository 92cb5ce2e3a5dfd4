package io.sealift.cli;

import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.TarMember;

/// An image whose tree is made by Sealift and by its peers.
///
/// @param needsRoot whether an ordinary user cannot make the tree, or cannot read it afterwards
/// @param instead makes the same tree, for a peer that refuses the image; mostly the image itself
record TreeImage(String name, boolean needsRoot, BuiltImage image, BuiltImage instead) {

  TreeImage(String name, boolean needsRoot, BuiltImage image) {
    this(name, needsRoot, image, image);
  }

  /// What any user can make, of gzip layers, base first.
  static TreeImage of(String name, TarBuilder... layers) {
    return new TreeImage(name, false, gzip(layers));
  }

  /// What only root can.
  static TreeImage ofRoot(String name, TarBuilder... layers) {
    return new TreeImage(name, true, gzip(layers));
  }

  /// The same with other layers for peers that refuse these.
  TreeImage orElse(TarBuilder... layers) {
    return new TreeImage(name, needsRoot, image, gzip(layers));
  }

  private static BuiltImage gzip(TarBuilder... layers) {
    ImageBuilder image = new ImageBuilder();
    for (TarBuilder layer : layers) {
      image.layer(layer.build());
    }
    return image.build();
  }

  /// The begin of a lowest layer. Its entry for the root gives the tree's root a time; tools differ
  /// about a root without one.
  static TarBuilder base() {
    return base(TarMember.Dialect.PAX);
  }

  static TarBuilder base(TarMember.Dialect dialect) {
    return new TarBuilder(dialect).directory(".");
  }

  static TarBuilder upper() {
    return new TarBuilder();
  }

  @Override
  public String toString() {
    return name;
  }
}
