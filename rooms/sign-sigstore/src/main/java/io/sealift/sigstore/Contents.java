package io.sealift.sigstore;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.MediaType;
import io.sealift.policy.SimplePayload;
import io.sealift.source.ImageSource;
import io.sealift.source.ManifestBytes;
import io.sealift.source.Resolved;
import io.sealift.source.SmallBlob;
import io.sealift.verify.ExpectedBytes;
import io.sealift.verify.Hashing;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What lies beside an image, every byte checked against the digest under which it was named. Tags
/// of signatures have no such digest: what they name proves itself, or does not. Used for one
/// examination, by one thread.
final class Contents {

  /// Referrers of one manifest; of other kinds than signatures an image may have hundreds.
  private static final int MAX_REFERRERS = 1000;

  /// Bytes that are fetched for one image: 128 signatures of usual size have less than one
  /// mebibyte, and a few attestations have four each.
  private static final long MAX_TOTAL_BYTES = 64L << 20;

  private final ImageSource source;
  private final Resolved image;
  private final Hashing hashing;
  private byte @Nullable [] index;
  private long total;

  /// @param image whose signatures are wanted; its own name is not looked up again
  Contents(ImageSource source, Resolved image, Hashing hashing) {
    this.source = source;
    this.image = image;
    this.hashing = hashing;
  }

  /// The digest of the manifest, and that of the index which named it.
  List<Digest> digests() {
    List<Digest> digests = new ArrayList<>(List.of(image.manifestDigest()));
    image.indexDigest().ifPresent(digests::add);
    return digests;
  }

  Optional<byte[]> tagged(String tag) throws ImageException, InterruptedIOException {
    ManifestBytes found = source.tagged(tag).orElse(null);
    if (found == null) {
      return Optional.empty();
    }
    spend(found.bytes().length);
    Digest digest = found.digest();
    if (digest != null) {
      check("manifest of " + tag, digest, found.bytes());
    }
    return Optional.of(found.bytes());
  }

  List<Descriptor> referrers(Digest subject) throws ImageException, InterruptedIOException {
    return source.referrers(subject, MAX_REFERRERS);
  }

  byte[] manifest(Descriptor named) throws ImageException, InterruptedIOException {
    if (named.size() > ManifestBytes.MAX_BYTES) {
      throw new UnsafeContentException(
          "fetch manifest %s: %d bytes are more than the %d allowed"
              .formatted(named.digest(), named.size(), ManifestBytes.MAX_BYTES));
    }
    spend(named.size());
    byte[] bytes = source.manifest(named).bytes();
    ExpectedBytes.of("manifest", named).check(bytes, hashing);
    return bytes;
  }

  /// The layer, from this source only: where else its descriptor says it may be had is of no
  /// interest.
  byte[] layer(Descriptor layer) throws ImageException, InterruptedIOException {
    Descriptor bare = Descriptor.of(layer.mediaType(), layer.digest(), layer.size());
    spend(Math.min(layer.size(), SimplePayload.MAX_BYTES));
    return SmallBlob.fetch("signature", source, bare, SimplePayload.MAX_BYTES, hashing);
  }

  private void spend(long bytes) throws UnsafeContentException {
    total += bytes;
    if (total > MAX_TOTAL_BYTES) {
      throw new UnsafeContentException(
          "fetch signatures: more than the %d bytes allowed for one image"
              .formatted(MAX_TOTAL_BYTES));
    }
  }

  /// The bytes of the image's manifest, or of its index, which is fetched once.
  byte[] document(Digest digest) throws ImageException, InterruptedIOException {
    if (digest.toString().equals(image.manifestDigest().toString())) {
      return image.manifestBytes();
    }
    byte[] bytes = index;
    if (bytes == null) {
      bytes = source.manifest(Descriptor.of(MediaType.OCI_INDEX, digest, 0)).bytes();
      check("index", digest, bytes);
      index = bytes;
    }
    return bytes;
  }

  private void check(String subject, Digest digest, byte[] bytes) throws ImageException {
    new ExpectedBytes(subject, digest, ExpectedBytes.UNKNOWN_SIZE).check(bytes, hashing);
  }
}
