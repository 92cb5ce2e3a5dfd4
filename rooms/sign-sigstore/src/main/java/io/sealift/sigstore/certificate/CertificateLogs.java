package io.sealift.sigstore.certificate;

import io.sealift.sigstore.crypto.Der;
import io.sealift.sigstore.crypto.Digests;
import io.sealift.sigstore.crypto.Unproven;
import io.sealift.sigstore.crypto.VerifyingKey;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The certificate transparency logs that an authority has to show its certificates to, and the
/// promises of theirs that are in a certificate (signed certificate timestamps, RFC 6962, 3.2 and
/// 3.3).
///
/// @param logs of which one has to have made a promise; none when that is not demanded
public record CertificateLogs(List<CertificateLog> logs) {

  private static final String TIMESTAMPS = "1.3.6.1.4.1.11129.2.4.2";

  /// Promises in one certificate; Fulcio's has one.
  private static final int MAX_TIMESTAMPS = 16;

  /// Values of TLS structures: version 1, a certificate's timestamp, an entry for a precertificate.
  private static final byte VERSION_1 = 0;

  private static final byte CERTIFICATE_TIMESTAMP = 0;
  private static final short PRECERTIFICATE = 1;

  public CertificateLogs {
    logs = List.copyOf(logs);
  }

  /// @param period when its promises were trusted
  public record CertificateLog(VerifyingKey key, Period period) {}

  /// One promise.
  @SuppressWarnings("ArrayRecordComponent")
  private record Timestamp(byte[] log, long millis, byte[] extensions, byte[] signature) {}

  /// Checks that one of the logs promised to publish the certificate.
  ///
  /// @param issuer the certificate of its issuer, which the promise is bound to
  public void check(X509Certificate certificate, X509Certificate issuer) throws Unproven {
    if (logs.isEmpty()) {
      return;
    }
    byte[] extension = certificate.getExtensionValue(TIMESTAMPS);
    if (extension == null) {
      throw new Unproven("the certificate has no promise of a certificate log (SCT)");
    }
    byte[] list = Der.read(Der.read(extension).bytes()).as(Der.OCTET_STRING).bytes();
    byte[] precertificate = precertificate(certificate);
    byte[] issuerKey = Digests.sha256(issuer.getPublicKey().getEncoded());
    for (Timestamp timestamp : read(list)) {
      if (isGood(timestamp, issuerKey, precertificate)) {
        return;
      }
    }
    throw new Unproven("no promise in the certificate (SCT) is by a log of the trusted root");
  }

  private boolean isGood(Timestamp timestamp, byte[] issuerKey, byte[] precertificate) {
    ByteBuffer signed =
        ByteBuffer.allocate(64 + precertificate.length + timestamp.extensions.length)
            .put(VERSION_1)
            .put(CERTIFICATE_TIMESTAMP)
            .putLong(timestamp.millis)
            .putShort(PRECERTIFICATE)
            .put(issuerKey)
            .put((byte) (precertificate.length >> 16))
            .putShort((short) precertificate.length)
            .put(precertificate)
            .putShort((short) timestamp.extensions.length)
            .put(timestamp.extensions);
    byte[] message = Arrays.copyOf(signed.array(), signed.position());
    return logs.stream()
        .filter(log -> Arrays.equals(log.key.id(), timestamp.log))
        .filter(log -> log.period.contains(Instant.ofEpochMilli(timestamp.millis)))
        .anyMatch(log -> log.key.verifies(timestamp.signature, message));
  }

  private static List<Timestamp> read(byte[] list) throws Unproven {
    List<Timestamp> timestamps = new ArrayList<>();
    try {
      ByteBuffer all = part(ByteBuffer.wrap(list));
      while (all.hasRemaining() && timestamps.size() < MAX_TIMESTAMPS) {
        ByteBuffer one = part(all);
        byte version = one.get();
        byte[] log = new byte[32];
        one.get(log);
        long millis = one.getLong();
        byte[] extensions = bytes(part(one));
        one.getShort(); // the algorithm, which the log's key decides
        byte[] signature = bytes(part(one));
        if (version == VERSION_1) {
          timestamps.add(new Timestamp(log, millis, extensions, signature));
        }
      }
      return timestamps;
    } catch (BufferUnderflowException cut) {
      throw new Unproven("malformed promises in the certificate (SCT)", cut);
    }
  }

  /// Bytes after their length in two bytes.
  private static ByteBuffer part(ByteBuffer from) {
    int length = from.getShort() & 0xffff;
    if (length > from.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer part = from.slice(from.position(), length);
    from.position(from.position() + length);
    return part;
  }

  private static byte[] bytes(ByteBuffer part) {
    byte[] bytes = new byte[part.remaining()];
    part.get(bytes);
    return bytes;
  }

  /// What the log signed: the certificate to be, which is the certificate without the promises.
  private static byte[] precertificate(X509Certificate certificate) throws Unproven {
    try {
      List<byte[]> parts = new ArrayList<>();
      for (Der part : Der.read(certificate.getTBSCertificate()).as(Der.SEQUENCE).children()) {
        parts.add(part.tag() == Der.context(3) ? withoutTimestamps(part) : part.encoded());
      }
      return Der.encode(Der.SEQUENCE, parts.toArray(byte[][]::new));
    } catch (CertificateEncodingException malformed) {
      throw new Unproven("a certificate that has no encoding", malformed);
    }
  }

  private static byte[] withoutTimestamps(Der extensions) throws Unproven {
    List<byte[]> kept = new ArrayList<>();
    for (Der extension : extensions.child(0).children()) {
      if (!extension.child(0).identifier().equals(TIMESTAMPS)) {
        kept.add(extension.encoded());
      }
    }
    return Der.encode(extensions.tag(), Der.encode(Der.SEQUENCE, kept.toArray(byte[][]::new)));
  }
}
