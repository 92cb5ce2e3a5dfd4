package io.sealift.oci;

import java.util.List;
import java.util.Map;

/// Manifests for several platforms under one name (OCI image specification, image-index.md; Docker
/// manifest list).
///
/// @param manifests in the order of the index; entries of other types than manifests and indexes
///   are passed over
public record Index(
    MediaType mediaType, List<Descriptor> manifests, Map<String, String> annotations)
    implements Document {

  public Index {
    manifests = List.copyOf(manifests);
    annotations = Map.copyOf(annotations);
  }
}
