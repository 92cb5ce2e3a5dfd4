package io.sealift.cri.image;

import io.sealift.failure.ImageException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.oci.ChainId;
import io.sealift.store.Admission;
import io.sealift.store.ImageRecord;
import io.sealift.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Everything that is known of an image, as other runtimes tell it (`chainID`, `imageSpec`: the
/// config), and why it was let in:
///
/// ```json
/// {"chainID":"sha256:…","imageSpec":{…},
///  "manifest":"sha256:…","layers":["sha256:…"],"pulled":"2026-01-01T00:00:00Z",
///  "admissions":[{"name":"…","time":"…","policy":"…","scope":"…","kind":"…","proofs":["…"]}]}
/// ```
final class Info {

  /// What all clients look under.
  private static final String KEY = "info";

  private Info() {}

  static Map<String, String> of(Store store, NodeImage image) throws ImageException {
    ImageRecord record = image.latest();
    byte[] config = store.config(record);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("chainID", ChainId.of(record.layers()).toString());
    json.put("imageSpec", JsonReader.readObject(config, "image config", JsonLimits.DEFAULT));
    json.put("manifest", record.manifestDigest().toString());
    json.put("layers", record.layers().stream().map(Object::toString).toList());
    json.put("pulled", record.pulled().toString());
    json.put("admissions", record.admissions().stream().map(Info::admission).toList());
    byte[] text = JsonWriter.compact(JsonValue.of(json));
    return Map.of(KEY, new String(text, StandardCharsets.UTF_8));
  }

  private static JsonValue admission(Admission admission) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", admission.name());
    json.put("time", admission.time().toString());
    json.put("policy", admission.policy());
    json.put("scope", admission.scope());
    json.put("kind", admission.kind());
    json.put(
        "proofs",
        admission.proofs().stream()
            .map(proof -> proof.requirement() + ": " + proof.reason())
            .toList());
    return JsonValue.of(json);
  }
}
