package io.sealift.sigstore;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.policy.SimplePayload;
import io.sealift.sigstore.Evidence.Content;
import io.sealift.sigstore.certificate.Certificates;
import io.sealift.sigstore.crypto.Base64Text;
import io.sealift.sigstore.crypto.Digests;
import io.sealift.sigstore.crypto.Unproven;
import io.sealift.sigstore.log.InclusionProof;
import io.sealift.sigstore.log.LogEntry;
import java.io.InterruptedIOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A bundle of Sigstore, versions 0.1 to 0.3 (sigstore/protobuf-specs, `Bundle`, as proto3 JSON).
final class Bundle {

  /// How the type of a layer with a bundle begins.
  static final String TYPE_PREFIX = "application/vnd.dev.sigstore.bundle";

  /// Types, and whether their log entries have to have an inclusion proof.
  private static final Map<String, Boolean> TYPES =
      Map.of(
          "application/vnd.dev.sigstore.bundle+json;version=0.1", false,
          "application/vnd.dev.sigstore.bundle+json;version=0.2", true,
          "application/vnd.dev.sigstore.bundle+json;version=0.3", true,
          "application/vnd.dev.sigstore.bundle.v0.3+json", true);

  /// Hashes of an inclusion proof: as many as a log index has bits.
  private static final int MAX_HASHES = 64;

  private final JsonObject bundle;
  private final JsonObject material;

  private Bundle(JsonObject bundle) throws UnsafeContentException {
    this.bundle = bundle;
    this.material = bundle.object("verificationMaterial");
  }

  /// Fetches the manifest or index that a signature without an envelope is over.
  interface Artifact {
    byte[] fetch() throws ImageException, InterruptedIOException;
  }

  /// Reads a bundle.
  static Evidence read(byte[] json, Artifact artifact)
      throws ImageException, Unproven, InterruptedIOException {
    return new Bundle(
            JsonReader.readObject(json, "bundle", JsonLimits.ofBytes(SimplePayload.MAX_BYTES)))
        .evidence(artifact);
  }

  private Evidence evidence(Artifact fetched)
      throws ImageException, Unproven, InterruptedIOException {
    String type = bundle.string("mediaType");
    Boolean proofs = TYPES.get(type);
    if (proofs == null) {
      throw new Unproven("a bundle of the unknown type '%s'".formatted(type));
    }
    exactlyOne(bundle, "messageSignature", "dsseEnvelope");
    exactlyOne(material, "certificate", "x509CertificateChain", "publicKey");
    List<X509Certificate> certificates = certificates();
    if (bundle.has("messageSignature")) {
      byte[] artifact = fetched.fetch();
      byte[] signature = signature(bundle.object("messageSignature"), artifact);
      return new Evidence(
          new Content.Artifact(),
          artifact,
          signature,
          certificates,
          entries(),
          proofs,
          timeStamps());
    }
    Envelope envelope = Envelope.read(bundle.object("dsseEnvelope"));
    checkHint(envelope);
    return new Evidence(
        new Content.Attestation(envelope.payload(), null),
        envelope.signed(),
        envelope.signature(),
        certificates,
        entries(),
        proofs,
        timeStamps());
  }

  private static void exactlyOne(JsonObject object, String... members) throws Unproven {
    if (Stream.of(members).filter(object::has).count() != 1) {
      throw new Unproven(
          "a bundle that does not have exactly one of %s".formatted(String.join(", ", members)));
    }
  }

  /// The digest is only a hint, and a bundle about something else is better named than tried.
  private static byte[] signature(JsonObject message, byte[] artifact)
      throws UnsafeContentException, Unproven {
    JsonObject digest = message.optionalObject("messageDigest").orElse(null);
    if (digest != null) {
      String name = digest.string("algorithm");
      byte[] expected = Base64Text.decode(digest.string("digest"), "the bundle's digest");
      byte[] actual =
          Digests.digest(
              Digests.named(name)
                  .orElseThrow(() -> new Unproven("a bundle with the digest " + name)),
              artifact);
      if (!Digests.equal(expected, actual)) {
        throw new Unproven("the bundle is about something else than this manifest");
      }
    }
    return Base64Text.decode(message.string("signature"), "the signature");
  }

