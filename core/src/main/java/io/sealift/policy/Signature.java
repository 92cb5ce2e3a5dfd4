package io.sealift.policy;

import io.sealift.oci.Digest;
import org.jspecify.annotations.Nullable;

/// One signature that was found, and what the scheme made of it.
public sealed interface Signature {

  /// Where it was found, for people: a URL, or a tag and a layer.
  String place();

  /// A key of the requirement made it over bytes that claim this. Whether the claim is about the
  /// image and the name in question is for the policy to say.
  ///
  /// @param signer who, for people: a key's fingerprint, a certificate's identity and issuer
  record Proven(String place, String signer, Claim claim) implements Signature {}

  /// It proves nothing to the requirement.
  ///
  /// @param reason one line
  record Worthless(String place, String reason) implements Signature {}

  /// What the signed bytes say: that the manifest or index with this digest is the image of this
  /// name.
  ///
  /// @param reference `docker-reference` as it was signed, not yet parsed; null where the format
  ///   has none (in-toto statements), so that the repository it was found in stands for it
  record Claim(Digest digest, @Nullable String reference) {}
}
