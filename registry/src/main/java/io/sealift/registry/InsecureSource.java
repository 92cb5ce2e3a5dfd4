package io.sealift.registry;

import io.sealift.failure.ImageException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.Reference;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.source.LayerSource;
import io.sealift.source.ManifestBytes;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A repository whose registry may be spoken to without TLS (`insecure`). Which way it is spoken to
/// is found out with the first request, and holds for all that follow:
///
/// | over TLS | without | is taken |
/// |---|---|---|
/// | an answer | | TLS |
/// | a failure | an answer, and not that it expects TLS | without |
/// | a failure | anything else | TLS, which fails and says why |
final class InsecureSource implements ImageSource, LayerSource.Ranged {

  /// What servers with TLS answer to those who come without.
  private static final int EXPECTS_TLS = 400;

  private final RegistrySource tls;
  private final RegistrySource plain;
  private final Unproved unproved;
  private @Nullable RegistrySource answering;

  InsecureSource(RegistrySource tls, RegistrySource plain, Unproved unproved) {
    this.tls = tls;
    this.plain = plain;
    this.unproved = unproved;
  }

  private synchronized RegistrySource source() throws InterruptedIOException {
    RegistrySource known = answering;
    if (known == null) {
      known = speaksTls() || !speaksPlainly() ? tls : plain;
      answering = known;
    }
    return known;
  }

  private boolean speaksTls() throws InterruptedIOException {
    try {
      return tls.status() > 0;
    } catch (ImageException nobody) {
      return false;
    }
  }

  private boolean speaksPlainly() throws InterruptedIOException {
    try {
      boolean speaks = plain.patientStatus() != EXPECTS_TLS;
      if (speaks) {
        unproved.noteWithoutTls();
      }
      return speaks;
    } catch (ImageException nobody) {
      return false;
    }
  }

  @Override
  public synchronized String place() {
    return (answering == null ? tls : answering).place();
  }

  @Override
  public Optional<Reference> reference() {
    return tls.reference();
  }

  @Override
  public ManifestBytes manifest() throws ImageException, InterruptedIOException {
    return source().manifest();
  }

  @Override
  public ManifestBytes manifest(Descriptor child) throws ImageException, InterruptedIOException {
    return source().manifest(child);
  }

  @Override
  public Optional<ManifestBytes> tagged(String tag) throws ImageException, InterruptedIOException {
    return source().tagged(tag);
  }

  @Override
  public List<Descriptor> referrers(Digest subject, int limit)
      throws ImageException, InterruptedIOException {
    return source().referrers(subject, limit);
  }

  @Override
  public List<byte[]> simpleSignatures(Digest manifest, int limit, int maxBytes)
      throws ImageException, InterruptedIOException {
    return source().simpleSignatures(manifest, limit, maxBytes);
  }

  @Override
  public BlobStream open(Descriptor blob) throws ImageException, InterruptedIOException {
    return source().open(blob);
  }

  @Override
  public BlobStream open(Descriptor blob, long offset)
      throws ImageException, InterruptedIOException {
    return source().open(blob, offset);
  }

  @Override
  public void close() {
    tls.close();
    plain.close();
  }
}
