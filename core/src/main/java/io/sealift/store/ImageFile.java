package io.sealift.store;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.oci.DiffId;
import io.sealift.oci.Digest;
import io.sealift.policy.Proof;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The file of an image record. Names are not in it: the table of names is the only place that says
/// what a name stands for.
///
/// ```json
/// {"manifest":"sha256:…","imageId":"sha256:…","layers":["sha256:…"],
///  "compressedBytes":1234,"tarBytes":5678,"pulled":"2026-01-01T00:00:00Z",
///  "proofs":[{"requirement":"insecureAcceptAnything","reason":"…"}]}
/// ```
final class ImageFile {

  /// Bytes of a record: a thousand layers of a hundred bytes, and many proofs.
  static final int MAX_BYTES = 1 << 20;

  private ImageFile() {}

  static byte[] write(ImageRecord image) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("manifest", image.manifestDigest().toString());
    json.put("imageId", image.imageId().toString());
    json.put("layers", image.layers().stream().map(DiffId::toString).toList());
    json.put("compressedBytes", image.compressedBytes());
    json.put("tarBytes", image.tarBytes());
    json.put("pulled", image.pulled().toString());
    json.put("proofs", image.proofs().stream().map(ImageFile::proof).toList());
    return JsonWriter.indented(JsonValue.of(json));
  }

  private static JsonValue proof(Proof proof) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("requirement", proof.requirement());
    json.put("reason", proof.reason());
    return JsonValue.of(json);
  }

  /// @param manifest whose record it is by its name
  static ImageRecord read(byte[] bytes, Digest manifest, List<String> names)
      throws UnsafeContentException {
    JsonObject json = JsonReader.readObject(bytes, "image record", JsonLimits.ofBytes(MAX_BYTES));
    if (!json.string("manifest").equals(manifest.toString())) {
      throw new UnsafeContentException("read image record: it is that of another manifest");
    }
    List<DiffId> layers = new ArrayList<>();
    for (String layer : json.strings("layers")) {
      layers.add(new DiffId(Digest.parse(layer)));
    }
    List<Proof> proofs = new ArrayList<>();
    for (JsonObject proof : json.objects("proofs")) {
      proofs.add(new Proof(proof.string("requirement"), proof.string("reason")));
    }
    return new ImageRecord(
        manifest,
        Digest.parse(json.string("imageId")),
        names,
        layers,
        json.integer("compressedBytes"),
        json.integer("tarBytes"),
        instant(json.string("pulled")),
        proofs);
  }

  private static Instant instant(String text) throws UnsafeContentException {
    try {
      return Instant.parse(text);
    } catch (DateTimeException malformed) {
      throw new UnsafeContentException(
          "read image record: /pulled is not a time of the form 2026-01-01T00:00:00Z", malformed);
    }
  }
}
