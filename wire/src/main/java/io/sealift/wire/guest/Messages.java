package io.sealift.wire.guest;

import io.sealift.wire.ProtoException;
import io.sealift.wire.ProtoReader;
import io.sealift.wire.ProtoWriter;
import java.util.ArrayList;
import java.util.List;

/// The messages that have one field, number 1, which is most of them:
///
/// | field 1 | messages |
/// |---|---|
/// | bytes | `UnsealSecretInput`, `UnsealSecretOutput`, `GetResourceResponse`, `KeyProviderKeyWrapProtocolInput`, `…Output`, `GetEvidenceRequest`, `GetEvidenceResponse`, `GetAdditionalEvidenceRequest`, `GetTokenResponse`, `BindInitDataRequest` |
/// | text | `GetResourceRequest`, `ImagePullResponse`, `GetTokenRequest`, `GetTeeTypeResponse` |
/// | texts | `GetAdditionalTeesResponse` |
/// | number | `ExtendRuntimeMeasurementResponse` |
///
/// A message without fields is an empty array.
public final class Messages {

  /// Texts of one message; a machine has a few devices that can attest.
  private static final int MAX_TEXTS = 64;

  private Messages() {}

  public static byte[] ofBytes(byte[] value) {
    return new ProtoWriter().bytes(1, value).toBytes();
  }

  public static byte[] ofText(String value) {
    return new ProtoWriter().text(1, value).toBytes();
  }

  public static byte[] ofTexts(List<String> values) {
    ProtoWriter writer = new ProtoWriter();
    values.forEach(value -> writer.element(1, value));
    return writer.toBytes();
  }

  public static byte[] ofNumber(long value) {
    return new ProtoWriter().number(1, value).toBytes();
  }

  /// The bytes of a message; the caller owns them.
  ///
  /// @param subject what the message is, for errors
  public static byte[] bytes(String subject, byte[] message) throws ProtoException {
    byte[] value = {};
    ProtoReader fields = new ProtoReader(subject, message);
    while (fields.next()) {
      if (fields.field() == 1) {
        value = fields.bytes();
      } else {
        fields.skip();
      }
    }
    return value;
  }

  public static String text(String subject, byte[] message) throws ProtoException {
    String value = "";
    ProtoReader fields = new ProtoReader(subject, message);
    while (fields.next()) {
      if (fields.field() == 1) {
        value = fields.text();
      } else {
        fields.skip();
      }
    }
    return value;
  }

  public static List<String> texts(String subject, byte[] message) throws ProtoException {
    List<String> values = new ArrayList<>();
    ProtoReader fields = new ProtoReader(subject, message);
    while (fields.next()) {
      if (fields.field() == 1) {
        values.add(fields.text());
      } else {
        fields.skip();
      }
      if (values.size() > MAX_TEXTS) {
        throw new ProtoException("read %s: more than %d texts".formatted(subject, MAX_TEXTS));
      }
    }
    return List.copyOf(values);
  }

  public static long number(String subject, byte[] message) throws ProtoException {
    long value = 0;
    ProtoReader fields = new ProtoReader(subject, message);
    while (fields.next()) {
      if (fields.field() == 1) {
        value = fields.number();
      } else {
        fields.skip();
      }
    }
    return value;
  }
}
