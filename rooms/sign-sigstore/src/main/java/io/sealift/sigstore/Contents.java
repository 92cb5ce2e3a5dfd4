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

/// What lies beside an image, every byte checked against the digest under which it was named. Tags
/// of signatures have no such digest: what they name proves itself, or does not.
///
/// @param image whose signatures are wanted; its own name is not looked up again
record Contents(ImageSource source, Resolved image, Hashing hashing) {

  /// Referrers of one manifest; of other kinds than signatures an image may have hundreds.
  private static final int MAX_REFERRERS = 1000;

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
    byte[] bytes = source.manifest(named).bytes();
    ExpectedBytes.of("manifest", named).check(bytes, hashing);
    return bytes;
  }

  /// The layer, from this source only: where else its descriptor says it may be had is of no
  /// interest.
  byte[] layer(Descriptor layer) throws ImageException, InterruptedIOException {
    Descriptor bare = Descriptor.of(layer.mediaType(), layer.digest(), layer.size());
    return SmallBlob.fetch("signature", source, bare, SimplePayload.MAX_BYTES, hashing);
  }

  /// The bytes of the image's manifest, or of its index.
  byte[] document(Digest digest) throws ImageException, InterruptedIOException {
    if (digest.toString().equals(image.manifestDigest().toString())) {
      return image.manifestBytes();
    }
    byte[] bytes = source.manifest(Descriptor.of(MediaType.OCI_INDEX, digest, 0)).bytes();
    check("index", digest, bytes);
    return bytes;
  }

  private void check(String subject, Digest digest, byte[] bytes) throws ImageException {
    new ExpectedBytes(subject, digest, ExpectedBytes.UNKNOWN_SIZE).check(bytes, hashing);
  }
}
