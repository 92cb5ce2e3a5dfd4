package io.sealift.sigstore;

import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.MediaType;
import io.sealift.policy.Signature;
import io.sealift.policy.Signature.Claim;
import io.sealift.policy.SignatureScheme.Observer;
import io.sealift.policy.SimplePayload;
import io.sealift.sigstore.Evidence.Content;
import io.sealift.sigstore.crypto.Unproven;
import io.sealift.tar.Printable;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One examination: looks at every place where signatures of the manifest and of its index may be,
/// and has each examined, until the observer has enough.
///
/// | place | holds |
/// |---|---|
/// | the tag `<algorithm>-<hex>.sig`, with an attestation demanded `.att` | layers by cosign |
/// | referrers of the type `application/vnd.dev.cosign.artifact.…` | the same |
/// | referrers of the type `application/vnd.dev.sigstore.bundle…` | a bundle |
final class Search {

  /// Signatures of one image that are looked at, as containers/image has it for other kinds.
  private static final int MAX_SIGNATURES = 128;

  /// Characters of a tag; cosign makes none for longer digests either.
  private static final int MAX_TAG_LENGTH = 128;

  /// Characters of a reason; workflows and their issuers have two hundred, and are named twice.
  private static final int MAX_REASON = 600;

  private static final String COSIGN_TYPE = "cosign container image signature";
  private static final String PREDICATE = "dev.sigstore.bundle.predicateType";

  private final @Nullable String predicateType;
  private final Contents contents;
  private final Verifier verifier;
  private final Observer observer;
  private int examined;
  private int referrers;
  private boolean enough;

  /// @param predicateType of the attestation that is demanded; null for signatures of the image
  Search(@Nullable String predicateType, Contents contents, Verifier verifier, Observer observer) {
    this.predicateType = predicateType;
    this.contents = contents;
    this.verifier = verifier;
    this.observer = observer;
  }

  void run() throws ImageException, InterruptedIOException {
    for (Digest digest : contents.digests()) {
      lookAtTag(digest);
      lookAtReferrers(digest);
    }
  }

  private void lookAtTag(Digest digest) throws ImageException, InterruptedIOException {
    String kind = predicateType == null ? ".sig" : ".att";
    String tag = digest.algorithm().label() + "-" + digest.hex() + kind;
    if (enough || tag.length() > MAX_TAG_LENGTH) {
      return;
    }
    observer.looksAt("tag " + tag);
    try {
      byte[] manifest = contents.tagged(tag).orElse(null);
      if (manifest != null) {
        lookAtLayers("tag " + tag, manifest, digest);
      }
    } catch (UnsafeContentException | IntegrityException broken) {
      finds(new Signature.Worthless("tag " + tag, reason(broken)));
    }
  }

  private void lookAtReferrers(Digest digest) throws ImageException, InterruptedIOException {
    if (enough) {
      return;
    }
    observer.looksAt("referrers of " + digest);
    for (Descriptor referrer : contents.referrers(digest)) {
      if (enough) {
        return;
      }
      String place = "referrer " + referrer.digest();
      if (isSignature(referrer) && isAllowed(place, ++referrers)) {
        lookAtReferrer(place, referrer, digest);
      }
    }
  }

  /// What a listing says about a referrer can keep it from being looked at, and nothing more.
  private boolean isSignature(Descriptor referrer) {
    String type = String.valueOf(referrer.artifactType());
    String predicate = referrer.annotations().getOrDefault(PREDICATE, wantedPredicate());
    String kind = predicateType == null ? "sig" : "att";
    return type.equals("application/vnd.dev.cosign.artifact." + kind + ".v1+json")
        || (type.startsWith(Bundle.TYPE_PREFIX) && predicate.equals(wantedPredicate()));
  }

  private String wantedPredicate() {
    return predicateType == null ? Statement.COSIGN_SIGN : predicateType;
  }

