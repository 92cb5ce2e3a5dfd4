package io.sealift.wire.guest;

import io.sealift.wire.ProtoException;
import io.sealift.wire.ProtoReader;
import io.sealift.wire.ProtoWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `api.SecureMountRequest`: put encrypted storage in place.
public record MountRequest(
    String volumeType, Map<String, String> options, List<String> flags, String mountPoint) {

  /// Options and flags of one request; block devices have eight.
  private static final int MAX_ELEMENTS = 256;

  public MountRequest {
    options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    flags = List.copyOf(flags);
  }

  public byte[] encode() {
    ProtoWriter writer = new ProtoWriter().text(1, volumeType);
    options.forEach((key, value) ->
        writer.message(2, new ProtoWriter().element(1, key).element(2, value).toBytes()));
    flags.forEach(flag -> writer.element(3, flag));
    return writer.text(4, mountPoint).toBytes();
  }

  public static MountRequest decode(byte[] message) throws ProtoException {
    String volumeType = "";
    Map<String, String> options = new LinkedHashMap<>();
    List<String> flags = new ArrayList<>();
    String mountPoint = "";
    ProtoReader fields = new ProtoReader("SecureMountRequest", message);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> volumeType = fields.text();
        case 2 -> option(fields.bytes(), options);
        case 3 -> flags.add(fields.text());
        case 4 -> mountPoint = fields.text();
        default -> fields.skip();
      }
      if (options.size() + flags.size() > MAX_ELEMENTS) {
        throw new ProtoException(
            "read SecureMountRequest: more than %d options and flags".formatted(MAX_ELEMENTS));
      }
    }
    return new MountRequest(volumeType, options, flags, mountPoint);
  }

  private static void option(byte[] entry, Map<String, String> options) throws ProtoException {
    String key = "";
    String value = "";
    ProtoReader fields = new ProtoReader("option", entry);
    while (fields.next()) {
      switch (fields.field()) {
        case 1 -> key = fields.text();
        case 2 -> value = fields.text();
        default -> fields.skip();
      }
    }
    options.put(key, value);
  }
}
