package io.sealift.cli;

import io.sealift.cli.console.Json;
import io.sealift.json.JsonValue;
import io.sealift.policy.Proof;
import io.sealift.policy.Signature;
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
    return proofs.stream().map(proof -> proof(proof).value()).toList();
  }

  private static Json proof(Proof proof) {
    Json json = new Json().with("requirement", proof.requirement()).with("reason", proof.reason());
    Signature.Proven signature = proof.signature();
    return signature == null ? json : signature(json, signature);
  }

  /// Adds who signed what, and where that was found.
  static Json signature(Json json, Signature.Proven signature) {
    return json.with("place", signature.place())
        .with("signer", signature.signer())
        .with("digest", signature.claim().digest().toString())
        .with("reference", signature.claim().reference());
  }
}
