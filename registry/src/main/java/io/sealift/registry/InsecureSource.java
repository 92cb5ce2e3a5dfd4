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

/// A repository whose registry may be spoken to without TLS: whether it has it is found out with
/// the first request, and holds for all that follow.
final class InsecureSource implements ImageSource, LayerSource.Ranged {

  private final RegistrySource tls;
  private final RegistrySource plain;
  private @Nullable RegistrySource answering;

  InsecureSource(RegistrySource tls, RegistrySource plain) {
    this.tls = tls;
    this.plain = plain;
  }

  private synchronized RegistrySource source() throws InterruptedIOException {
    RegistrySource known = answering;
    if (known == null) {
      known = tls.answers() ? tls : plain;
      answering = known;
    }
    return known;
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
