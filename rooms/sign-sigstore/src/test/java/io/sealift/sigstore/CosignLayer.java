package io.sealift.sigstore;

import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.oci.Digest;
import io.sealift.oci.MediaType;
import io.sealift.sigstore.crypto.Base64Text;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A layer as cosign attaches it to an image, good or changed afterwards.
@SuppressWarnings("ArrayRecordComponent")
record CosignLayer(String mediaType, byte[] content, Map<String, String> annotations) {

  static final String SIGNATURE = "dev.cosignproject.cosign/signature";
  static final String CERTIFICATE = "dev.sigstore.cosign/certificate";
  static final String CHAIN = "dev.sigstore.cosign/chain";
  static final String BUNDLE = "dev.sigstore.cosign/bundle";
  static final String TIME_STAMP = "dev.sigstore.cosign/rfc3161timestamp";

  /// What cosign signs for an image.
  static byte[] payload(Digest digest, String reference) {
    return payload("cosign container image signature", digest.toString(), reference);
  }

  static byte[] payload(String type, String digest, String reference) {
    Map<String, Object> critical = new LinkedHashMap<>();
    critical.put("identity", Map.of("docker-reference", reference));
    critical.put("image", Map.of("docker-manifest-digest", digest));
    critical.put("type", type);
    Map<String, @Nullable Object> payload = new LinkedHashMap<>();
    payload.put("critical", critical);
    payload.put("optional", null);
    return JsonWriter.compact(JsonValue.of(payload));
  }

  /// A signature of a payload.
  static CosignLayer signed(SigningKey key, byte[] payload) {
    return new CosignLayer(
        Attachment.SIGNATURE_TYPE,
        payload,
        Map.of(SIGNATURE, Base64Text.encode(key.sign(payload))));
  }

  /// A signature of an image.
  static CosignLayer signed(SigningKey key, Digest digest, String reference) {
    return signed(key, payload(digest, reference));
  }

  byte[] signature() {
    try {
      return Base64Text.decode(String.valueOf(annotations.get(SIGNATURE)), "signature");
    } catch (Exception malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  CosignLayer with(String annotation, String value) {
    Map<String, String> changed = new LinkedHashMap<>(annotations);
    changed.put(annotation, value);
    return new CosignLayer(mediaType, content, changed);
  }

  CosignLayer with(String annotation, byte[] value) {
    return with(annotation, new String(value, StandardCharsets.UTF_8));
  }

  CosignLayer without(String annotation) {
    Map<String, String> changed = new LinkedHashMap<>(annotations);
    changed.remove(annotation);
    return new CosignLayer(mediaType, content, changed);
  }

  CosignLayer content(byte[] value) {
    return new CosignLayer(mediaType, value, annotations);
  }

  CosignLayer mediaType(String value) {
    return new CosignLayer(value, content, annotations);
  }

  BuiltBlob blob() {
    return BuiltBlob.of(new MediaType(mediaType), content).annotations(annotations);
  }

  /// The manifest of such layers.
  static BuiltImage manifest(CosignLayer... layers) {
    return manifest(List.of(layers).stream().map(CosignLayer::blob).toList());
  }

  static BuiltImage manifest(List<BuiltBlob> layers) {
    ImageBuilder manifest = new ImageBuilder();
    new ArrayList<>(layers).forEach(manifest::layer);
    return manifest.build();
  }
}
