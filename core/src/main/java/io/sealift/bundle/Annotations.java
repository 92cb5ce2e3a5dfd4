package io.sealift.bundle;

import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.oci.Execution;
import io.sealift.oci.ImageConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a runtime is told about the image (OCI image specification, conversion.md, Annotation
/// Fields): a key for each thing that the image says of itself, and its labels, which win. What the
/// image does not say has no key.
///
/// Labels that a runtime would take for orders are left out: an image has no say in how it is
/// confined.
final class Annotations {

  private static final String PREFIX = "org.opencontainers.image.";

  /// Where runtimes look for orders: crun, runc with CRIU and with systemd, Kata Containers,
  /// containerd and CRI-O, WebAssembly handlers.
  private static final List<String> ORDERS =
      List.of(
          "run.oci.",
          "org.criu.",
          "org.systemd.property.",
          "io.katacontainers.",
          "io.kubernetes.cri",
          "io.containerd.cri.",
          "module.wasm.image/");

  private Annotations() {}

  /// In ascending order of the keys' bytes.
  static Map<String, String> of(ImageConfig image) {
    Execution execution = image.execution();
    Map<String, String> found = new TreeMap<>(Destinations::compareBytes);
    put(found, "os", image.platform().os());
    put(found, "os.version", image.osVersion());
    put(found, "os.features", features(image.osFeatures()));
    put(found, "architecture", image.platform().architecture());
    put(found, "variant", image.variant());
    put(found, "author", image.author());
    put(found, "created", image.created());
    put(found, "stopSignal", execution.stopSignal());
    put(found, "exposedPorts", ports(execution));
    execution
        .labels()
        .forEach((key, value) -> {
          if (ORDERS.stream().noneMatch(key::startsWith)) {
            found.put(key, value);
          }
        });
    return found;
  }

  private static void put(Map<String, String> found, String key, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      found.put(PREFIX + key, value);
    }
  }

  /// The array's JSON text, as image-rs has it; the specification names no form.
  private static @Nullable String features(List<String> features) {
    return features.isEmpty()
        ? null
        : new String(JsonWriter.compact(JsonValue.of(features)), StandardCharsets.UTF_8);
  }

  private static String ports(Execution execution) {
    return String.join(
        ",", execution.exposedPorts().stream().sorted(Destinations::compareBytes).toList());
  }
}
