package io.sealift.oci;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One image for one platform: its config and its layers, base first (OCI image specification,
/// manifest.md; Docker image manifest version 2, schema 2).
///
/// @param layers in the order of the manifest, repeats kept
public record Manifest(
    MediaType mediaType,
    Descriptor config,
    List<Descriptor> layers,
    @Nullable String artifactType,
    @Nullable Descriptor subject,
    Map<String, String> annotations)
    implements Document {

  public Manifest {
    layers = List.copyOf(layers);
    annotations = Map.copyOf(annotations);
  }
}
