package io.sealift.simple;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What a signature file holds, told by its first byte (containers/image, blobs of signatures):
///
/// | first byte | what it is |
/// |---|---|
/// | `A0`–`A3`, `C8` | OpenPGP, compressed data |
/// | `90`–`92`, `C4` | OpenPGP, one-pass signature |
/// | `88`–`8B`, `C2` | OpenPGP, signature |
/// | `00` | the name of a format, a line end, data; the format `simple-signing` is OpenPGP again |
final class SignatureBlob {

  private static final String SIMPLE_SIGNING = "simple-signing";

  /// Bytes of a format's name; known ones have 14.
  private static final int MAX_NAME_BYTES = 64;

  private SignatureBlob() {}

  /// The OpenPGP message in a file.
  static byte[] message(byte[] blob) throws WorthlessException {
    if (blob.length == 0) {
      throw new WorthlessException("the file is empty");
    }
    return switch (blob[0] & 0xff) {
      case 0xa0, 0xa1, 0xa2, 0xa3, 0xc8, 0x90, 0x91, 0x92, 0xc4, 0x88, 0x89, 0x8a, 0x8b, 0xc2 ->
          blob;
      case 0x00 -> contained(blob);
      case '-' -> throw new WorthlessException("it is armoured or cleartext, expected binary");
      default ->
          throw new WorthlessException(
              "it is no simple signature: it begins with byte 0x%02x".formatted(blob[0]));
    };
  }

  private static byte[] contained(byte[] blob) throws WorthlessException {
    int end = 1;
    while (end < blob.length && blob[end] != '\n') {
      if (end > MAX_NAME_BYTES || blob[end] < ' ' || blob[end] > '~') {
        throw new WorthlessException("its format has no proper name");
      }
      end++;
    }
    if (end == blob.length) {
      throw new WorthlessException("its format has no proper name");
    }
    String format = new String(blob, 1, end - 1, StandardCharsets.US_ASCII);
    if (!format.equals(SIMPLE_SIGNING)) {
      throw new WorthlessException(
          "its format is '%s', expected %s".formatted(format, SIMPLE_SIGNING));
    }
    return Arrays.copyOfRange(blob, end + 1, blob.length);
  }
}
