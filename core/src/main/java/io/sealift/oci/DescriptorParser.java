package io.sealift.oci;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonObject;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Reads descriptors (OCI image specification, descriptor.md).
final class DescriptorParser {

  private DescriptorParser() {}

  static Descriptor parse(JsonObject json) throws UnsafeContentException {
    long size = json.integer("size");
    if (size < 0) {
      throw new UnsafeContentException(
          "read %s/size: expected no negative number, found %d".formatted(json.place(), size));
    }
    return new Descriptor(
        MediaType.parse(json.string("mediaType")),
        Digest.parse(json.string("digest"), json.place() + "/digest"),
        size,
        json.strings("urls"),
        json.stringMap("annotations"),
        json.optionalString("artifactType").orElse(null),
        platform(json),
        data(json));
  }

  private static @Nullable Platform platform(JsonObject json) throws UnsafeContentException {
    JsonObject platform = json.optionalObject("platform").orElse(null);
    if (platform == null) {
      return null;
    }
    String os = platform.optionalString("os").orElse("");
    String architecture = platform.optionalString("architecture").orElse("");
    if (os.isEmpty() && architecture.isEmpty()) {
      return null;
    }
    return new Platform(
        os.isEmpty() ? "unknown" : os,
        architecture.isEmpty() ? "unknown" : architecture,
        platform.optionalString("variant").orElse(null));
  }

  private static @Nullable EmbeddedData data(JsonObject json) throws UnsafeContentException {
    String text = json.optionalString("data").orElse(null);
    if (text == null) {
      return null;
    }
    try {
      return new EmbeddedData(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException malformed) {
      throw new UnsafeContentException(
          "read %s/data: not base64".formatted(json.place()), malformed);
    }
  }
}
