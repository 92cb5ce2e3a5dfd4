package io.sealift.policy;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsupportedImageException;
import io.sealift.secret.SecretSource;
import io.sealift.source.ImageSource;
import io.sealift.source.Resolved;
import java.io.InterruptedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The ways of signing that a program was put together with. What a policy demands beyond them
/// cannot hold.
///
/// @param simple null when simple signatures (`signedBy`) are not checked here
/// @param sigstore null when Sigstore signatures (`sigstoreSigned`) are not checked here
public record SignatureSchemes(
    @Nullable SignatureScheme<Requirement.SignedBy> simple,
    @Nullable SignatureScheme<Requirement.SigstoreSigned> sigstore) {

  /// No way at all.
  public static final SignatureSchemes NONE = new SignatureSchemes(null, null);

  void examine(
      Requirement.Signed requirement,
      Resolved image,
      ImageSource source,
      SecretSource secrets,
      SignatureScheme.Observer observer)
      throws ImageException, InterruptedIOException {
    switch (requirement) {
      case Requirement.SignedBy simply ->
          there(simple, simply).examine(simply, image, source, secrets, observer);
      case Requirement.SigstoreSigned bySigstore ->
          there(sigstore, bySigstore).examine(bySigstore, image, source, secrets, observer);
    }
  }

  /// Reads everything that a requirement trusts: a line for each key or authority.
  ///
  /// @throws UnsupportedImageException when no scheme checks such requirements here
  public List<String> anchors(Requirement.Signed requirement, SecretSource secrets)
      throws ImageException, InterruptedIOException {
    return switch (requirement) {
      case Requirement.SignedBy simply -> there(simple, simply).anchors(simply, secrets);
      case Requirement.SigstoreSigned bySigstore ->
          there(sigstore, bySigstore).anchors(bySigstore, secrets);
    };
  }

  private static <R extends Requirement.Signed> SignatureScheme<R> there(
      @Nullable SignatureScheme<R> scheme, R requirement) throws UnsupportedImageException {
    if (scheme == null) {
      throw new UnsupportedImageException(
          "check %s: this program was put together without the part that checks such signatures"
              .formatted(requirement.type()));
    }
    return scheme;
  }
}
