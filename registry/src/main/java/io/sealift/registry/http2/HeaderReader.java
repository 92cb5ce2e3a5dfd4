package io.sealift.registry.http2;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;

/// Reads the headers of one answer (RFC 7541), for a side that has allowed no table in which the
/// other one would keep them: each block stands for itself.
public final class HeaderReader {

  private final byte[] block;
  private int position;

  private HeaderReader(byte[] block) {
    this.block = block;
  }

  /// Takes the headers in their order.
  public interface Sink {

    /// @param name in the case in which it came
    /// @param value one character for each byte
    void header(String name, String value) throws ProtocolException;
  }

  /// @param block all parts of it together; how much that may be is for its reader to bound
  /// @throws ProtocolException when it is malformed
  public static void read(byte[] block, Sink sink) throws ProtocolException {
    new HeaderReader(block).read(sink);
  }

  private void read(Sink sink) throws ProtocolException {
    boolean begun = false;
    while (position < block.length) {
      int first = block[position];
      if ((first & 0xe0) == 0x20) {
        resize(begun);
        continue;
      }
      begun = true;
      if ((first & 0x80) != 0) {
        StaticTable.Header known = StaticTable.get(integer(7));
        sink.header(known.name(), known.value());
      } else {
        // To be kept or not: in a table without room nothing is kept.
        int index = integer((first & 0x40) != 0 ? 6 : 4);
        String name = index == 0 ? text() : StaticTable.get(index).name();
        sink.header(name, text());
      }
    }
  }

  /// The other side says how large its table is.
  private void resize(boolean late) throws ProtocolException {
    if (late || integer(5) != 0) {
      throw new ProtocolException("a table of headers of HTTP/2 that was not allowed");
    }
  }

  /// @param bits of the first byte that belong to it
  private int integer(int bits) throws ProtocolException {
    int most = (1 << bits) - 1;
    int value = next() & most;
    if (value < most) {
      return value;
    }
    for (int shift = 0; shift <= 14; shift += 7) {
      int more = next();
      value += (more & 0x7f) << shift;
      if ((more & 0x80) == 0) {
        return value;
      }
    }
    throw new ProtocolException("a number in the headers of HTTP/2 that is too large");
  }

  private String text() throws ProtocolException {
    boolean coded = (peek() & 0x80) != 0;
    int length = integer(7);
    if (length > block.length - position) {
      throw cut();
    }
    int begin = position;
    position += length;
    return coded
        ? Huffman.decode(block, begin, position)
        : new String(block, begin, length, StandardCharsets.ISO_8859_1);
  }

  private int peek() throws ProtocolException {
    if (position == block.length) {
      throw cut();
    }
    return block[position];
  }

  private int next() throws ProtocolException {
    int next = peek();
    position++;
    return next;
  }

  private static ProtocolException cut() {
    return new ProtocolException("headers of HTTP/2 that end too early");
  }
}
