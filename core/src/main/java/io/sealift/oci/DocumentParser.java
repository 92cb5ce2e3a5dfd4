package io.sealift.oci;

import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells manifests from indexes and reads them. A text that could be both is refused
/// (CVE-2021-41190).
final class DocumentParser {

  /// Entries of an index; real ones have a dozen.
  private static final int MAX_INDEX_ENTRIES = 10_000;

  /// Layers of a manifest; overlay stacks half as many, Docker builds a quarter.
  private static final int MAX_LAYERS = 1024;

  /// Members that only one kind of document may have.
  private static final Set<String> TELLING =
      Set.of("config", "fslayers", "history", "layers", "manifests");

  private final JsonObject json;
  private final @Nullable MediaType declared;

  DocumentParser(byte[] bytes, @Nullable MediaType declared) throws UnsafeContentException {
    this.json = JsonReader.readObject(bytes, "manifest", JsonLimits.DEFAULT);
    this.declared = declared;
  }

  Document parse() throws UnsafeContentException, UnsupportedImageException {
    MediaType type = type();
    if (!type.isManifest() && !type.isIndex()) {
      throw new UnsupportedImageException(
          "read manifest: expected an image manifest or index, found %s"
              .formatted(ArtifactTypes.describe(type.name())));
    }
    if (json.integer("schemaVersion") != 2) {
      throw new UnsafeContentException(
          "read manifest: /schemaVersion is %d, expected 2"
              .formatted(json.integer("schemaVersion")));
    }
    return type.isIndex() ? index(type) : manifest(type);
  }

  /// The type by declaration, by the text itself, or guessed; all that speak have to agree.
  private MediaType type() throws UnsafeContentException, UnsupportedImageException {
    MediaType inside = json.optionalString("mediaType").map(MediaType::parse).orElse(null);
    MediaType outside = declared != null && isSpecific(declared) ? declared : null;
    if (inside != null && outside != null && !inside.equals(outside)) {
      throw new UnsafeContentException(
          "read manifest: declared as %s, but its /mediaType is %s".formatted(outside, inside));
    }
    if (outside != null) {
      return outside;
    }
    return inside != null ? inside : guess();
  }

  private static boolean isSpecific(MediaType type) {
    return type.name().startsWith("application/vnd.");
  }

  private MediaType guess() throws UnsafeContentException, UnsupportedImageException {
    if (json.integer("schemaVersion") == 1) {
      throw new UnsupportedImageException(
          "read manifest: expected an image manifest or index, found %s"
              .formatted(ArtifactTypes.SCHEMA_1));
    }
    JsonObject config = json.optionalObject("config").orElse(null);
    if (config == null && json.has("manifests")) {
      return MediaType.OCI_INDEX;
    }
    boolean docker =
        config != null && config.string("mediaType").equals(MediaType.DOCKER_CONFIG.name());
    return docker ? MediaType.DOCKER_MANIFEST : MediaType.OCI_MANIFEST;
  }

  private Index index(MediaType type) throws UnsafeContentException {
    refuseOthers(Set.of("manifests"), "an index");
    List<Descriptor> manifests = new ArrayList<>();
    List<JsonObject> entries = json.objects("manifests");
    refuseTooMany("manifests", entries.size(), MAX_INDEX_ENTRIES);
    for (JsonObject entry : entries) {
      MediaType entryType = MediaType.parse(entry.string("mediaType"));
      if (entryType.isManifest() || entryType.isIndex()) {
        manifests.add(DescriptorParser.parse(entry));
      }
    }
    return new Index(type, manifests, json.stringMap("annotations"));
  }

  private Manifest manifest(MediaType type)
      throws UnsafeContentException, UnsupportedImageException {
    refuseOthers(Set.of("config", "layers"), "an image manifest");
    Descriptor config = DescriptorParser.parse(json.object("config"));
    String artifactType = json.optionalString("artifactType").orElse(null);
    if (!config.mediaType().isConfig()) {
      throw new UnsupportedImageException(
          "read manifest: expected an image that runs, found %s"
              .formatted(
                  ArtifactTypes.describe(
                      artifactType == null ? config.mediaType().name() : artifactType)));
    }
    List<JsonObject> entries = json.objects("layers");
    refuseTooMany("layers", entries.size(), MAX_LAYERS);
    List<Descriptor> layers = new ArrayList<>();
    for (JsonObject entry : entries) {
      layers.add(layer(DescriptorParser.parse(entry)));
    }
    JsonObject subject = json.optionalObject("subject").orElse(null);
    return new Manifest(
        type,
        config,
        layers,
        artifactType,
        subject == null ? null : DescriptorParser.parse(subject),
        json.stringMap("annotations"));
  }

  /// Some artifacts, signatures by cosign among them, have the config of an image; their layers
  /// tell.
  private static Descriptor layer(Descriptor layer) throws UnsupportedImageException {
    if (!layer.mediaType().isLayer()) {
      throw new UnsupportedImageException(
          "read manifest: expected layers that are tars, found %s in layer %s"
              .formatted(ArtifactTypes.describe(layer.mediaType().name()), layer.digest()));
    }
    return layer;
  }

  private void refuseOthers(Set<String> allowed, String kind) throws UnsafeContentException {
    for (String name : json.names()) {
      String folded = name.toLowerCase(Locale.ROOT);
      if (json.has(name) && TELLING.contains(folded) && !allowed.contains(name)) {
        throw new UnsafeContentException(
            "read manifest: ambiguous, %s must not have /%s".formatted(kind, name));
      }
    }
  }

  private static void refuseTooMany(String what, int found, int allowed)
      throws UnsafeContentException {
    if (found > allowed) {
      throw new UnsafeContentException(
          "read manifest: /%s has %d entries, more than the %d allowed"
              .formatted(what, found, allowed));
    }
  }
}
