package io.sealift.testing;

import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.oci.EmbeddedData;
import io.sealift.oci.MediaType;
import io.sealift.verify.Hasher;
import io.sealift.verify.JcaHashing;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A blob and what its descriptor says about it, true or not.
///
/// @param bytes what is served or stored under the digest
/// @param digest as it stands in the descriptor, well formed or not
/// @param size as it stands in the descriptor, in bytes
/// @param diffId digest of the tar in it, as it stands in the config; empty when it is no layer
/// @param embedded whether the descriptor holds the bytes as `data`
@SuppressWarnings("ArrayRecordComponent")
public record BuiltBlob(
    String mediaType,
    byte[] bytes,
    String digest,
    long size,
    String diffId,
    List<String> urls,
    Map<String, String> annotations,
    boolean embedded) {

  /// The digest of some bytes.
  public static Digest digest(DigestAlgorithm algorithm, byte[] bytes) {
    try (Hasher hasher = new JcaHashing().open(algorithm)) {
      hasher.update(ByteBuffer.wrap(bytes));
      return hasher.digest();
    }
  }

  /// A blob described truly.
  public static BuiltBlob of(MediaType mediaType, byte[] bytes) {
    return new BuiltBlob(
        mediaType.name(),
        bytes,
        digest(DigestAlgorithm.SHA256, bytes).toString(),
        bytes.length,
        "",
        List.of(),
        Map.of(),
        false);
  }

  /// A layer with this tar, as {@link ImageBuilder.Form} names its type.
  public static BuiltBlob layer(byte[] tar, Packing packing, ImageBuilder.Form form) {
    return of(form.layer(packing.compression()), packing.pack(tar))
        .diffId(digest(DigestAlgorithm.SHA256, tar).toString());
  }

  public BuiltBlob mediaType(String value) {
    return new BuiltBlob(value, bytes, digest, size, diffId, urls, annotations, embedded);
  }

  /// Other bytes under the same description.
  public BuiltBlob bytes(byte[] value) {
    return new BuiltBlob(mediaType, value, digest, size, diffId, urls, annotations, embedded);
  }

  public BuiltBlob digest(String value) {
    return new BuiltBlob(mediaType, bytes, value, size, diffId, urls, annotations, embedded);
  }

  /// The true digest by another algorithm.
  public BuiltBlob digestedBy(DigestAlgorithm algorithm) {
    return digest(digest(algorithm, bytes).toString());
  }

  public BuiltBlob size(long value) {
    return new BuiltBlob(mediaType, bytes, digest, value, diffId, urls, annotations, embedded);
  }

  public BuiltBlob diffId(String value) {
    return new BuiltBlob(mediaType, bytes, digest, size, value, urls, annotations, embedded);
  }

  public BuiltBlob urls(String... value) {
    return new BuiltBlob(
        mediaType, bytes, digest, size, diffId, List.of(value), annotations, embedded);
  }

  public BuiltBlob annotations(Map<String, String> value) {
    return new BuiltBlob(mediaType, bytes, digest, size, diffId, urls, value, embedded);
  }

  public BuiltBlob embed() {
    return new BuiltBlob(mediaType, bytes, digest, size, diffId, urls, annotations, true);
  }

  /// The descriptor as a reader gets it.
  ///
  /// @throws UnsafeContentException when the digest is not well formed
  public Descriptor descriptor() throws UnsafeContentException {
    return new Descriptor(
        new MediaType(mediaType),
        Digest.parse(digest),
        size,
        urls,
        annotations,
        null,
        null,
        embedded ? new EmbeddedData(bytes) : null);
  }

  /// The descriptor's JSON members.
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("mediaType", mediaType);
    json.put("digest", digest);
    json.put("size", size);
    if (!urls.isEmpty()) {
      json.put("urls", urls);
    }
    if (!annotations.isEmpty()) {
      json.put("annotations", annotations);
    }
    if (embedded) {
      json.put("data", Base64.getEncoder().encodeToString(bytes));
    }
    return json;
  }
}
