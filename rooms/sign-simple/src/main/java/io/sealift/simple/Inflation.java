package io.sealift.simple;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.bouncycastle.apache.bzip2.CBZip2InputStream;
import org.jspecify.annotations.Nullable;

/// Takes the compression of an OpenPGP message away (RFC 9580 §5.6), within bounds.
final class Inflation {

  /// Bytes that may come out: as many as an uncompressed signature file may have. Real messages
  /// have a thousand, so there is no bound on the ratio.
  static final int MAX_BYTES = SignatureStore.MAX_BYTES;

  private static final int UNCOMPRESSED = 0;
  private static final int ZIP = 1;
  private static final int ZLIB = 2;
  private static final int BZIP2 = 3;

  private Inflation() {}

  /// @param body of a compressed data packet
  static byte[] inflate(byte[] body) throws WorthlessException {
    if (body.length == 0) {
      throw new WorthlessException("malformed OpenPGP: a compressed packet without content");
    }
    return switch (body[0]) {
      case UNCOMPRESSED -> Arrays.copyOfRange(body, 1, body.length);
      case ZIP -> deflated(body, new Inflater(true));
      case ZLIB -> deflated(body, new Inflater(false));
      case BZIP2 -> bzip2(body);
      default ->
          throw new WorthlessException(
              "it is compressed by algorithm %d, expected ZIP, ZLIB or BZip2"
                  .formatted(body[0] & 0xff));
    };
  }

  private static byte[] deflated(byte[] body, Inflater inflater) throws WorthlessException {
    try (inflater) {
      inflater.setInput(body, 1, body.length - 1);
      byte[] out = new byte[Math.min(MAX_BYTES, 8 * 1024)];
      int size = 0;
      while (!inflater.finished()) {
        out = withRoom(out, size);
        int count = inflater.inflate(out, size, out.length - size);
        if (count == 0 && !inflater.finished()) {
          throw malformed(null);
        }
        size += count;
      }
      if (inflater.getRemaining() > 0) {
        throw malformed(null);
      }
      return Arrays.copyOf(out, size);
    } catch (DataFormatException malformed) {
      throw malformed(malformed);
    }
  }

  private static byte[] bzip2(byte[] body) throws WorthlessException {
    ByteArrayInputStream in = new ByteArrayInputStream(body, 1, body.length - 1);
    try (InputStream inflated = new CBZip2InputStream(in)) {
      byte[] out = new byte[8 * 1024];
      int size = 0;
      for (int count = 0; count >= 0; count = inflated.read(out, size, out.length - size)) {
        size += count;
        out = withRoom(out, size);
      }
      if (in.available() > 0) {
        throw malformed(null);
      }
      return Arrays.copyOf(out, size);
    } catch (IOException | RuntimeException malformed) {
      throw malformed(malformed);
    }
  }

  private static byte[] withRoom(byte[] out, int size) throws WorthlessException {
    if (size > MAX_BYTES) {
      throw new WorthlessException(
          "it inflates to more than the %d bytes allowed".formatted(MAX_BYTES));
    }
    return size < out.length ? out : Arrays.copyOf(out, Math.min(2 * size, MAX_BYTES + 1));
  }

  private static WorthlessException malformed(@Nullable Exception cause) {
    String message = "malformed OpenPGP: its compressed data is damaged";
    return cause == null ? new WorthlessException(message) : new WorthlessException(message, cause);
  }
}
