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
import io.sealift.policy.Signature;
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
///  "admissions":[
///    {"name":"docker://…","time":"2026-01-01T00:00:00Z","policy":"/etc/containers/policy.json",
///     "scope":"docker:registry.example","kind":"plain+signed",
///     "proofs":[
///       {"requirement":"signedBy","reason":"…",
///        "place":"…","signer":"…","digest":"sha256:…","reference":"…"}]}]}
/// ```
final class ImageFile {

  /// Bytes of a record: a thousand layers of a hundred bytes, and the most that one admission can
  /// have.
  static final int MAX_BYTES = 1 << 20;

  /// Admissions that are kept; a node asks for the same image again and again.
  private static final int MAX_ADMISSIONS = 32;

  private ImageFile() {}

  /// With as many of the last admissions as a record may have.
  static byte[] write(ImageRecord image) {
    int kept = Math.min(image.admissions().size(), MAX_ADMISSIONS);
    byte[] bytes = write(image, image.admissions().subList(0, kept));
    while (bytes.length > MAX_BYTES && kept > 1) {
      kept /= 2;
      bytes = write(image, image.admissions().subList(0, kept));
    }
    return bytes;
  }

  private static byte[] write(ImageRecord image, List<Admission> admissions) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("manifest", image.manifestDigest().toString());
    json.put("imageId", image.imageId().toString());
    json.put("layers", image.layers().stream().map(DiffId::toString).toList());
    json.put("compressedBytes", image.compressedBytes());
    json.put("tarBytes", image.tarBytes());
    json.put("pulled", image.pulled().toString());
    json.put("admissions", admissions.stream().map(ImageFile::admission).toList());
    return JsonWriter.indented(JsonValue.of(json));
  }

  private static JsonValue admission(Admission admission) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", admission.name());
    json.put("time", admission.time().toString());
    json.put("policy", admission.policy());
    json.put("scope", admission.scope());
    json.put("kind", admission.kind());
    json.put("proofs", admission.proofs().stream().map(ImageFile::proof).toList());
    return JsonValue.of(json);
  }

  private static JsonValue proof(Proof proof) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("requirement", proof.requirement());
    json.put("reason", proof.reason());
    Signature.Proven signature = proof.signature();
    if (signature != null) {
      json.put("place", signature.place());
      json.put("signer", signature.signer());
      json.put("digest", signature.claim().digest().toString());
      if (signature.claim().reference() != null) {
        json.put("reference", signature.claim().reference());
      }
    }
    return JsonValue.of(json);
  }

  /// @param manifest whose record it is by its name
  /// @param names all that the table of names has for it
  /// @param stamped when the file was written or stamped last
  static ImageRecord read(byte[] bytes, Digest manifest, List<Names.Entry> names, Instant stamped)
      throws UnsafeContentException {
    JsonObject json = JsonReader.readObject(bytes, "image record", JsonLimits.ofBytes(MAX_BYTES));
    if (!json.string("manifest").equals(manifest.toString())) {
      throw new UnsafeContentException("read image record: it is that of another manifest");
    }
    List<DiffId> layers = new ArrayList<>();
    for (String layer : json.strings("layers")) {
      layers.add(new DiffId(Digest.parse(layer)));
    }
    List<Admission> admissions = new ArrayList<>();
    for (JsonObject admission : json.objects("admissions")) {
      admissions.add(admission(admission));
    }
    Instant pulled = instant(json.string("pulled"));
    return new ImageRecord(
        manifest,
        Digest.parse(json.string("imageId")),
        names.stream().map(Names.Entry::name).filter(name -> !Names.isDigest(name)).toList(),
        names.stream().map(Names.Entry::name).filter(Names::isDigest).toList(),
        layers,
        json.integer("compressedBytes"),
        json.integer("tarBytes"),
        pulled,
        stamped.isAfter(pulled) ? stamped : pulled,
        names.stream().anyMatch(Names.Entry::pinned),
        admissions);
  }

  private static Admission admission(JsonObject json) throws UnsafeContentException {
    List<Proof> proofs = new ArrayList<>();
    for (JsonObject proof : json.objects("proofs")) {
      proofs.add(proof(proof));
    }
    return new Admission(
        json.string("name"),
        instant(json.string("time")),
        json.string("policy"),
        json.string("scope"),
        json.string("kind"),
        proofs);
  }

  private static Proof proof(JsonObject json) throws UnsafeContentException {
    Signature.Proven signature =
        json.has("signer")
            ? new Signature.Proven(
                json.string("place"),
                json.string("signer"),
                new Signature.Claim(
                    Digest.parse(json.string("digest")),
                    json.optionalString("reference").orElse(null)))
            : null;
    return new Proof(json.string("requirement"), json.string("reason"), signature);
  }

  private static Instant instant(String text) throws UnsafeContentException {
    try {
      return Instant.parse(text);
    } catch (DateTimeException malformed) {
      throw new UnsafeContentException(
          "read image record: '" + text + "' is not a time of the form 2026-01-01T00:00:00Z",
          malformed);
    }
  }
}
