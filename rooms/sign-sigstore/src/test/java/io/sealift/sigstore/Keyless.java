package io.sealift.sigstore;

import io.sealift.oci.Digest;
import io.sealift.policy.Material;
import io.sealift.policy.Requirement.SigstoreSigned;
import io.sealift.policy.TrustAnchor;
import io.sealift.sigstore.TestAuthority.Leaf;
import io.sealift.sigstore.crypto.Base64Text;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An instance of Sigstore made for a test, somebody with a certificate of it, and what they sign.
final class Keyless {

  static final String SIGNER = Leaf.EMAIL + " by " + Leaf.ISSUER;

  private static final String BEGIN = "2025-01-01T00:00:00Z";

  final TestAuthority fulcio = TestAuthority.fulcio();
  final TestLog log = new TestLog();
  final TestClock clock = new TestClock();
  final SigningKey key = SigningKey.make();
  final X509Certificate certificate = fulcio.leaf(key).issue();

  byte[] pem() {
    return TestAuthority.pem(certificate);
  }

  /// What cosign attaches: a signature with certificate, chain and log entry.
  CosignLayer attachment(byte[] payload) {
    return attachment(payload, certificate, TestLog.TAKEN);
  }

  CosignLayer attachment(byte[] payload, X509Certificate leaf, Instant taken) {
    CosignLayer layer = CosignLayer.signed(key, payload);
    byte[] pem = TestAuthority.pem(leaf);
    return logged(
        layer
            .with(CosignLayer.CERTIFICATE, pem)
            .with(CosignLayer.CHAIN, TestAuthority.pem(fulcio.intermediate, fulcio.root)),
        TestLog.hashedRekord(payload, layer.signature(), pem),
        taken);
  }

  CosignLayer logged(CosignLayer layer, byte[] body, Instant taken) {
    return layer.with(CosignLayer.BUNDLE, TestLog.json(log.bundle(body, taken)));
  }

  /// A certificate as cosign's policies have it: root and log.
  SigstoreSigned fulcioRequirement() {
    return fulcioRequirement(Leaf.ISSUER, Leaf.EMAIL, null);
  }

  SigstoreSigned fulcioRequirement(String issuer, @Nullable String email, @Nullable String uri) {
    return new SigstoreSigned(
        new TrustAnchor.Fulcio(
            Scene.given("fulcio", TestAuthority.pem(fulcio.root)), issuer, email, uri),
        List.of(Scene.given("rekor", log.key.pem())),
        null,
        null);
  }

  SigstoreSigned rootRequirement() {
    return rootRequirement(trustedRoot(), null);
  }

  static SigstoreSigned rootRequirement(byte[] trustedRoot, @Nullable String predicateType) {
    Material file = Scene.given("trusted_root.json", trustedRoot);
    return new SigstoreSigned(
        new TrustAnchor.TrustedRoot(file, Leaf.ISSUER, Leaf.EMAIL, null),
        List.of(),
        null,
        predicateType);
  }

  /// The file that names this instance.
  byte[] trustedRoot() {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("mediaType", "application/vnd.dev.sigstore.trustedroot+json;version=0.1");
    root.put("tlogs", List.of(logOf(log.key)));
    root.put(
        "certificateAuthorities",
        List.of(authority("https://fulcio.test", fulcio.intermediate, fulcio.root)));
    root.put("ctlogs", List.of(logOf(fulcio.certificateLog)));
    root.put(
        "timestampAuthorities",
        List.of(
            authority(
                "https://clock.test",
                clock.certificate,
                clock.authority.intermediate,
                clock.authority.root)));
    return TestLog.json(root);
  }

  private static Map<String, Object> logOf(SigningKey key) {
    return Map.of(
        "baseUrl",
        "https://log.test",
        "publicKey",
        Map.of(
            "rawBytes",
            Base64Text.encode(key.der()),
            "keyDetails",
            "PKIX_ECDSA_P256_SHA_256",
            "validFor",
            Map.of("start", BEGIN)));
  }

  private static Map<String, Object> authority(String uri, X509Certificate... chain) {
    List<Map<String, Object>> certificates = new ArrayList<>();
    for (X509Certificate certificate : chain) {
      certificates.add(Map.of("rawBytes", Base64Text.encode(TestAuthority.der(certificate))));
    }
    return Map.of(
        "uri",
        uri,
        "certChain",
        Map.of("certificates", certificates),
        "validFor",
        Map.of("start", BEGIN));
  }

  /// A bundle to be made.
  BundleText bundle() {
    return new BundleText(this);
  }

  /// What goes into a bundle; without more said it has a certificate and an entry with promise and
  /// proof.
  static final class BundleText {

    private final Keyless by;
    private String type = "application/vnd.dev.sigstore.bundle.v0.3+json";
    private SigningKey key;
    private String holder = "certificate";
    private X509Certificate certificate;
    private boolean promised = true;
    private boolean proven = true;
    private boolean logged = true;
    private String kind = "";
    private final List<byte[]> stamps = new ArrayList<>();
    private UnaryOperator<byte[]> toBeStamped = signature -> new byte[0];
    private Instant taken = TestLog.TAKEN;

    private BundleText(Keyless by) {
      this.by = by;
      this.key = by.key;
      this.certificate = by.certificate;
    }

    BundleText type(String value) {
      type = value;
      return this;
    }

