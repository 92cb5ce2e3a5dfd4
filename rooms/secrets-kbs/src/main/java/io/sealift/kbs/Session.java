package io.sealift.kbs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.registry.WebService;
import java.io.InterruptedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A session with a key broker that took this machine's evidence (trustee, Key Broker Service
/// protocol 0.4.0):
///
/// | step | says | hears |
/// |---|---|---|
/// | `auth` | protocol, kind of machine | a nonce, a cookie |
/// | `attest` | public key, evidence over nonce and key | a token, which the cookie stands for |
///
/// @param cookie `name=value`; secret
record Session(String cookie, TeeKey key) {

  private static final String VERSION = "0.4.0";

  /// Bytes of an answer; a token has some kilobytes.
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  /// Bytes of evidence; devices send chains of certificates.
  private static final int MAX_EVIDENCE_BYTES = 1 << 20;

  private static final Pattern COOKIE =
      Pattern.compile("(kbs-session-id=[A-Za-z0-9._~+/=-]{1,256})(?:;.*)?");

  /// What both sides hash with, by the names of the protocol.
  private static final Map<String, String> HASHES =
      Map.of("sha256", "SHA-256", "sha384", "SHA-384", "sha512", "SHA-512");

  private static final String DEFAULT_HASH = "sha384";

  /// Machines whose evidence is made differently, IBM Secure Execution.
  private static final String UNSUPPORTED = "se";

  /// Goes through the handshake.
  ///
  /// @throws AuthenticationException when the broker does not take the evidence
  static Session open(WebService broker, Evidence evidence)
      throws ImageException, InterruptedIOException {
    String tee = evidence.tee();
    if (tee.equals(UNSUPPORTED)) {
      throw new AuthenticationException(
          "attest this machine: machines of the kind '%s' are not supported".formatted(tee));
    }
    WebService.Answer challenged = post(broker, "/auth", Map.of(), request(tee));
    JsonObject challenge = json(challenged, "challenge");
    String cookie = cookie(challenged.cookie());
    String nonce = challenge.string("nonce");
    MessageDigest hash = hash(challenge);
    TeeKey key = new TeeKey();
    byte[] attestation = attestation(nonce, key.publicKey(), hash, evidence);
    JsonObject attested =
        json(post(broker, "/attest", Map.of("Cookie", cookie), attestation), "attestation");
    if (attested.string("token").isEmpty()) {
      throw new AuthenticationException("attest this machine: the key broker gave no token");
    }
    return new Session(cookie, key);
  }

  private static byte[] request(String tee) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("version", VERSION);
    request.put("tee", tee);
    request.put(
        "extra-params", Map.of("supported-hash-algorithms", List.of("sha256", "sha384", "sha512")));
    return JsonWriter.compact(JsonValue.of(request));
  }

  private static byte[] attestation(
      String nonce, Map<String, String> key, MessageDigest hash, Evidence evidence)
      throws ImageException, InterruptedIOException {
    Map<String, Object> runtime = new LinkedHashMap<>();
    runtime.put("nonce", nonce);
    runtime.put("tee-pubkey", key);
    String additional =
        new String(evidence.additional(hash.digest(CanonicalJson.of(runtime))), UTF_8);
    Map<String, Object> covered = new LinkedHashMap<>(runtime);
    covered.put("additional-evidence", additional);
    byte[] primary = evidence.primary(hash.digest(CanonicalJson.of(covered)));
    Map<String, Object> both = new LinkedHashMap<>();
    both.put(
        "primary_evidence",
        JsonReader.read(primary, "evidence", JsonLimits.ofBytes(MAX_EVIDENCE_BYTES)));
    both.put("additional_evidence", additional);
    Map<String, Object> attestation = new LinkedHashMap<>();
    attestation.put("init-data", null);
    attestation.put("runtime-data", runtime);
    attestation.put("tee-evidence", both);
    return JsonWriter.compact(JsonValue.of(attestation));
  }

  private static MessageDigest hash(JsonObject challenge)
      throws UnsafeContentException, AuthenticationException {
    // Without parameters, the broker may send an empty text in their place.
    JsonValue parameters = challenge.members().get("extra-params");
    String name =
        parameters instanceof JsonObject object
            ? object.optionalString("selected-hash-algorithm").orElse(DEFAULT_HASH)
            : DEFAULT_HASH;
    String algorithm = HASHES.get(name.toLowerCase(Locale.ROOT));
    if (algorithm == null) {
      throw new AuthenticationException(
          "attest this machine: the key broker wants the hash '%s', expected one of sha256, sha384, sha512"
              .formatted(name));
    }
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("this Java platform lacks " + algorithm, missing);
    }
  }

  private static String cookie(Optional<String> header) throws TransferException {
    Matcher matcher = COOKIE.matcher(header.orElse(""));
    if (!matcher.matches()) {
      throw TransferException.lasting(
          "attest this machine: the key broker gave no cookie kbs-session-id", null);
    }
    return matcher.group(1);
  }

  private static WebService.Answer post(
      WebService broker, String path, Map<String, String> headers, byte[] body)
      throws ImageException, InterruptedIOException {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Content-Type", "application/json");
    WebService.Answer answer =
        broker.send("POST", KbsSecrets.PREFIX + path, all, body, MAX_ANSWER_BYTES);
    if (answer.status() != 200) {
      throw BrokerError.of("attest this machine", answer);
    }
    return answer;
  }

  private static JsonObject json(WebService.Answer answer, String subject)
      throws UnsafeContentException {
    return JsonReader.readObject(answer.body(), subject, JsonLimits.ofBytes(MAX_ANSWER_BYTES));
  }

  /// Without the cookie, which is as good as the token.
  @Override
  public String toString() {
    return "session with a key broker";
  }
}