  private void lookAtReferrer(String place, Descriptor referrer, Digest digest)
      throws ImageException, InterruptedIOException {
    try {
      lookAtLayers(place, contents.manifest(referrer), digest);
    } catch (UnsafeContentException | IntegrityException | NotFoundException broken) {
      finds(new Signature.Worthless(place, reason(broken)));
    }
  }

  private void lookAtLayers(String place, byte[] bytes, Digest digest)
      throws ImageException, InterruptedIOException {
    JsonObject manifest = JsonReader.readObject(bytes, "manifest", JsonLimits.DEFAULT);
    String type = manifest.optionalString("mediaType").orElse(MediaType.OCI_MANIFEST.name());
    if (!type.equals(MediaType.OCI_MANIFEST.name())) {
      throw new UnsafeContentException(
          "read manifest: expected %s, found %s".formatted(MediaType.OCI_MANIFEST, type));
    }
    List<JsonObject> layers = manifest.objects("layers");
    for (int number = 0; number < layers.size() && !enough; number++) {
      String layer = layers.size() == 1 ? place : place + ", layer " + (number + 1);
      if (isAllowed(layer, ++examined)) {
        finds(examine(layer, layers.get(number), digest));
      }
    }
  }

  /// Whether so many may be looked at; the first that may not is the last that is heard of.
  private boolean isAllowed(String place, int number) {
    if (number <= MAX_SIGNATURES) {
      return true;
    }
    finds(
        new Signature.Worthless(
            place, "not looked at, for it is more than the %d allowed".formatted(MAX_SIGNATURES)));
    enough = true;
    return false;
  }

  private void finds(Signature signature) {
    enough |= observer.finds(signature);
  }

  private Signature examine(String place, JsonObject layer, Digest digest)
      throws ImageException, InterruptedIOException {
    try {
      Evidence evidence = read(Descriptor.parse(layer), digest);
      String signer = printable(verifier.verify(evidence));
      return new Signature.Proven(place, signer, claim(evidence.content(), digest));
    } catch (Unproven | UnsafeContentException | IntegrityException | NotFoundException worthless) {
      return new Signature.Worthless(place, reason(worthless));
    }
  }

  /// On one line that is not endless, for it may repeat what was found.
  private static String reason(Exception why) {
    String text = printable(String.valueOf(why.getMessage()));
    return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON) + "…";
  }

  private static String printable(String text) {
    return Printable.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private Evidence read(Descriptor layer, Digest digest)
      throws ImageException, Unproven, InterruptedIOException {
    String type = layer.mediaType().name();
    if (type.startsWith(Bundle.TYPE_PREFIX)) {
      return Bundle.read(contents.layer(layer), () -> contents.document(digest));
    }
    if (predicateType == null && type.equals(Attachment.SIGNATURE_TYPE)) {
      return Attachment.signature(contents.layer(layer), layer.annotations());
    }
    if (predicateType != null && type.equals(Attachment.ATTESTATION_TYPE)) {
      return Attachment.attestation(contents.layer(layer), layer.annotations());
    }
    throw new Unproven(
        "a layer of the type %s, which is no %s"
            .formatted(type, predicateType == null ? "signature" : "attestation"));
  }

  /// What the signed bytes say, now that they are proved.
  private Claim claim(Content content, Digest digest) throws UnsafeContentException, Unproven {
    return switch (content) {
      case Content.Payload(byte[] json) -> SimplePayload.parse(json, COSIGN_TYPE);
      case Content.Artifact artifact -> {
        if (predicateType != null) {
          throw new Unproven("a signature, where an attestation is demanded");
        }
        yield new Claim(digest, null);
      }
      case Content.Attestation(byte[] json, byte[] raw) -> claim(Statement.read(json), digest);
    };
  }

  private Claim claim(Statement statement, Digest digest) throws Unproven {
    if (!statement.predicateType().equals(wantedPredicate())) {
      throw new Unproven(
          "an attestation of the type '%s', expected '%s'"
              .formatted(statement.predicateType(), wantedPredicate()));
    }
    if (!statement.isAbout(digest)) {
      throw new Unproven("an attestation about something else than " + digest);
    }
    return new Claim(digest, null);
  }
}
