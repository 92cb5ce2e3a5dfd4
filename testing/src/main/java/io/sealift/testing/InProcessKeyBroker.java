package io.sealift.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A key broker on a free port of 127.0.0.1, from the constructor until {@link #close}: it takes
/// evidence of the kind `sample` over its nonce and the caller's key, and gives resources encrypted
/// for that key (trustee, Key Broker Service protocol 0.4.0). It answers 401 to nearly everything
/// it does not like, as the real one does.
public final class InProcessKeyBroker implements AutoCloseable {

  private static final String ALGORITHM = "ECDH-ES+A256KW";

  private final Map<String, byte[]> resources = new ConcurrentHashMap<>();
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final SecureRandom random = new SecureRandom();
  private final LoopbackServer server;
  private volatile Object extraParams = "";
  private volatile String hash = "SHA-384";
  private volatile UnaryOperator<String> replies = UnaryOperator.identity();

  /// A handshake that was begun, and the key that was attested; empty until then.
  private record Session(String nonce, Map<String, String> key) {}

  public InProcessKeyBroker() {
    try {
      server = new LoopbackServer(new ServerSocket(), this::answer);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  /// Adds a resource.
  ///
  /// @param path with its plugin, `resource/REPOSITORY/TYPE/TAG`
  public InProcessKeyBroker resource(String path, byte[] bytes) {
    resources.put(path, bytes.clone());
    return this;
  }

  /// Wants evidence over this hash instead of the usual one.
  ///
  /// @param name as the protocol has it: `sha256`
  /// @param algorithm of the Java platform: `SHA-256`
  public InProcessKeyBroker hash(String name, String algorithm) {
    extraParams = Map.of("selected-hash-algorithm", name);
    hash = algorithm;
    return this;
  }

  /// Changes the text of what it sends after a handshake.
  public InProcessKeyBroker replies(UnaryOperator<String> change) {
    replies = change;
    return this;
  }

  /// Forgets its sessions, as a broker does after five minutes.
  public void forget() {
    sessions.clear();
  }

  /// What was asked, method and target.
  public List<String> requests() {
    return List.copyOf(requests);
  }

  private Answer answer(RegistryRequest request) {
    requests.add(request.toString());
    try {
      return switch (request.toString()) {
        case "POST /kbs/v0/auth" -> challenge(json(request));
        case "POST /kbs/v0/attest" -> attest(request);
        default ->
            request.method().equals("GET") && request.target().startsWith("/kbs/v0/")
                ? give(request)
                : error(404, "PluginNotFound", "no such path");
      };
    } catch (UnsafeContentException | GeneralSecurityException malformed) {
      return error(401, "AttestationError", "Attestation error");
    }
  }

  private static JsonObject json(RegistryRequest request) throws UnsafeContentException {
    return JsonReader.readObject(request.body().getBytes(UTF_8), "body", JsonLimits.DEFAULT);
  }

  private static Answer error(int status, String kind, String detail) {
    String type = "https://github.com/confidential-containers/kbs/errors/" + kind;
    return Answer.of(
        status, JsonWriter.compact(JsonValue.of(Map.of("type", type, "detail", detail))));
  }

  private Answer challenge(JsonObject request) throws UnsafeContentException {
    if (!request.string("version").equals("0.4.0") || !request.string("tee").equals("sample")) {
      return error(401, "ProtocolVersion", "wrong version or kind of machine");
    }
    byte[] nonce = new byte[32];
    random.nextBytes(nonce);
    String id = "%032x".formatted(new BigInteger(128, random));
    String text = Base64.getEncoder().encodeToString(nonce);
    sessions.put(id, new Session(text, Map.of()));
    byte[] body =
        JsonWriter.compact(JsonValue.of(Map.of("nonce", text, "extra-params", extraParams)));
    return Answer.of(200, body).header("Set-Cookie", "kbs-session-id=%s; Path=/kbs".formatted(id));
  }

  private static String id(RegistryRequest request) {
    return request.header("cookie").replace("kbs-session-id=", "");
  }

  private Answer attest(RegistryRequest request)
      throws UnsafeContentException, GeneralSecurityException {
    Session session = sessions.get(id(request));
    JsonObject attestation = json(request);
    JsonObject runtime = attestation.object("runtime-data");
    JsonObject evidence = attestation.object("tee-evidence");
    Map<String, String> key = runtime.stringMap("tee-pubkey");
    if (session == null || !session.nonce().equals(runtime.string("nonce"))) {
      return error(401, "InvalidSession", "no such session or nonce");
    }
    Map<String, Object> covered = new TreeMap<>();
    covered.put("additional-evidence", evidence.string("additional_evidence"));
    covered.put("nonce", session.nonce());
    covered.put("tee-pubkey", new TreeMap<>(key));
    byte[] digest =
        MessageDigest.getInstance(hash).digest(JsonWriter.compact(JsonValue.of(covered)));
    JsonObject primary = evidence.object("primary_evidence");
    if (!primary.string("svn").equals("1")
        || !primary.string("report_data").equals(Base64.getEncoder().encodeToString(digest))) {
      return error(401, "AttestationError", "report data does not match");
    }
    sessions.put(id(request), new Session(session.nonce(), key));
    return Answer.text(200, "{\"token\":\"e30.e30.e30\"}");
  }

  private Answer give(RegistryRequest request) throws GeneralSecurityException {
    Session session = sessions.get(id(request));
    byte[] resource = resources.get(request.target().substring("/kbs/v0/".length()));
    if (session == null || session.key().isEmpty()) {
      return error(401, "TokenNotFound", "attestation token not found");
    }
    if (resource == null) {
      return error(401, "PluginInternalError", "resource not found");
    }
    return Answer.text(200, replies.apply(encrypt(resource, session.key())))
        .header("Content-Type", "application/json");
  }

  private String encrypt(byte[] resource, Map<String, String> key) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair ephemeral = generator.generateKeyPair();
    ECPublicKey own = (ECPublicKey) ephemeral.getPublic();
    ECPoint peer =
        new ECPoint(number(key.getOrDefault("x", "")), number(key.getOrDefault("y", "")));
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(ephemeral.getPrivate());
    agreement.doPhase(
        KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(peer, own.getParams())),
        true);
    byte[] content = new byte[32];
    byte[] iv = new byte[12];
    random.nextBytes(content);
    random.nextBytes(iv);
    Cipher wrap = Cipher.getInstance("AESWrap");
    wrap.init(Cipher.WRAP_MODE, new SecretKeySpec(wrapping(agreement.generateSecret()), "AES"));
    byte[] wrapped = wrap.wrap(new SecretKeySpec(content, "AES"));
    // The Rust client needs these members in this order.
    String header =
        "{\"alg\":\"%s\",\"enc\":\"A256GCM\",\"epk\":{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}}"
            .formatted(
                ALGORITHM,
                coordinate(own.getW().getAffineX()),
                coordinate(own.getW().getAffineY()));
    String protectedHeader = base64(header.getBytes(UTF_8));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE, new SecretKeySpec(content, "AES"), new GCMParameterSpec(128, iv));
    cipher.updateAAD(protectedHeader.getBytes(US_ASCII));
    byte[] sealed = cipher.doFinal(resource);
    int length = sealed.length - 16;
    Map<String, Object> reply = new LinkedHashMap<>();
    reply.put("protected", protectedHeader);
    reply.put("encrypted_key", base64(wrapped));
    reply.put("iv", base64(iv));
    reply.put("ciphertext", base64(Arrays.copyOf(sealed, length)));
    reply.put("tag", base64(Arrays.copyOfRange(sealed, length, sealed.length)));
    return new String(JsonWriter.compact(JsonValue.of(reply)), UTF_8);
  }

  /// The concatenation key derivation function as RFC 7518 section 4.6.2 feeds it.
  private static byte[] wrapping(byte[] secret) throws GeneralSecurityException {
    byte[] algorithm = ALGORITHM.getBytes(US_ASCII);
    ByteBuffer input = ByteBuffer.allocate(4 + secret.length + 4 + algorithm.length + 12);
    input.putInt(1).put(secret).putInt(algorithm.length).put(algorithm);
    input.putInt(0).putInt(0).putInt(256);
    return MessageDigest.getInstance("SHA-256").digest(input.array());
  }

  private static BigInteger number(String coordinate) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(coordinate));
  }

  private static String coordinate(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[32];
    int count = Math.min(bytes.length, fixed.length);
    System.arraycopy(bytes, bytes.length - count, fixed, fixed.length - count, count);
    return base64(fixed);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    server.close();
  }
}
