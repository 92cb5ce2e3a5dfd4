package io.sealift.oci;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What some content is, how long it is in bytes, and its digest (OCI image specification,
/// descriptor.md).
///
/// @param urls where else the content may be had, `http` or `https`
/// @param platform only on an index's entries
/// @param data the content itself, base64-decoded and already checked against size and digest by
///   whoever uses it
public record Descriptor(
    MediaType mediaType,
    Digest digest,
    long size,
    List<String> urls,
    Map<String, String> annotations,
    @Nullable String artifactType,
    @Nullable Platform platform,
    @Nullable EmbeddedData data) {

  public Descriptor {
    if (size < 0) {
      throw new IllegalArgumentException("negative size: " + size);
    }
    urls = List.copyOf(urls);
    annotations = Map.copyOf(annotations);
  }

  /// Reads a descriptor.
  ///
  /// @throws UnsafeContentException when it is malformed
  public static Descriptor parse(JsonObject json) throws UnsafeContentException {
    return DescriptorParser.parse(json);
  }

  public static Descriptor of(MediaType mediaType, Digest digest, long size) {
    return new Descriptor(mediaType, digest, size, List.of(), Map.of(), null, null, null);
  }
}