    /// `certificate`, `x509CertificateChain` or `publicKey`.
    BundleText holder(String value) {
      holder = value;
      return this;
    }

    BundleText key(SigningKey value) {
      key = value;
      holder = "publicKey";
      return this;
    }

    BundleText certificate(X509Certificate value) {
      certificate = value;
      return this;
    }

    BundleText entry(boolean promise, boolean proof) {
      promised = promise;
      proven = proof;
      return this;
    }

    BundleText taken(Instant value) {
      taken = value;
      return this;
    }

    /// The kind of log entry, `dsse 0.0.1`.
    BundleText kind(String value) {
      kind = value;
      return this;
    }

    BundleText unlogged() {
      logged = false;
      return this;
    }

    /// A time stamp of the signature.
    BundleText stamped(TestClock clock, Instant time, boolean certificates) {
      toBeStamped = signature -> clock.stamp(signature, time, certificates);
      return this;
    }

    /// A bundle with a signature of these bytes.
    byte[] message(byte[] artifact) {
      byte[] signature = key.sign(artifact);
      Map<String, Object> bundle = start(artifact, artifact, signature, "hashedrekord 0.0.1");
      bundle.put(
          "messageSignature",
          Map.of(
              "messageDigest",
              Map.of(
                  "algorithm",
                  "SHA2_256",
                  "digest",
                  Base64Text.encode(io.sealift.sigstore.crypto.Digests.sha256(artifact))),
              "signature",
              Base64Text.encode(signature)));
      return TestLog.json(bundle);
    }

    /// A bundle with a signed statement.
    byte[] statement(byte[] statement) {
      byte[] signature = key.sign(signedBytes(statement));
      Map<String, Object> bundle =
          start(signedBytes(statement), statement, signature, "dsse 0.0.1");
      bundle.put("dsseEnvelope", envelope(statement, signature));
      return TestLog.json(bundle);
    }

    private Map<String, Object> start(
        byte[] message, byte[] content, byte[] signature, String usualKind) {
      Map<String, Object> material = new LinkedHashMap<>();
      Map<String, Object> der =
          Map.of("rawBytes", Base64Text.encode(TestAuthority.der(certificate)));
      switch (holder) {
        case "publicKey" -> material.put("publicKey", Map.of("hint", "a key"));
        case "certificate" -> material.put("certificate", der);
        default -> material.put(holder, Map.of("certificates", List.of(der)));
      }
      if (logged) {
        byte[] body = body(kind.isEmpty() ? usualKind : kind, message, content, signature);
        material.put("tlogEntries", List.of(by.log.entry(body, taken, promised, proven)));
      }
      byte[] stamp = toBeStamped.apply(signature);
      if (stamp.length > 0) {
        stamps.add(stamp);
      }
      if (!stamps.isEmpty()) {
        material.put(
            "timestampVerificationData",
            Map.of(
                "rfc3161Timestamps",
                stamps.stream()
                    .map(each -> Map.of("signedTimestamp", Base64Text.encode(each)))
                    .toList()));
      }
      Map<String, Object> bundle = new LinkedHashMap<>();
      bundle.put("mediaType", type);
      bundle.put("verificationMaterial", material);
      return bundle;
    }

    private byte[] body(String entryKind, byte[] message, byte[] content, byte[] signature) {
      boolean keyed = holder.equals("publicKey");
      byte[] pem = keyed ? key.pem() : TestAuthority.pem(certificate);
      byte[] der = keyed ? key.der() : TestAuthority.der(certificate);
      String verifier = keyed ? "publicKey" : "x509Certificate";
      return switch (entryKind) {
        case "hashedrekord 0.0.1" -> TestLog.hashedRekord(message, signature, pem);
        case "hashedrekord 0.0.2" -> TestLog.hashedRekord2(message, signature, verifier, der);
        case "dsse 0.0.1" -> TestLog.dsse(content, signature, pem);
        case "dsse 0.0.2" -> TestLog.dsse2(content, signature, verifier, der);
        case "intoto 0.0.2" -> TestLog.inToto2(content, signature, pem);
        default -> throw new IllegalArgumentException(entryKind);
      };
    }
  }

  /// What an envelope's signature is over.
  static byte[] signedBytes(byte[] payload) {
    byte[] head =
        ("DSSEv1 28 application/vnd.in-toto+json " + payload.length + " ")
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    return KeyedSignaturesTest.joined(head, payload);
  }

  static Map<String, Object> envelope(byte[] payload, byte[] signature) {
    return Map.of(
        "payload",
        Base64Text.encode(payload),
        "payloadType",
        "application/vnd.in-toto+json",
        "signatures",
        List.of(Map.of("sig", Base64Text.encode(signature))));
  }

  /// A statement about a manifest.
  static byte[] statement(String predicateType, Digest digest) {
    return statement("https://in-toto.io/Statement/v1", predicateType, digest);
  }

  static byte[] statement(String type, String predicateType, Digest digest) {
    return TestLog.json(
        Map.of(
            "_type",
            type,
            "subject",
            List.of(
                Map.of("name", "other", "digest", Map.of("sha256", "00")),
                Map.of(
                    "name",
                    "anything",
                    "digest",
                    Map.of(digest.algorithm().label(), digest.hex()))),
            "predicateType",
            predicateType,
            "predicate",
            Map.of("by", "hand")));
  }
}
