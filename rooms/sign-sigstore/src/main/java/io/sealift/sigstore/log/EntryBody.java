package io.sealift.sigstore.log;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.sigstore.crypto.Base64Text;
import io.sealift.sigstore.crypto.Digests;
import io.sealift.sigstore.crypto.Pem;
import io.sealift.sigstore.crypto.Unproven;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an entry of Rekor says (sigstore/rekor, `types`; sigstore/rekor-tiles for those of version
/// 0.0.2). Each kind has to name this key, this signature and a digest of what is signed; an entry
/// about anything else, however true, is refused (CVE-2022-23649, CVE-2026-22703).
///
/// | kind | version | digest of | signature |
/// |---|---|---|---|
/// | hashedrekord | 0.0.1, 0.0.2 | the message; an envelope's is what its signature is over | yes |
/// | dsse | 0.0.1, 0.0.2 | the payload | yes |
/// | intoto | 0.0.1 | the envelope's own text | in that text |
/// | intoto | 0.0.2 | the payload | yes, base64 twice |
final class EntryBody {

  /// Bytes of an entry; with a long certificate it has ten thousand.
  private static final int MAX_BYTES = 1 << 20;

  private final String kind;
  private final String version;
  private final JsonObject spec;

  private EntryBody(String kind, String version, JsonObject spec) {
    this.kind = kind;
    this.version = version;
    this.spec = spec;
  }

  static EntryBody read(byte[] json) throws Unproven {
    try {
      JsonObject entry = JsonReader.readObject(json, "log entry", JsonLimits.ofBytes(MAX_BYTES));
      return new EntryBody(entry.string("kind"), entry.string("apiVersion"), entry.object("spec"));
    } catch (UnsafeContentException malformed) {
      throw new Unproven(malformed.getMessage(), malformed);
    }
  }

  /// Checks that the entry is about this very signature.
  void check(Signed signed) throws Unproven {
    Signed.Envelope envelope = signed.envelope();
    try {
      switch (kind + " " + version) {
        case "hashedrekord 0.0.1" -> hashedRekord1(signed);
        case "hashedrekord 0.0.2" -> hashedRekord2(signed);
        case "dsse 0.0.1" -> dsse1(signed, required(envelope));
        case "dsse 0.0.2" -> dsse2(signed, required(envelope));
        case "intoto 0.0.1" -> intoto1(signed, required(envelope));
        case "intoto 0.0.2" -> intoto2(signed, required(envelope));
        default ->
            throw new Unproven("a log entry of the unknown kind %s %s".formatted(kind, version));
      }
    } catch (UnsafeContentException malformed) {
      throw new Unproven(malformed.getMessage(), malformed);
    }
  }

  private Signed.Envelope required(Signed.@Nullable Envelope envelope) throws Unproven {
    if (envelope == null) {
      throw new Unproven("a log entry of the kind %s for what is no envelope".formatted(kind));
    }
    return envelope;
  }

  private void hashedRekord1(Signed signed) throws UnsafeContentException, Unproven {
    JsonObject signature = spec.object("signature");
    checkSignature(signed, signature.string("content"));
    checkPem(signed, signature.object("publicKey").string("content"));
    checkHex(spec.object("data").object("hash"), signed.message());
  }

  private void hashedRekord2(Signed signed) throws UnsafeContentException, Unproven {
    JsonObject entry = spec.object("hashedRekordV002");
    JsonObject signature = entry.object("signature");
    checkSignature(signed, signature.string("content"));
    checkVerifier(signed, signature.object("verifier"));
    checkBase64(entry.object("data"), signed.message());
  }

  private void dsse1(Signed signed, Signed.Envelope envelope)
      throws UnsafeContentException, Unproven {
    JsonObject signature = only(spec.objects("signatures"));
    checkSignature(signed, signature.string("signature"));
    checkPem(signed, signature.string("verifier"));
    checkHex(spec.object("payloadHash"), envelope.payload());
  }

  private void dsse2(Signed signed, Signed.Envelope envelope)
      throws UnsafeContentException, Unproven {
    JsonObject entry = spec.object("dsseV002");
    JsonObject signature = only(entry.objects("signatures"));
    checkSignature(signed, signature.string("content"));
    checkVerifier(signed, signature.object("verifier"));
    checkBase64(entry.object("payloadHash"), envelope.payload());
  }

  private void intoto1(Signed signed, Signed.Envelope envelope)
      throws UnsafeContentException, Unproven {
    byte[] raw = envelope.raw();
    if (raw == null) {
      throw new Unproven(
          "a log entry of the kind intoto 0.0.1, which fits attached envelopes only");
    }
    checkPem(signed, spec.string("publicKey"));
    checkHex(spec.object("content").object("hash"), raw);
  }

  private void intoto2(Signed signed, Signed.Envelope envelope)
      throws UnsafeContentException, Unproven {
    JsonObject content = spec.object("content");
    JsonObject signature = only(content.object("envelope").objects("signatures"));
    byte[] once = Base64Text.decode(signature.string("sig"), "the log entry's signature");
    checkSignature(signed, new String(once, StandardCharsets.US_ASCII));
    checkPem(signed, signature.string("publicKey"));
    checkHex(content.object("payloadHash"), envelope.payload());
  }

  private static JsonObject only(List<JsonObject> signatures) throws Unproven {
    if (signatures.size() != 1) {
      throw new Unproven("a log entry with %d signatures".formatted(signatures.size()));
    }
    return signatures.getFirst();
  }

  private static void checkSignature(Signed signed, String base64) throws Unproven {
    expect(signed.signature(), Base64Text.decode(base64, "the log entry's signature"), "signature");
  }

  private static void checkPem(Signed signed, String base64) throws Unproven {
    byte[] pem = Base64Text.decode(base64, "the log entry's key");
    String label = signed.certificate() == null ? "PUBLIC KEY" : "CERTIFICATE";
    expect(signed.keyMaterial(), Pem.only(pem, label, "the log entry's key"), "key");
  }

  private static void checkVerifier(Signed signed, JsonObject verifier)
      throws UnsafeContentException, Unproven {
    String member = signed.certificate() == null ? "publicKey" : "x509Certificate";
    String base64 = verifier.object(member).string("rawBytes");
    expect(signed.keyMaterial(), Base64Text.decode(base64, "the log entry's key"), "key");
  }

  private static void checkHex(JsonObject hash, byte[] content)
      throws UnsafeContentException, Unproven {
    try {
      byte[] value = HexFormat.of().parseHex(hash.string("value"));
      expect(Digests.digest(algorithm(hash), content), value, "content");
    } catch (IllegalArgumentException malformed) {
      throw new Unproven("the log entry's digest is not hexadecimal", malformed);
    }
  }

  private static void checkBase64(JsonObject hash, byte[] content)
      throws UnsafeContentException, Unproven {
    byte[] value = Base64Text.decode(hash.string("digest"), "the log entry's digest");
    expect(Digests.digest(algorithm(hash), content), value, "content");
  }

  private static DigestAlgorithm algorithm(JsonObject hash)
      throws UnsafeContentException, Unproven {
    String name = hash.string("algorithm");
    return Digests.named(name)
        .orElseThrow(() -> new Unproven("a log entry with the digest algorithm '" + name + "'"));
  }

  private static void expect(byte[] expected, byte[] found, String what) throws Unproven {
    if (!Digests.equal(expected, found)) {
      throw new Unproven("the log entry is about another %s".formatted(what));
    }
  }
}
