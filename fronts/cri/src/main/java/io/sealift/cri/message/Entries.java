package io.sealift.cri.message;

import io.sealift.wire.ProtoException;
import io.sealift.wire.ProtoReader;
import io.sealift.wire.ProtoWriter;
import java.util.Map;

/// The entries of a `map<string, string>`: a message each, the key in field 1, the value in 2.
final class Entries {

  /// Entries of one map. Annotations of a pod have 256 KiB in all.
  private static final int MAX_ENTRIES = 4096;

  private Entries() {}

  /// Adds the entry that is next.
  static void read(ProtoReader fields, Map<String, String> into) throws ProtoException {
    String key = "";
    String value = "";
    ProtoReader entry = new ProtoReader("map entry", fields.bytes());
    while (entry.next()) {
      switch (entry.field()) {
        case 1 -> key = entry.text();
        case 2 -> value = entry.text();
        default -> entry.skip();
      }
    }
    into.put(key, value);
    if (into.size() > MAX_ENTRIES) {
      throw new ProtoException("read map: more than %d entries".formatted(MAX_ENTRIES));
    }
  }

  static void write(ProtoWriter message, int number, Map<String, String> entries) {
    entries.forEach((key, value) ->
        message.message(number, new ProtoWriter().text(1, key).text(2, value).toBytes()));
  }
}
