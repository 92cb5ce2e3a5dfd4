package io.sealift.registry.http2;

import java.net.ProtocolException;

/// The code in which servers may say a text (RFC 7541, appendix B). Codes of one length follow each
/// other in the order of the bytes that they stand for, so that the lengths tell the whole code.
final class Huffman {

  private static final int SHORTEST = 5;
  private static final int LONGEST = 30;
  private static final int END = 256;

  /// How long the codes of 0 to 255 and of the end are: `A` for 5 bits, `Z` for 30.
  private static final String LENGTHS =
      "ISXXXXXXXTZXXZXXXXXXXXZXXXXXXXXXBFFHIBDGFFDGDBBBAAABBBBBBBCDKBHF"
          + "IBCCCCCCCCCCCCCCCCCCCCCCDCDIOIJBKABABABBBACCBBBABCBAABCCCCCKGJIX"
          + "PRPPRRRSRSSSSSTSTTRSTSSSSQRSRSSTRQPRRSSQSRRTQRSSQQRQSRSSPRRRSRRS"
          + "VVPORSRUVVVWWVTUOQVWWVWTQQVVXWWWPTPQRQQSRRUUTTVSVWVVWWWWWXWWWWWVZ";

  /// How many codes there are of each length.
  private static final int[] COUNTS = new int[LONGEST + 1];

  /// What they stand for, the shortest ones first.
  private static final int[] SYMBOLS = new int[END + 1];

  static {
    int next = 0;
    for (int length = SHORTEST; length <= LONGEST; length++) {
      for (int symbol = 0; symbol <= END; symbol++) {
        if (LENGTHS.charAt(symbol) - 'A' + SHORTEST == length) {
          SYMBOLS[next++] = symbol;
          COUNTS[length]++;
        }
      }
    }
  }

  private Huffman() {}

  /// Reads a text, each character of which is one byte.
  ///
  /// @throws ProtocolException when it ends inside a code, or otherwise than such a text may
  static String decode(byte[] from, int begin, int end) throws ProtocolException {
    StringBuilder text = new StringBuilder((end - begin) * 8 / SHORTEST);
    int code = 0; // of the bits so far
    int first = 0; // the lowest code of that length
    int index = 0; // of what it stands for
    int length = 0;
    for (int bit = begin * 8; bit < end * 8; bit++) {
      code = (code << 1) | ((from[bit >> 3] >> (7 - (bit & 7))) & 1);
      first <<= 1;
      length++;
      if (code - first < COUNTS[length]) {
        int symbol = SYMBOLS[index + code - first];
        if (symbol == END) {
          throw malformed();
        }
        text.append((char) symbol);
        code = 0;
        first = 0;
        index = 0;
        length = 0;
      } else {
        first += COUNTS[length];
        index += COUNTS[length];
      }
    }
    if (length > 7 || code != (1 << length) - 1) {
      throw malformed();
    }
    return text.toString();
  }

  private static ProtocolException malformed() {
    return new ProtocolException("a malformed text in the headers of HTTP/2");
  }
}
