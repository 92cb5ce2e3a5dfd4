package io.sealift.store;

import io.sealift.policy.Admitted;
import io.sealift.policy.Proof;
import io.sealift.policy.Signature;
import io.sealift.policy.Verdict;
import java.time.Instant;
import java.util.List;

/// One time that a policy let an image in.
///
/// @param name the logical name that it was asked about
/// @param policy where the policy came from
/// @param scope which of its scopes decided: `default`, `docker:registry.example`
/// @param kind `plain+signed`, `encrypted in part+unsigned`
/// @param proofs one for each requirement of the scope
public record Admission(
    String name, Instant time, String policy, String scope, String kind, List<Proof> proofs) {

  /// Characters of each text that is kept: who signed and under which name may be long and hostile.
  private static final int MAX_TEXT = 400;

  /// Proofs that are kept; policies demand one or two things of an image.
  private static final int MAX_PROOFS = 64;

  public Admission {
    proofs = List.copyOf(proofs);
  }

  static Admission of(Admitted admitted) {
    Verdict verdict = admitted.verdict();
    return new Admission(
        verdict.image().name().toString(),
        verdict.time(),
        cut(verdict.policy().origin()),
        cut(verdict.scope().toString()),
        verdict.confidentiality() + (verdict.signed() ? "+signed" : "+unsigned"),
        admitted.proofs().stream().limit(MAX_PROOFS).map(Admission::cut).toList());
  }

  private static Proof cut(Proof proof) {
    Signature.Proven signature = proof.signature();
    if (signature == null) {
      return new Proof(proof.requirement(), cut(proof.reason()), null);
    }
    Signature.Claim claim = signature.claim();
    return new Proof(
        proof.requirement(),
        cut(proof.reason()),
        new Signature.Proven(
            cut(signature.place()),
            cut(signature.signer()),
            new Signature.Claim(
                claim.digest(), claim.reference() == null ? null : cut(claim.reference()))));
  }

  private static String cut(String text) {
    if (text.length() <= MAX_TEXT) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
    return text.substring(0, end) + "…";
  }
}
