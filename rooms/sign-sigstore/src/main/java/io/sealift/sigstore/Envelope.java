package io.sealift.sigstore;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonObject;
import io.sealift.sigstore.crypto.Base64Text;
import io.sealift.sigstore.crypto.Unproven;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A signed envelope (secure-systems-lab/dsse) around an in-toto statement.
///
/// @param keyId a hint at the key; empty when there is none
@SuppressWarnings("ArrayRecordComponent")
record Envelope(byte[] payload, String payloadType, byte[] signature, String keyId) {

  private static final String IN_TOTO = "application/vnd.in-toto+json";

  /// Reads an envelope, which has to have one signature: with several it would have to be said
  /// whose count.
  static Envelope read(JsonObject json) throws UnsafeContentException, Unproven {
    List<JsonObject> signatures = json.objects("signatures");
    if (signatures.size() != 1) {
      throw new Unproven(
          "an envelope with %d signatures, expected one".formatted(signatures.size()));
    }
    String type = json.string("payloadType");
    if (!type.equals(IN_TOTO)) {
      throw new Unproven("an envelope of the type '%s', expected '%s'".formatted(type, IN_TOTO));
    }
    JsonObject signature = signatures.getFirst();
    return new Envelope(
        Base64Text.decode(json.string("payload"), "the envelope's payload"),
        type,
        Base64Text.decode(signature.string("sig"), "the envelope's signature"),
        signature.optionalString("keyid").orElse(""));
  }

  /// What is signed (pre-authentication encoding): `DSSEv1 LENGTH TYPE LENGTH PAYLOAD`.
  byte[] signed() {
    byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    signed.writeBytes(("DSSEv1 " + type.length + " ").getBytes(StandardCharsets.US_ASCII));
    signed.writeBytes(type);
    signed.writeBytes((" " + payload.length + " ").getBytes(StandardCharsets.US_ASCII));
    signed.writeBytes(payload);
    return signed.toByteArray();
  }
}
