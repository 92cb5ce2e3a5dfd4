package io.sealift.simple;

import io.sealift.failure.ImageException;
import io.sealift.oci.Digest;
import io.sealift.policy.Requirement;
import io.sealift.policy.SignatureScheme;
import io.sealift.secret.SecretSource;
import io.sealift.source.Documents;
import io.sealift.source.ImageSource;
import io.sealift.source.Resolved;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Checks simple signatures (containers-signature(5)): OpenPGP messages that name an image, kept
/// beside its registry.
public final class SimpleSigning implements SignatureScheme<Requirement.SignedBy> {

  private final Settings settings;
  private final Supplier<Documents> web;
  private final InstantSource clock;

  /// Where signatures are kept, read when that matters.
  @FunctionalInterface
  public interface Settings {
    Lookasides read() throws ImageException, InterruptedIOException;
  }

  /// @param web opens what fetches signatures over HTTP
  /// @param clock says when keys have to be valid
  public SimpleSigning(Settings settings, Supplier<Documents> web, InstantSource clock) {
    this.settings = settings;
    this.web = web;
    this.clock = clock;
  }

  @Override
  public void examine(
      Requirement.SignedBy requirement,
      Resolved image,
      ImageSource source,
      SecretSource secrets,
      Observer observer)
      throws ImageException, InterruptedIOException {
    KeyRing ring = KeyRing.read(requirement.keys(), secrets);
    Verifier verifier = new Verifier(ring, clock.instant());
    @Nullable Digest index = image.indexDigest().orElse(null);
    try (Documents documents = web.get()) {
      SignatureSearch search =
          new SignatureSearch(image.name(), settings, source, documents, verifier, observer);
      if (!search.of(image.manifestDigest()) && index != null) {
        search.of(index);
      }
    }
  }

  @Override
  public List<String> anchors(Requirement.SignedBy requirement, SecretSource secrets)
      throws ImageException, InterruptedIOException {
    Instant now = clock.instant();
    return KeyRing.read(requirement.keys(), secrets).certificates().stream()
        .map(certificate -> new KeyLine(certificate, now).toString())
        .toList();
  }
}
