package io.sealift.sigstore;

import io.sealift.oci.MediaType;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Manifests about an image, as cosign pushes them.
final class Referrer {

  static final String BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

  private Referrer() {}

  /// With a bundle.
  static BuiltImage bundle(BuiltImage subject, byte[] bundle) {
    return bundle(subject, bundle, Map.of());
  }

  static BuiltImage bundle(BuiltImage subject, byte[] bundle, Map<String, String> annotations) {
    return of(
        subject,
        BUNDLE_TYPE,
        List.of(BuiltBlob.of(new MediaType(BUNDLE_TYPE), bundle)),
        annotations);
  }

  /// With layers as cosign attaches them.
  static BuiltImage attachments(BuiltImage subject, String kind, CosignLayer... layers) {
    return of(
        subject,
        "application/vnd.dev.cosign.artifact." + kind + ".v1+json",
        List.of(layers).stream().map(CosignLayer::blob).toList(),
        Map.of());
  }

  static BuiltImage of(
      BuiltImage subject, String type, List<BuiltBlob> layers, Map<String, String> annotations) {
    ImageBuilder manifest =
        new ImageBuilder()
            .manifestMember("artifactType", type)
            .manifestMember("subject", ImageBuilder.entry(subject, null))
            .annotations(annotations);
    layers.forEach(manifest::layer);
    return manifest.build();
  }

  /// The index under the tag that takes the place of the registry's own interface.
  static BuiltImage fallback(BuiltImage... referrers) {
    return ImageBuilder.index(
        ImageBuilder.Form.OCI,
        List.of(referrers).stream().map(Referrer::entry).toList(),
        List.of(referrers));
  }

  private static Map<String, Object> entry(BuiltImage referrer) {
    Map<String, Object> entry = new HashMap<>(ImageBuilder.entry(referrer, null));
    entry.put("artifactType", BUNDLE_TYPE);
    return entry;
  }
}
