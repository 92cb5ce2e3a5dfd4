package io.sealift.sigstore;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.policy.SimplePayload;
import io.sealift.sigstore.Evidence.Content;
import io.sealift.sigstore.certificate.Certificates;
import io.sealift.sigstore.crypto.Base64Text;
import io.sealift.sigstore.crypto.Pem;
import io.sealift.sigstore.crypto.Unproven;
import io.sealift.sigstore.log.LogEntry;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A layer of the manifests that cosign attaches to an image, with a signature or an attestation
/// (cosign, `SIGNATURE_SPEC.md`):
///
/// | annotation | what |
/// |---|---|
/// | `dev.cosignproject.cosign/signature` | base64; of an attestation, empty |
/// | `dev.sigstore.cosign/certificate`, `…/chain` | PEM |
/// | `dev.sigstore.cosign/bundle` | JSON: a log entry with its promise |
/// | `dev.sigstore.cosign/rfc3161timestamp` | JSON: a time stamp |
final class Attachment {

  static final String SIGNATURE_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json";
  static final String ATTESTATION_TYPE = "application/vnd.dsse.envelope.v1+json";

  private static final String SIGNATURE = "dev.cosignproject.cosign/signature";
  private static final String CERTIFICATE = "dev.sigstore.cosign/certificate";
  private static final String CHAIN = "dev.sigstore.cosign/chain";
  private static final String BUNDLE = "dev.sigstore.cosign/bundle";
  private static final String TIME_STAMP = "dev.sigstore.cosign/rfc3161timestamp";

  private final Map<String, String> annotations;

  private Attachment(Map<String, String> annotations) {
    this.annotations = annotations;
  }

  /// Reads a signature of the image.
  static Evidence signature(byte[] payload, Map<String, String> annotations)
      throws UnsafeContentException, Unproven {
    String base64 = annotations.get(SIGNATURE);
    if (base64 == null) {
      throw new Unproven("a layer without the annotation " + SIGNATURE);
    }
    byte[] signature = Base64Text.decode(base64.strip(), "the signature");
    return new Attachment(annotations).evidence(new Content.Payload(payload), payload, signature);
  }

  /// Reads an attestation.
  static Evidence attestation(byte[] json, Map<String, String> annotations)
      throws UnsafeContentException, Unproven {
    Envelope envelope =
        Envelope.read(
            JsonReader.readObject(json, "envelope", JsonLimits.ofBytes(SimplePayload.MAX_BYTES)));
    return new Attachment(annotations)
        .evidence(
            new Content.Attestation(envelope.payload(), json),
            envelope.signed(),
            envelope.signature());
  }

  private Evidence evidence(Content content, byte[] message, byte[] signature)
      throws UnsafeContentException, Unproven {
    return new Evidence(
        content, message, signature, certificates(), entries(), false, timeStamps());
  }

  private List<X509Certificate> certificates() throws Unproven {
    List<X509Certificate> certificates = new ArrayList<>();
    byte[] leaf = bytes(CERTIFICATE);
    if (leaf != null) {
      byte[] der = Pem.only(leaf, "CERTIFICATE", "the certificate");
      certificates.add(Certificates.read(der, "the certificate"));
    }
    byte[] chain = bytes(CHAIN);
    if (leaf != null && chain != null) {
      certificates.addAll(Certificates.readPem(chain, "the certificate's chain"));
    }
    return certificates;
  }

  private byte @Nullable [] bytes(String annotation) {
    String value = annotations.get(annotation);
    return value == null || value.isBlank() ? null : value.getBytes(StandardCharsets.UTF_8);
  }

  /// A log entry with the members of cosign's bundle and no others.
  private List<LogEntry> entries() throws UnsafeContentException, Unproven {
    byte[] json = bytes(BUNDLE);
    if (json == null) {
      return List.of();
    }
    JsonObject bundle = JsonReader.readObject(json, "bundle", JsonLimits.DEFAULT);
    JsonObject payload = bundle.object("Payload");
    if (!bundle.names().equals(Set.of("SignedEntryTimestamp", "Payload"))
        || !payload.names().equals(Set.of("body", "integratedTime", "logIndex", "logID"))) {
      throw new Unproven("the annotation %s has other members than its four".formatted(BUNDLE));
    }
    return List.of(
        new LogEntry(
            Base64Text.decode(payload.string("body"), "the log entry"),
            payload.integer("logIndex"),
            hex(payload.string("logID")),
            payload.integer("integratedTime"),
            Base64Text.decode(bundle.string("SignedEntryTimestamp"), "the log's promise"),
            null));
  }

  private static byte[] hex(String text) throws Unproven {
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException malformed) {
      throw new Unproven("the log's id is not hexadecimal", malformed);
    }
  }

  private List<byte[]> timeStamps() throws UnsafeContentException, Unproven {
    byte[] json = bytes(TIME_STAMP);
    if (json == null) {
      return List.of();
    }
    String response =
        JsonReader.readObject(json, "time stamp", JsonLimits.DEFAULT)
            .string("SignedRFC3161Timestamp");
    return List.of(Base64Text.decode(response, "the time stamp"));
  }
}
