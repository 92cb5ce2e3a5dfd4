package io.sealift.policy;

import io.sealift.failure.ImageException;
import io.sealift.policy.Finding.Examined;
import io.sealift.policy.Finding.Outcome;
import io.sealift.source.Resolved;
import io.sealift.verify.Hashing;
import io.sealift.verify.JcaHashing;
import io.sealift.verify.NamedBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Decides about one image and one requirement which of the signatures that a scheme finds count:
/// it has to be about these bytes, or about the index that names them, and it has to name the
/// image. The first one that counts is enough, and all others do no harm.
final class Examination implements SignatureScheme.Observer {

  /// Signatures that are remembered for whoever reads the verdict; what a scheme reports beyond is
  /// only counted.
  private static final int MAX_REMEMBERED = 256;

  /// Objections that a message names.
  private static final int MAX_NAMED = 2;

  private final Requirement.Signed requirement;
  private final IdentityRules rules;
  private final NamedBytes manifest;
  private final @Nullable NamedBytes index;
  private final Hashing hashing = new JcaHashing();
  private final List<String> places = new ArrayList<>();
  private final List<Examined> signatures = new ArrayList<>();
  private int forgotten;
  private @Nullable String success;

  Examination(Requirement.Signed requirement, Resolved image) {
    this.requirement = requirement;
    this.rules = new IdentityRules(requirement, SignedName.asked(image.name()));
    this.manifest = new NamedBytes(image.manifestDigest(), image.manifestBytes());
    this.index =
        image.indexDigest().map(digest -> new NamedBytes(digest, image.indexBytes())).orElse(null);
  }

  @Override
  public void looksAt(String place) {
    if (places.size() < MAX_REMEMBERED) {
      places.add(place);
    }
  }

  @Override
  public boolean finds(Signature signature) {
    if (success != null) {
      return true;
    }
    String objection =
        switch (signature) {
          case Signature.Worthless worthless -> worthless.reason();
          case Signature.Proven proven -> objection(proven);
        };
    if (objection == null || signatures.size() < MAX_REMEMBERED) {
      signatures.add(new Examined(signature, objection));
    } else {
      forgotten++;
    }
    return objection == null;
  }

  /// Why a signature by a trusted key does not count; null when it does.
  private @Nullable String objection(Signature.Proven proven) {
    Signature.Claim claim = proven.claim();
    String covers;
    if (manifest.are(claim.digest(), hashing)) {
      covers = "this manifest";
    } else if (index != null && index.are(claim.digest(), hashing)) {
      covers = "the index %s, which names this manifest".formatted(index.digest());
    } else {
      return "signed by %s, but for %s, which is another image"
          .formatted(proven.signer(), claim.digest());
    }
    String objection = rules.objection(claim.reference()).orElse(null);
    if (objection != null) {
      return "signed by %s, but %s".formatted(proven.signer(), objection);
    }
    success =
        "signed by %s for %s%s, at %s"
            .formatted(
                proven.signer(),
                covers,
                claim.reference() == null ? "" : " as " + claim.reference(),
                proven.place());
    return null;
  }

  /// What came of it.
  ///
  /// @param failure what ended the search; null when it came to its end. It matters only when
  ///   nothing that counts had been found before
  Finding finding(String pointer, @Nullable ImageException failure) {
    if (success != null) {
      return finding(pointer, Outcome.HOLDS, success, null);
    }
    String reason = failure == null ? failureReason() : String.valueOf(failure.getMessage());
    return finding(pointer, Outcome.FAILS, reason, failure);
  }

  private Finding finding(
      String pointer, Outcome outcome, String reason, @Nullable ImageException failure) {
    return new Finding(requirement, pointer, outcome, reason, places, signatures, failure);
  }

  private String failureReason() {
    int count = signatures.size() + forgotten;
    if (count == 0) {
      return places.isEmpty()
          ? "there is no signature"
          : "there is no signature at " + named(places, places.size());
    }
    List<String> objections =
        signatures.stream()
            .map(examined -> examined.signature().place() + ": " + examined.objection())
            .toList();
    return (count == 1
            ? "the only signature does not count: "
            : "none of %d signatures counts: ".formatted(count))
        + named(objections, count);
  }

  private static String named(List<String> lines, int count) {
    String first = lines.stream().limit(MAX_NAMED).collect(Collectors.joining("; "));
    return count > MAX_NAMED ? "%s; and %d more".formatted(first, count - MAX_NAMED) : first;
  }
}
