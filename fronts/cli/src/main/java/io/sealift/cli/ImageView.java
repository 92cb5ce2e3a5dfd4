package io.sealift.cli;

import io.sealift.cli.console.Json;
import io.sealift.json.JsonValue;
import io.sealift.policy.Proof;
import io.sealift.source.Resolved;
import java.util.List;

/// Images as JSON shows them.
final class ImageView {

  private ImageView() {}

  /// What an image is called and by which digests it is known.
  static Json identity(Resolved image) {
    return new Json()
        .with("image", image.name().toString())
        .with("place", image.place())
        .with("digest", image.manifestDigest().toString())
        .with("indexDigest", image.indexDigest().map(Object::toString).orElse(null))
        .with("imageId", image.imageId().toString());
  }

  static List<JsonValue> proofs(List<Proof> proofs) {
    return proofs.stream()
        .map(proof ->
            new Json()
                .with("requirement", proof.requirement())
                .with("reason", proof.reason())
                .value())
        .toList();
  }
}
