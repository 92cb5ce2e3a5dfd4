package io.sealift.wire;

import java.util.Arrays;

/// How a call was answered.
///
/// @param payload the method's own message; empty unless the code is {@link Code#OK}
@SuppressWarnings("ArrayRecordComponent")
record Response(Code code, String message, byte[] payload) {

  private static final byte[] NOTHING = {};

  static Response of(byte[] payload) {
    return new Response(Code.OK, "", payload);
  }

  static Response failed(Code code, String message) {
    return new Response(code, message, NOTHING);
  }

  byte[] encode() {
    ProtoWriter writer = new ProtoWriter();
    if (code != Code.OK) {
      writer.message(1, new ProtoWriter().number(1, code.number()).text(2, message).toBytes());
    }
    return writer.bytes(2, payload).toBytes();
  }

  static Response decode(byte[] bytes) throws ProtoException {
    Code code = Code.OK;
    String message = "";
    byte[] payload = NOTHING;
    ProtoReader fields = new ProtoReader("response", bytes);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> {
          ProtoReader status = new ProtoReader("status", fields.bytes());
          while (status.next()) {
            switch (status.field()) {
              case 1 -> code = Code.of((int) status.number());
              case 2 -> message = status.text();
              default -> status.skip();
            }
          }
        }
        case 2 -> payload = fields.bytes();
        default -> fields.skip();
      }
    }
    if (code != Code.OK) {
      Arrays.fill(payload, (byte) 0);
      payload = NOTHING;
    }
    return new Response(code, message, payload);
  }

  /// Without the payload, which may be secret.
  @Override
  public String toString() {
    return code + " " + message;
  }
}
