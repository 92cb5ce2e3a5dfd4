package io.sealift.sigstore.crypto;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Blocks of PEM (RFC 7468): between the lines that begin and end one there is base64 and nothing
/// else. Outside of blocks there may be what explains them where people keep the file, and only
/// blank lines where a signature brings it along.
public final class Pem {

  /// Blocks of a text; files of authorities have one for each certificate.
  private static final int MAX_BLOCKS = 128;

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  private Pem() {}

  /// The blocks of a text that holds nothing else, which have to have this label.
  ///
  /// @param what the text is, for the reason
  /// @return at least one
  public static List<byte[]> blocks(byte[] text, String label, String what) throws Unproven {
    return blocks(text, label, what, false);
  }

  /// The blocks of a text that may explain them; all have to have this label.
  ///
  /// @return at least one
  public static List<byte[]> explained(byte[] text, String label, String what) throws Unproven {
    return blocks(text, label, what, true);
  }

  private static List<byte[]> blocks(byte[] text, String label, String what, boolean explained)
      throws Unproven {
    List<byte[]> blocks = new ArrayList<>();
    StringBuilder base64 = null;
    for (String line : new String(text, StandardCharsets.ISO_8859_1).split("\r?\n", -1)) {
      if (base64 == null && line.equals(BEGIN + label + DASHES)) {
        base64 = new StringBuilder();
      } else if (base64 != null && line.equals(END + label + DASHES)) {
        blocks.add(Base64Text.decode(base64.toString(), what));
        base64 = null;
      } else if (base64 != null && !line.startsWith(DASHES)) {
        base64.append(line);
      } else if (!line.isBlank() && (!explained || line.startsWith(DASHES))) {
        throw new Unproven(
            "%s is not PEM: expected '%s%s%s' and nothing else around the base64"
                .formatted(what, BEGIN, label, DASHES));
      }
    }
    if (base64 != null || blocks.isEmpty() || blocks.size() > MAX_BLOCKS) {
      throw new Unproven(
          "%s is not PEM: expected 1 to %d whole blocks '%s', found %d"
              .formatted(what, MAX_BLOCKS, label, blocks.size()));
    }
    return blocks;
  }

  /// The one block of a text.
  public static byte[] only(byte[] text, String label, String what) throws Unproven {
    List<byte[]> blocks = blocks(text, label, what);
    if (blocks.size() != 1) {
      throw new Unproven("%s has %d blocks, expected one".formatted(what, blocks.size()));
    }
    return blocks.getFirst();
  }
}
