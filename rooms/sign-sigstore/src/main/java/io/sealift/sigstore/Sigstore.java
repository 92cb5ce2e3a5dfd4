package io.sealift.sigstore;

import io.sealift.failure.ImageException;
import io.sealift.policy.Requirement;
import io.sealift.policy.SignatureScheme;
import io.sealift.secret.SecretSource;
import io.sealift.sigstore.trust.Trust;
import io.sealift.sigstore.trust.TrustReader;
import io.sealift.source.ImageSource;
import io.sealift.source.Resolved;
import io.sealift.verify.Hashing;
import java.io.InterruptedIOException;
import java.time.InstantSource;
import java.util.List;

/// Signatures and attestations by Sigstore and cosign. Immutable and thread-safe.
public final class Sigstore implements SignatureScheme<Requirement.SigstoreSigned> {

  private final Hashing hashing;
  private final InstantSource clock;

  /// @param hashing computes the digests of what is fetched
  public Sigstore(Hashing hashing) {
    this(hashing, InstantSource.system());
  }

  /// @param clock tells the present, at which certificates of private authorities have to be valid
  public Sigstore(Hashing hashing, InstantSource clock) {
    this.hashing = hashing;
    this.clock = clock;
  }

  @Override
  public void examine(
      Requirement.SigstoreSigned requirement,
      Resolved image,
      ImageSource source,
      SecretSource secrets,
      Observer observer)
      throws ImageException, InterruptedIOException {
    Trust trust = new TrustReader(secrets).read(requirement);
    Verifier verifier = new Verifier(trust, clock);
    Contents contents = new Contents(source, image, hashing);
    new Search(requirement.predicateType(), contents, verifier, observer).run();
  }

  @Override
  public List<String> anchors(Requirement.SigstoreSigned requirement, SecretSource secrets)
      throws ImageException, InterruptedIOException {
    TrustReader reader = new TrustReader(secrets);
    reader.read(requirement);
    return reader.lines();
  }
}
