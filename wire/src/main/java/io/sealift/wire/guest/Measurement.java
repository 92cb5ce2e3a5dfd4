package io.sealift.wire.guest;

import io.sealift.wire.ProtoException;
import io.sealift.wire.ProtoReader;
import io.sealift.wire.ProtoWriter;
import java.util.OptionalLong;

/// `attestation_agent.ExtendRuntimeMeasurementRequest`: an event for the guest's log.
///
/// @param register unsigned; empty for the agent's default
public record Measurement(String domain, String operation, String content, OptionalLong register) {

  public byte[] encode() {
    ProtoWriter writer = new ProtoWriter().text(1, domain).text(2, operation).text(3, content);
    register.ifPresent(index -> writer.present(4, index));
    return writer.toBytes();
  }

  public static Measurement decode(byte[] message) throws ProtoException {
    String domain = "";
    String operation = "";
    String content = "";
    OptionalLong register = OptionalLong.empty();
    ProtoReader fields = new ProtoReader("ExtendRuntimeMeasurementRequest", message);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> domain = fields.text();
        case 2 -> operation = fields.text();
        case 3 -> content = fields.text();
        case 4 -> register = OptionalLong.of(fields.number());
        default -> fields.skip();
      }
    }
    return new Measurement(domain, operation, content, register);
  }

  /// What came of it (`attestation_agent.RuntimeMeasurementResult`); the number of each is its
  /// place.
  public enum Result {
    OK,
    NOT_SUPPORTED,
    NOT_ENABLED;

    static Result of(long number) throws ProtoException {
      Result[] all = values();
      if (number < 0 || number >= all.length) {
        throw new ProtoException("read RuntimeMeasurementResult: %d is none".formatted(number));
      }
      return all[(int) number];
    }
  }
}
