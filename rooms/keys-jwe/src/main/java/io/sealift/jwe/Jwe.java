package io.sealift.jwe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEDecrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.crypto.ECDHDecrypter;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.util.Base64URL;
import io.sealift.crypt.KeyException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An encrypted message in JSON, general or flattened, or compact (RFC 7516 section 7), with the
/// algorithms that ocicrypt takes.
///
/// @param protectedHeader as it stands there: it is what the content's tag covers besides
record Jwe(
    String protectedHeader,
    Optional<String> aad,
    Base64URL iv,
    Base64URL ciphertext,
    Base64URL tag,
    List<Recipient> recipients) {

  /// Bytes of a message; one for a hundred recipients has some 60 000.
  private static final int MAX_BYTES = 1 << 20;

  /// Recipients of one message; each may cost a private operation of every key.
  private static final int MAX_RECIPIENTS = 64;

  @SuppressWarnings("deprecation") // RSA-OAEP with SHA-1 is what ocicrypt writes for RSA keys
  private static final Set<JWEAlgorithm> ALGORITHMS =
      Set.of(
          JWEAlgorithm.RSA_OAEP,
          JWEAlgorithm.RSA_OAEP_256,
          JWEAlgorithm.ECDH_ES_A128KW,
          JWEAlgorithm.ECDH_ES_A192KW,
          JWEAlgorithm.ECDH_ES_A256KW);

  private static final Set<EncryptionMethod> METHODS =
      Set.of(
          EncryptionMethod.A128GCM,
          EncryptionMethod.A192GCM,
          EncryptionMethod.A256GCM,
          EncryptionMethod.A128CBC_HS256,
          EncryptionMethod.A192CBC_HS384,
          EncryptionMethod.A256CBC_HS512);

  /// @param header all three headers together
  record Recipient(JWEHeader header, Base64URL encryptedKey) {

    /// For people: the algorithm, and the name of the key where there is one.
    String name() {
      return header.getAlgorithm() + (header.getKeyID() == null ? "" : " " + header.getKeyID());
    }
  }

  static Jwe parse(byte[] bytes) throws KeyException {
    try {
      String text = new String(bytes, US_ASCII).strip();
      return text.startsWith("{") ? ofJson(bytes) : ofCompact(text);
    } catch (UnsafeContentException | ParseException malformed) {
      throw new KeyException("it is no JSON Web Encryption", malformed);
    }
  }

  private static Jwe ofCompact(String text)
      throws KeyException, UnsafeContentException, ParseException {
    String[] parts = text.split("\\.", -1);
    if (text.length() > MAX_BYTES || parts.length != 5) {
      throw new KeyException("it is no JSON Web Encryption");
    }
    JWEHeader header = together(List.of(header(parts[0])));
    return new Jwe(
        parts[0],
        Optional.empty(),
        new Base64URL(parts[2]),
        new Base64URL(parts[3]),
        new Base64URL(parts[4]),
        List.of(new Recipient(header, new Base64URL(parts[1]))));
  }

  private static Jwe ofJson(byte[] bytes)
      throws KeyException, UnsafeContentException, ParseException {
    JsonObject json =
        JsonReader.readObject(bytes, "JSON Web Encryption", JsonLimits.ofBytes(MAX_BYTES));
    String protectedHeader = json.optionalString("protected").orElse("");
    List<JsonObject> shared = new ArrayList<>();
    if (!protectedHeader.isEmpty()) {
      shared.add(header(protectedHeader));
    }
    json.optionalObject("unprotected").ifPresent(shared::add);
    List<JsonObject> each = json.has("recipients") ? json.objects("recipients") : List.of(json);
    if (each.isEmpty() || each.size() > MAX_RECIPIENTS) {
      throw new KeyException(
          "it has %d recipients, expected 1 to %d".formatted(each.size(), MAX_RECIPIENTS));
    }
    List<Recipient> recipients = new ArrayList<>();
    for (JsonObject recipient : each) {
      List<JsonObject> headers = new ArrayList<>(shared);
      recipient.optionalObject("header").ifPresent(headers::add);
      recipients.add(
          new Recipient(
              together(headers),
              new Base64URL(recipient.optionalString("encrypted_key").orElse(""))));
    }
    return new Jwe(
        protectedHeader,
        json.optionalString("aad"),
        new Base64URL(json.string("iv")),
        new Base64URL(json.string("ciphertext")),
        new Base64URL(json.string("tag")),
        recipients);
  }

  private static JsonObject header(String encoded) throws UnsafeContentException {
    return JsonReader.readObject(
        new Base64URL(encoded).decode(), "header", JsonLimits.ofBytes(MAX_BYTES));
  }

  /// A name stands in one of the headers only (RFC 7516 section 7.2.1). Compression is refused, for
  /// nobody writes it and it hides a size; so is whatever an extension says must be understood.
  private static JWEHeader together(List<JsonObject> headers)
      throws KeyException, UnsafeContentException, ParseException {
    Map<String, JsonValue> all = new LinkedHashMap<>();
    for (JsonObject header : headers) {
      for (String name : header.names()) {
        if (all.put(name, header.members().get(name)) != null) {
          throw new KeyException("'%s' stands in two of its headers".formatted(name));
        }
      }
    }
    JsonObject json = new JsonObject("header", all);
    json.string("alg"); // the library takes for granted that they are there
    json.string("enc");
    JWEHeader header = JWEHeader.parse(new String(JsonWriter.compact(json), UTF_8));
    if (header.getCompressionAlgorithm() != null) {
      throw new KeyException("it is compressed, which is not supported");
    }
    if (header.getCriticalParams() != null) {
      throw new KeyException("it has critical parameters " + header.getCriticalParams());
    }
    return header;
  }

  /// @throws KeyException when the recipient is another one, or the message was changed
  byte[] open(Recipient recipient, PrivateKey key) throws KeyException {
    JWEHeader header = recipient.header();
    if (!ALGORITHMS.contains(header.getAlgorithm())
        || !METHODS.contains(header.getEncryptionMethod())) {
      throw new KeyException(
          "it needs %s with %s, which is not supported"
              .formatted(header.getAlgorithm(), header.getEncryptionMethod()));
    }
    try {
      return decrypter(key)
          .decrypt(header, recipient.encryptedKey(), iv, ciphertext, tag, authenticated());
    } catch (JOSEException | IllegalArgumentException failed) {
      throw new KeyException("the private key does not open it, or it was changed", failed);
    }
  }

  private static JWEDecrypter decrypter(PrivateKey key) throws JOSEException, KeyException {
    return switch (key) {
      case RSAPrivateKey _ -> new RSADecrypter(key);
      case ECPrivateKey ec -> new ECDHDecrypter(ec);
      default -> throw new KeyException("private keys of " + key.getAlgorithm() + " open none");
    };
  }

  private byte[] authenticated() {
    return aad.map(more -> protectedHeader + "." + more).orElse(protectedHeader).getBytes(US_ASCII);
  }
}
