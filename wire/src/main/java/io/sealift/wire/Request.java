package io.sealift.wire;

import java.util.ArrayList;
import java.util.List;

/// A call as it is sent.
///
/// @param service `package.Service`
/// @param method bare name
/// @param payload the method's own message; the array is the request's own
/// @param timeoutNanos relative to the arrival; 0 for none
/// @param metadata in order; keys may repeat
@SuppressWarnings("ArrayRecordComponent")
public record Request(
    String service, String method, byte[] payload, long timeoutNanos, List<Entry> metadata) {

  /// Entries of metadata; tracing needs three or four.
  private static final int MAX_METADATA = 64;

  public Request {
    metadata = List.copyOf(metadata);
  }

  /// One entry of metadata.
  public record Entry(String key, String value) {}

  byte[] encode() {
    ProtoWriter writer =
        new ProtoWriter()
            .text(1, service)
            .text(2, method)
            .bytes(3, payload)
            .number(4, timeoutNanos);
    metadata.forEach(entry ->
        writer.message(5, new ProtoWriter().text(1, entry.key).text(2, entry.value).toBytes()));
    return writer.toBytes();
  }

  static Request decode(byte[] bytes) throws ProtoException {
    String service = "";
    String method = "";
    byte[] payload = {};
    long timeout = 0;
    List<Entry> metadata = new ArrayList<>();
    ProtoReader fields = new ProtoReader("request", bytes);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> service = fields.text();
        case 2 -> method = fields.text();
        case 3 -> payload = fields.bytes();
        case 4 -> timeout = fields.number();
        case 5 -> metadata.add(entry(fields.bytes()));
        default -> fields.skip();
      }
      if (metadata.size() > MAX_METADATA) {
        throw new ProtoException(
            "read request: more than %d entries of metadata".formatted(MAX_METADATA));
      }
    }
    return new Request(service, method, payload, timeout, metadata);
  }

  private static Entry entry(byte[] bytes) throws ProtoException {
    String key = "";
    String value = "";
    ProtoReader fields = new ProtoReader("metadata", bytes);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> key = fields.text();
        case 2 -> value = fields.text();
        default -> fields.skip();
      }
    }
    return new Entry(key, value);
  }

  /// Without the payload, which may be secret.
  @Override
  public String toString() {
    return service + "/" + method;
  }
}
