package io.sealift.simple;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;

/// Takes the armour off key rings (RFC 9580 §6): any number of blocks, with whatever text between
/// them. The checksum is not looked at, as the specification wants it.
final class Armour {

  private static final String BEGIN = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
  private static final String END = "-----END PGP PUBLIC KEY BLOCK-----";
  private static final String BEGIN_OF_ANY = "-----BEGIN PGP ";

  private Armour() {}

  /// Whether this is text with armour in it rather than packets, which begin with a high bit.
  static boolean isOn(byte[] bytes) {
    return bytes.length > 0 && bytes[0] >= 0;
  }

  /// The packets of all blocks, one block after the other.
  static byte[] off(byte[] text) throws WorthlessException {
    ByteArrayOutputStream packets = new ByteArrayOutputStream();
    Iterator<String> lines = new String(text, StandardCharsets.ISO_8859_1).lines().iterator();
    while (lines.hasNext()) {
      String line = lines.next().strip();
      if (line.equals(BEGIN)) {
        packets.writeBytes(block(lines));
      } else if (line.startsWith(BEGIN_OF_ANY)) {
        throw new WorthlessException("found '%s', expected '%s'".formatted(line, BEGIN));
      }
    }
    return packets.toByteArray();
  }

  private static byte[] block(Iterator<String> lines) throws WorthlessException {
    StringBuilder base64 = new StringBuilder();
    boolean inHeaders = true;
    while (lines.hasNext()) {
      String line = lines.next().strip();
      if (line.equals(END)) {
        return decode(base64.toString());
      }
      if (inHeaders) {
        inHeaders = !line.isEmpty();
      } else if (!line.startsWith("=")) {
        base64.append(line);
      }
    }
    throw new WorthlessException("an armoured block does not end");
  }

  private static byte[] decode(String base64) throws WorthlessException {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException malformed) {
      throw new WorthlessException("an armoured block is not base64", malformed);
    }
  }
}
