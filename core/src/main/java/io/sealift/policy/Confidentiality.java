package io.sealift.policy;

import io.sealift.source.Resolved;
import java.util.List;
import java.util.Locale;

/// How much of an image is encrypted, by the types of its layers in the manifest.
public enum Confidentiality {
  PLAIN,
  ENCRYPTED,
  /// Some layers are encrypted and some are not. Neither word alone would be safe: as plain, a
  /// stolen encrypted layer would come in under a foreign plain one that reads it; as encrypted,
  /// anybody's plain layer would come in beside it.
  MIXED;

  public static Confidentiality of(Resolved image) {
    long encrypted =
        image.layers().stream().filter(layer -> layer.mediaType().isEncrypted()).count();
    if (encrypted == 0) {
      return PLAIN;
    }
    return encrypted == image.layers().size() ? ENCRYPTED : MIXED;
  }

  /// The words that apply to it.
  List<Confidentiality> parts() {
    return this == MIXED ? List.of(ENCRYPTED, PLAIN) : List.of(this);
  }

  /// `plain`, `encrypted`, `encrypted in part`.
  @Override
  public String toString() {
    return this == MIXED ? "encrypted in part" : name().toLowerCase(Locale.ROOT);
  }
}
