package io.sealift.testing;

import io.sealift.codec.Compression;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.oci.MediaType;
import io.sealift.oci.Platform;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes images by hand, sound or not.
///
/// ```java
/// BuiltImage image = new ImageBuilder()
///     .layer(new TarBuilder().file("etc/motd", "hello").build(), Packing.GZIP)
///     .config("Cmd", List.of("/bin/sh"))
///     .build();
/// ```
public final class ImageBuilder {

  /// The two forms that images have.
  public enum Form {
    OCI,
    DOCKER;

    MediaType manifest() {
      return this == OCI ? MediaType.OCI_MANIFEST : MediaType.DOCKER_MANIFEST;
    }

    MediaType index() {
      return this == OCI ? MediaType.OCI_INDEX : MediaType.DOCKER_LIST;
    }

    MediaType config() {
      return this == OCI ? MediaType.OCI_CONFIG : MediaType.DOCKER_CONFIG;
    }

    /// The type of a layer that is packed this way.
    public MediaType layer(Compression compression) {
      String suffix =
          switch (compression) {
            case NONE -> "";
            case GZIP -> "gzip";
            case ZSTD -> "zstd";
          };
      boolean oci = this == OCI;
      String base =
          oci
              ? "application/vnd.oci.image.layer.v1.tar"
              : "application/vnd.docker.image.rootfs.diff.tar";
      return new MediaType(suffix.isEmpty() ? base : base + (oci ? "+" : ".") + suffix);
    }
  }

  private final Form form;
  private final List<BuiltBlob> layers = new ArrayList<>();
  private final Map<String, Object> execution = new LinkedHashMap<>();
  private final Map<String, Object> configMembers = new LinkedHashMap<>();
  private final Map<String, Object> manifestMembers = new LinkedHashMap<>();
  private DigestAlgorithm algorithm = DigestAlgorithm.SHA256;
  private Platform platform = Platform.host();
  private boolean embeddedConfig;
  private byte @Nullable [] rawConfig;

  /// An OCI image for this machine.
  public ImageBuilder() {
    this(Form.OCI);
  }

  public ImageBuilder(Form form) {
    this.form = form;
  }

  /// An index of images, each with its platform.
  public static BuiltImage index(Map<Platform, BuiltImage> images) {
    return index(Form.OCI, images);
  }

  public static BuiltImage index(Form form, Map<Platform, BuiltImage> images) {
    List<Map<String, Object>> entries = new ArrayList<>();
    images.forEach((platform, image) -> entries.add(entry(image, platform)));
    return index(form, entries, List.copyOf(images.values()));
  }

  /// An index whose entries are these JSON objects, with whatever images behind them.
  public static BuiltImage index(
      Form form, List<Map<String, Object>> entries, List<BuiltImage> images) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schemaVersion", 2);
    json.put("mediaType", form.index().name());
    json.put("manifests", entries);
    BuiltBlob document = BuiltBlob.of(form.index(), bytes(json));
    return new BuiltImage(document, List.of(), images);
  }

  /// An entry of an index, to be changed or added to.
  ///
  /// @param platform null for an entry without one
  public static Map<String, Object> entry(BuiltImage image, @Nullable Platform platform) {
    Map<String, Object> entry = image.document().json();
    if (platform != null) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("os", platform.os());
      json.put("architecture", platform.architecture());
      if (platform.variant() != null) {
        json.put("variant", platform.variant());
      }
      entry.put("platform", json);
    }
    return entry;
  }

  public ImageBuilder platform(Platform value) {
    platform = value;
    return this;
  }

  /// The algorithm of all digests in descriptors and of diff_ids.
  public ImageBuilder algorithm(DigestAlgorithm value) {
    algorithm = value;
    return this;
  }

  /// A layer on top of those before, gzip.
  public ImageBuilder layer(byte[] tar) {
    return layer(tar, Packing.GZIP);
  }

  public ImageBuilder layer(byte[] tar, Packing packing) {
    return layer(
        BuiltBlob.layer(tar, packing, form)
            .digestedBy(algorithm)
            .diffId(BuiltBlob.digest(algorithm, tar).toString()));
  }

  /// A layer described by hand.
  public ImageBuilder layer(BuiltBlob value) {
    layers.add(value);
    return this;
  }

  /// A member of the config's `config`, such as `Cmd`: text, integers, truth values, lists, maps.
  public ImageBuilder config(String name, @Nullable Object value) {
    execution.put(name, value);
    return this;
  }

  /// A member of the config itself, such as `history`; takes the place of what is made otherwise.
  public ImageBuilder configMember(String name, @Nullable Object value) {
    configMembers.put(name, value);
    return this;
  }

  /// The config as it is.
  public ImageBuilder rawConfig(byte[] bytes) {
    rawConfig = bytes.clone();
    return this;
  }

  /// Puts the config into its descriptor as `data`.
  public ImageBuilder embedConfig() {
    embeddedConfig = true;
    return this;
  }

  /// A member of the manifest; takes the place of what is made otherwise.
  public ImageBuilder manifestMember(String name, @Nullable Object value) {
    manifestMembers.put(name, value);
    return this;
  }

  public ImageBuilder annotations(Map<String, String> annotations) {
    return manifestMember("annotations", annotations);
  }

  public BuiltImage build() {
    BuiltBlob config =
        BuiltBlob.of(form.config(), rawConfig == null ? configBytes() : rawConfig)
            .digestedBy(algorithm);
    if (embeddedConfig) {
      config = config.embed();
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schemaVersion", 2);
    json.put("mediaType", form.manifest().name());
    json.put("config", config.json());
    json.put("layers", layers.stream().map(BuiltBlob::json).toList());
    json.putAll(manifestMembers);
    List<BuiltBlob> blobs = new ArrayList<>(List.of(config));
    blobs.addAll(layers);
    BuiltBlob document = BuiltBlob.of(form.manifest(), bytes(json)).digestedBy(algorithm);
    return new BuiltImage(document, blobs, List.of());
  }

  private byte[] configBytes() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("created", "2026-01-01T00:00:00Z");
    json.put("architecture", platform.architecture());
    if (platform.variant() != null) {
      json.put("variant", platform.variant());
    }
    json.put("os", platform.os());
    json.put("config", execution);
    List<String> diffIds = layers.stream().map(BuiltBlob::diffId).toList();
    json.put("rootfs", Map.of("type", "layers", "diff_ids", diffIds));
    json.putAll(configMembers);
    return bytes(json);
  }

  private static byte[] bytes(Map<String, Object> json) {
    return JsonWriter.compact(JsonValue.of(json));
  }
}
