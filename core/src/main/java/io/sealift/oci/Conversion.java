package io.sealift.oci;

import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An image's manifest and config in one of the two forms, for looking at and for copying: pulling
/// never converts.
///
/// | to | manifest | config |
/// |---|---|---|
/// | the form it has | the same bytes | the same bytes |
/// | OCI | new; annotations of layers stay | without the members that only Docker has: a new digest, which is the image's id |
/// | Docker | new; annotations, `subject`, `artifactType` are dropped | the same bytes |
///
/// Layers keep digest, size and `urls`. Docker has no types for zstd and encrypted layers.
///
/// @param mediaType of the manifest
/// @param manifest the bytes of the manifest
/// @param config the bytes of the config that it names
@SuppressWarnings("ArrayRecordComponent")
public record Conversion(MediaType mediaType, byte[] manifest, byte[] config) {

  /// Members of a config that OCI has (OCI image specification, config.md), in the order of its own
  /// structures.
  private static final List<String> CONFIG =
      List.of(
          "created",
          "author",
          "architecture",
          "os",
          "os.version",
          "os.features",
          "variant",
          "config",
          "rootfs",
          "history");

  private static final List<String> EXECUTION =
      List.of(
          "User",
          "ExposedPorts",
          "Env",
          "Entrypoint",
          "Cmd",
          "Volumes",
          "WorkingDir",
          "Labels",
          "StopSignal",
          "ArgsEscaped");

  private static final List<String> ROOTFS = List.of("type", "diff_ids");

  private static final List<String> HISTORY =
      List.of("created", "created_by", "author", "comment", "empty_layer");

  /// Whose media types and members are used.
  public enum Form {
    OCI,
    DOCKER
  }

  /// Converts what was received to `form`.
  ///
  /// @param manifest as received
  /// @param parsed what `manifest` says
  /// @param config as received
  /// @throws UnsupportedImageException when the form has no words for something of the image
  public static Conversion of(Form form, byte[] manifest, Manifest parsed, byte[] config)
      throws UnsafeContentException, UnsupportedImageException {
    boolean docker = parsed.mediaType().equals(MediaType.DOCKER_MANIFEST);
    return switch (form) {
      case OCI -> docker ? toOci(parsed, config) : unchanged(manifest, parsed, config);
      case DOCKER -> docker ? unchanged(manifest, parsed, config) : toDocker(parsed, config);
    };
  }

  private static Conversion unchanged(byte[] manifest, Manifest parsed, byte[] config) {
    return new Conversion(parsed.mediaType(), manifest.clone(), config.clone());
  }

  private static Conversion toOci(Manifest parsed, byte[] config)
      throws UnsafeContentException, UnsupportedImageException {
    byte[] converted = JsonWriter.compact(ociConfig(config));
    Descriptor named = Descriptor.of(MediaType.OCI_CONFIG, Sha256.of(converted), converted.length);
    List<JsonValue> layers = new ArrayList<>();
    for (Descriptor layer : parsed.layers()) {
      layers.add(descriptor(layer, LayerTypes.oci(layer), layer.annotations()));
    }
    return manifest(MediaType.OCI_MANIFEST, named, layers, parsed.annotations(), converted);
  }

  private static Conversion toDocker(Manifest parsed, byte[] config)
      throws UnsupportedImageException {
    List<JsonValue> layers = new ArrayList<>();
    for (Descriptor layer : parsed.layers()) {
      layers.add(descriptor(layer, LayerTypes.docker(layer), Map.of()));
    }
    Descriptor named =
        Descriptor.of(MediaType.DOCKER_CONFIG, parsed.config().digest(), parsed.config().size());
    return manifest(MediaType.DOCKER_MANIFEST, named, layers, Map.of(), config.clone());
  }

  private static Conversion manifest(
      MediaType type,
      Descriptor config,
      List<JsonValue> layers,
      Map<String, String> annotations,
      byte[] configBytes) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("schemaVersion", 2);
    members.put("mediaType", type.name());
    members.put("config", descriptor(config, config.mediaType(), Map.of()));
    members.put("layers", layers);
    putSorted(members, annotations);
    return new Conversion(type, JsonWriter.compact(JsonValue.of(members)), configBytes);
  }

  private static JsonValue descriptor(
      Descriptor descriptor, MediaType type, Map<String, String> annotations) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("mediaType", type.name());
    members.put("digest", descriptor.digest().toString());
    members.put("size", descriptor.size());
    if (!descriptor.urls().isEmpty()) {
      members.put("urls", descriptor.urls());
    }
    putSorted(members, annotations);
    return JsonValue.of(members);
  }

  private static void putSorted(Map<String, Object> members, Map<String, String> annotations) {
    if (!annotations.isEmpty()) {
      members.put("annotations", new java.util.TreeMap<>(annotations));
    }
  }

  private static JsonValue ociConfig(byte[] config) throws UnsafeContentException {
    JsonObject json = JsonReader.readObject(config, "image config", JsonLimits.DEFAULT);
    Map<String, JsonValue> members = kept(json, CONFIG);
    members.computeIfPresent("config", (name, value) -> part(value, EXECUTION));
    members.computeIfPresent("rootfs", (name, value) -> part(value, ROOTFS));
    members.computeIfPresent(
        "history",
        (name, value) ->
            value instanceof JsonValue.Array steps
                ? new JsonValue.Array(
                    steps.values().stream().map(step -> part(step, HISTORY)).toList())
                : value);
    return JsonValue.of(members);
  }

  private static JsonValue part(JsonValue value, List<String> names) {
    return value instanceof JsonObject object ? JsonValue.of(kept(object, names)) : value;
  }

  private static Map<String, JsonValue> kept(JsonObject object, List<String> names) {
    Map<String, JsonValue> kept = new LinkedHashMap<>();
    for (String name : names) {
      JsonValue value = object.members().get(name);
      if (value != null && !isEmpty(value)) {
        kept.put(name, value);
      }
    }
    return kept;
  }

  /// What Docker writes for nothing, and OCI leaves out.
  private static boolean isEmpty(JsonValue value) {
    return switch (value) {
      case JsonValue.Null nothing -> true;
      case JsonValue.Text text -> text.value().isEmpty();
      case JsonValue.Bool bool -> !bool.value();
      case JsonObject object -> object.members().isEmpty();
      case JsonValue.Array array -> false;
      case JsonValue.Numeric number -> false;
    };
  }
}
