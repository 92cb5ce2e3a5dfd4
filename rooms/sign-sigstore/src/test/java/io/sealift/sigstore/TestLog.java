package io.sealift.sigstore;

import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.sigstore.crypto.Base64Text;
import io.sealift.sigstore.crypto.Digests;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A transparency log made for a test, such as Rekor: makes entries, promises and proofs.
public final class TestLog {

  static final String ORIGIN = "log.test - 4711";

  /// When entries are taken: while certificates are valid.
  static final Instant TAKEN = TestAuthority.ISSUED.plusSeconds(60);

  public final SigningKey key = SigningKey.make();

  byte[] id() {
    return Digests.sha256(key.der());
  }

  static byte[] json(Object value) {
    return JsonWriter.compact(JsonValue.of(value));
  }

  private static String base64(byte[] bytes) {
    return Base64Text.encode(bytes);
  }

  private static String hex(byte[] message) {
    return HexFormat.of().formatHex(Digests.sha256(message));
  }

  /// @param pem the key or certificate
  static byte[] hashedRekord(byte[] message, byte[] signature, byte[] pem) {
    return json(
        Map.of(
            "apiVersion",
            "0.0.1",
            "kind",
            "hashedrekord",
            "spec",
            Map.of(
                "data",
                Map.of("hash", Map.of("algorithm", "sha256", "value", hex(message))),
                "signature",
                Map.of(
                    "content", base64(signature), "publicKey", Map.of("content", base64(pem))))));
  }

  /// @param verifier `publicKey` or `x509Certificate`
  static byte[] hashedRekord2(byte[] message, byte[] signature, String verifier, byte[] der) {
    return json(
        Map.of(
            "apiVersion",
            "0.0.2",
            "kind",
            "hashedrekord",
            "spec",
            Map.of(
                "hashedRekordV002",
                Map.of(
                    "data",
                    Map.of("algorithm", "SHA2_256", "digest", base64(Digests.sha256(message))),
                    "signature",
                    Map.of("content", base64(signature), "verifier", verifier(verifier, der))))));
  }

  private static Map<String, Object> verifier(String kind, byte[] der) {
    return Map.of("keyDetails", "PKIX_ECDSA_P256_SHA_256", kind, Map.of("rawBytes", base64(der)));
  }

  static byte[] dsse(byte[] payload, byte[] signature, byte[] pem) {
    return json(
        Map.of(
            "apiVersion",
            "0.0.1",
            "kind",
            "dsse",
            "spec",
            Map.of(
                "envelopeHash",
                Map.of("algorithm", "sha256", "value", "00"),
                "payloadHash",
                Map.of("algorithm", "sha256", "value", hex(payload)),
                "signatures",
                List.of(Map.of("signature", base64(signature), "verifier", base64(pem))))));
  }

  static byte[] dsse2(byte[] payload, byte[] signature, String verifier, byte[] der) {
    return json(
        Map.of(
            "apiVersion",
            "0.0.2",
            "kind",
            "dsse",
            "spec",
            Map.of(
                "dsseV002",
                Map.of(
                    "payloadHash",
                    Map.of("algorithm", "SHA2_256", "digest", base64(Digests.sha256(payload))),
                    "signatures",
                    List.of(
                        Map.of(
                            "content", base64(signature), "verifier", verifier(verifier, der)))))));
  }

  /// @param envelope as it is attached
  static byte[] inToto(byte[] envelope, byte[] pem) {
    return json(
        Map.of(
            "apiVersion",
            "0.0.1",
            "kind",
            "intoto",
            "spec",
            Map.of(
                "content",
                Map.of("hash", Map.of("algorithm", "sha256", "value", hex(envelope))),
                "publicKey",
                base64(pem))));
  }

  static byte[] inToto2(byte[] payload, byte[] signature, byte[] pem) {
    byte[] twice = base64(signature).getBytes(StandardCharsets.US_ASCII);
    return json(
        Map.of(
            "apiVersion",
            "0.0.2",
            "kind",
            "intoto",
            "spec",
            Map.of(
                "content",
                Map.of(
                    "envelope",
                    Map.of(
                        "payloadType",
                        "application/vnd.in-toto+json",
                        "signatures",
                        List.of(Map.of("sig", base64(twice), "publicKey", base64(pem)))),
                    "payloadHash",
                    Map.of("algorithm", "sha256", "value", hex(payload))))));
  }

