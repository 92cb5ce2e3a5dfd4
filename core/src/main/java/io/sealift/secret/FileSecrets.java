package io.sealift.secret;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.UnsafeContentException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Resources that are files of this machine: `file:///PATH`, or a bare absolute path.
public final class FileSecrets implements SecretSource {

  @Override
  public byte[] read(String uri, int maxBytes) throws ImageException {
    Path file = path(uri);
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] bytes = stream.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new UnsafeContentException(
            "read %s: more than the %d bytes allowed".formatted(uri, maxBytes));
      }
      return bytes;
    } catch (NoSuchFileException missing) {
      throw new NotFoundException("read %s: there is no such file".formatted(uri), missing);
    } catch (IOException unreadable) {
      throw new NotFoundException(
          "read %s: %s; make it readable".formatted(uri, unreadable.getMessage()), unreadable);
    }
  }

  private static Path path(String uri) throws BadReferenceException {
    try {
      Path path = uri.startsWith("file:") ? Path.of(URI.create(uri)) : Path.of(uri);
      if (path.isAbsolute()) {
        return path;
      }
    } catch (IllegalArgumentException malformed) {
      throw new BadReferenceException(
          "read %s: %s".formatted(uri, malformed.getMessage()), malformed);
    }
    throw new BadReferenceException(
        "read %s: expected an absolute path, or file:///PATH".formatted(uri));
  }
}
