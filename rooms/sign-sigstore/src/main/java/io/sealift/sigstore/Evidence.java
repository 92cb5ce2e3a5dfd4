package io.sealift.sigstore;

import io.sealift.sigstore.log.LogEntry;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A signature and all that came with it to prove it, whichever format it came in. Nothing about it
/// is proved.
///
/// @param message the bytes that are signed; for an envelope its pre-authentication encoding
/// @param certificates the leaf first, then what may lead to an authority; none when a key signed
/// @param proofsDemanded whether a log entry has to have an inclusion proof
/// @param timeStamps responses by time stamp authorities, over the signature
@SuppressWarnings("ArrayRecordComponent")
record Evidence(
    Content content,
    byte[] message,
    byte[] signature,
    List<X509Certificate> certificates,
    List<LogEntry> entries,
    boolean proofsDemanded,
    List<byte[]> timeStamps) {

  Evidence {
    certificates = List.copyOf(certificates);
    entries = List.copyOf(entries);
    timeStamps = List.copyOf(timeStamps);
  }

  /// What is signed, and how it tells which image it is about.
  @SuppressWarnings("ArrayRecordComponent")
  sealed interface Content {

    /// A payload by cosign.
    record Payload(byte[] json) implements Content {}

    /// An in-toto statement in an envelope.
    ///
    /// @param raw the envelope's own text; null when only its parts came
    record Attestation(byte[] statement, byte @Nullable [] raw) implements Content {}

    /// The manifest or index itself.
    record Artifact() implements Content {}
  }
}
