package io.sealift.pkcs11;

import io.sealift.crypt.KeyException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/// The file that `pin-source` names (RFC 7512 §2.4), as `file:/run/pin` or `/run/pin`. Its first
/// line is the PIN. Programs (`|…`) are not run.
final class PinSource {

  /// Bytes that are read of the file.
  private static final int MAX_BYTES = 4096;

  private PinSource() {}

  /// The PIN; the caller owns and clears it.
  static byte[] read(String source) throws KeyException {
    Path file = file(source);
    byte[] bytes;
    try (InputStream stream = Files.newInputStream(file)) {
      bytes = stream.readNBytes(MAX_BYTES);
    } catch (IOException unreadable) {
      throw new KeyException("pin-source %s cannot be read".formatted(file), unreadable);
    }
    int end = 0;
    while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
      end++;
    }
    byte[] line = Arrays.copyOf(bytes, end);
    Arrays.fill(bytes, (byte) 0);
    return line;
  }

  private static Path file(String source) throws KeyException {
    try {
      URI uri = new URI(source);
      String scheme = uri.getScheme() == null ? "file" : uri.getScheme();
      String host = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
      String path = uri.getPath();
      if (scheme.equals("file") && host.isEmpty() && path != null && path.startsWith("/")) {
        return Path.of(path);
      }
    } catch (URISyntaxException | InvalidPathException malformed) {
      throw new KeyException("pin-source is no file: URI with an absolute path", malformed);
    }
    throw new KeyException("pin-source is no file: URI with an absolute path");
  }
}