  /// Two hints at the key must not disagree.
  private void checkHint(Envelope envelope) throws UnsafeContentException, Unproven {
    JsonObject key = material.optionalObject("publicKey").orElse(null);
    String hint = key == null ? "" : key.optionalString("hint").orElse("");
    if (!hint.isEmpty() && !envelope.keyId().isEmpty() && !hint.equals(envelope.keyId())) {
      throw new Unproven(
          "the bundle hints at the key '%s', its envelope at '%s'"
              .formatted(hint, envelope.keyId()));
    }
  }

  private List<X509Certificate> certificates() throws UnsafeContentException, Unproven {
    if (material.has("publicKey")) {
      return List.of();
    }
    List<JsonObject> listed =
        material.has("certificate")
            ? List.of(material.object("certificate"))
            : material.object("x509CertificateChain").objects("certificates");
    List<X509Certificate> certificates = new ArrayList<>();
    for (JsonObject each : listed) {
      byte[] der = Base64Text.decode(each.string("rawBytes"), "the certificate");
      X509Certificate certificate = Certificates.read(der, "the certificate");
      if (Certificates.isRoot(certificate)) {
        throw new Unproven("a bundle that brings its own root certificate");
      }
      certificates.add(certificate);
    }
    return certificates;
  }

  private List<LogEntry> entries() throws UnsafeContentException, Unproven {
    List<LogEntry> entries = new ArrayList<>();
    for (JsonObject entry : material.objects("tlogEntries")) {
      JsonObject promise = entry.optionalObject("inclusionPromise").orElse(null);
      JsonObject proof = entry.optionalObject("inclusionProof").orElse(null);
      entries.add(
          new LogEntry(
              bytes(entry, "canonicalizedBody"),
              natural(entry, "logIndex"),
              bytes(entry.object("logId"), "keyId"),
              natural(entry, "integratedTime"),
              promise == null ? null : bytes(promise, "signedEntryTimestamp"),
              proof == null ? null : proof(proof)));
    }
    return entries;
  }

  private static InclusionProof proof(JsonObject proof) throws UnsafeContentException, Unproven {
    List<String> hashes = proof.strings("hashes");
    if (hashes.size() > MAX_HASHES) {
      throw new Unproven("an inclusion proof of more than %d hashes".formatted(MAX_HASHES));
    }
    List<byte[]> decoded = new ArrayList<>();
    for (String hash : hashes) {
      decoded.add(Base64Text.decode(hash, "a hash of the inclusion proof"));
    }
    return new InclusionProof(
        natural(proof, "logIndex"),
        natural(proof, "treeSize"),
        bytes(proof, "rootHash"),
        decoded,
        proof.object("checkpoint").string("envelope"));
  }

  private static byte[] bytes(JsonObject object, String name)
      throws UnsafeContentException, Unproven {
    return Base64Text.decode(object.string(name), "the bundle's " + name);
  }

  /// A number of 64 bits, which proto3 JSON writes as a string, and leaves out when it is zero.
  private static long natural(JsonObject object, String name)
      throws UnsafeContentException, Unproven {
    String text = text(object, name);
    if (text == null) {
      return 0;
    }
    if (!text.matches("0|[1-9][0-9]{0,17}")) {
      throw new Unproven("the bundle's %s is no number".formatted(name));
    }
    return Long.parseLong(text);
  }

  private static @Nullable String text(JsonObject object, String name)
      throws UnsafeContentException {
    return object.members().get(name) instanceof JsonValue.Numeric
        ? Long.toString(object.integer(name))
        : object.optionalString(name).orElse(null);
  }

  private List<byte[]> timeStamps() throws UnsafeContentException, Unproven {
    List<byte[]> timeStamps = new ArrayList<>();
    JsonObject data = material.optionalObject("timestampVerificationData").orElse(null);
    if (data != null) {
      for (JsonObject timeStamp : data.objects("rfc3161Timestamps")) {
        timeStamps.add(bytes(timeStamp, "signedTimestamp"));
      }
    }
    return timeStamps;
  }
}