  /// The promise to take an entry (signed entry timestamp).
  byte[] promise(byte[] body, long index, Instant time) {
    return key.sign(
        "{\"body\":\"%s\",\"integratedTime\":%d,\"logID\":\"%s\",\"logIndex\":%d}"
            .formatted(base64(body), time.getEpochSecond(), HexFormat.of().formatHex(id()), index)
            .getBytes(StandardCharsets.UTF_8));
  }

  /// What cosign puts into an annotation.
  Map<String, Object> bundle(byte[] body, Instant time) {
    Map<String, Object> payload = new LinkedHashMap<>();
    payload.put("body", base64(body));
    payload.put("integratedTime", time.getEpochSecond());
    payload.put("logIndex", 4711L);
    payload.put("logID", HexFormat.of().formatHex(id()));
    Map<String, Object> bundle = new LinkedHashMap<>();
    bundle.put("SignedEntryTimestamp", base64(promise(body, 4711, time)));
    bundle.put("Payload", payload);
    return bundle;
  }

  /// An entry as it stands in a bundle.
  Map<String, Object> entry(byte[] body, Instant time, boolean promised, boolean proven) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("logIndex", "4711");
    entry.put("logId", Map.of("keyId", base64(id())));
    entry.put("kindVersion", Map.of("kind", "hashedrekord", "version", "0.0.1"));
    if (promised) {
      entry.put("integratedTime", Long.toString(time.getEpochSecond()));
      entry.put(
          "inclusionPromise", Map.of("signedEntryTimestamp", base64(promise(body, 4711, time))));
    }
    if (proven) {
      entry.put("inclusionProof", proof(body));
    }
    entry.put("canonicalizedBody", base64(body));
    return entry;
  }

  /// The proof that the entry is the seventh of eleven.
  Map<String, Object> proof(byte[] body) {
    List<byte[]> leaves = new ArrayList<>();
    for (int number = 0; number < 11; number++) {
      leaves.add(number == 6 ? body : new byte[] {(byte) number});
    }
    byte[] root = root(leaves);
    Map<String, Object> proof = new LinkedHashMap<>();
    proof.put("logIndex", "6");
    proof.put("rootHash", base64(root));
    proof.put("treeSize", "11");
    proof.put("hashes", path(6, leaves).stream().map(Base64Text::encode).toList());
    proof.put("checkpoint", Map.of("envelope", checkpoint(11, root)));
    return proof;
  }

  public String checkpoint(long size, byte[] root) {
    String text = "%s\n%d\n%s\n".formatted(ORIGIN, size, base64(root));
    byte[] hint = Arrays.copyOf(id(), 4);
    byte[] signature = key.sign(text.getBytes(StandardCharsets.UTF_8));
    return text + "\n\u2014 log.test " + base64(KeyedSignaturesTest.joined(hint, signature)) + "\n";
  }

  /// The root of a tree (RFC 6962, 2.1).
  public static byte[] root(List<byte[]> leaves) {
    if (leaves.size() == 1) {
      return Digests.sha256(new byte[] {0}, leaves.getFirst());
    }
    int left = Integer.highestOneBit(leaves.size() - 1);
    return Digests.sha256(
        new byte[] {1}, root(leaves.subList(0, left)), root(leaves.subList(left, leaves.size())));
  }

  /// The neighbours of a leaf (RFC 6962, 2.1.1).
  public static List<byte[]> path(int index, List<byte[]> leaves) {
    if (leaves.size() == 1) {
      return new ArrayList<>();
    }
    int left = Integer.highestOneBit(leaves.size() - 1);
    boolean isLeft = index < left;
    List<byte[]> before = leaves.subList(0, left);
    List<byte[]> after = leaves.subList(left, leaves.size());
    List<byte[]> path = isLeft ? path(index, before) : path(index - left, after);
    path.add(root(isLeft ? after : before));
    return path;
  }
}
