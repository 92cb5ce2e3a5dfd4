package io.sealift.simple;

import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Digest;
import io.sealift.source.Documents;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// The files with the signatures of one manifest: `signature-1`, `signature-2`, … in
/// `<base>/<repository>@<algorithm>=<hex>` (containers/image, signature-protocols.md).
final class SignatureStore {

  /// Bytes of a signature file (4 MiB, as containers/image); real ones have a thousand.
  static final int MAX_BYTES = 4 * 1024 * 1024;

  private final URI base;
  private final String folder;
  private final Documents documents;

  /// @param base a URL of file, http or https
  /// @param repository the path of a reference, which has no `..`
  /// @param documents for http and https
  SignatureStore(URI base, String repository, Digest manifest, Documents documents) {
    this.base = base;
    this.folder = "/%s@%s=%s".formatted(repository, manifest.algorithm().label(), manifest.hex());
    this.documents = documents;
  }

  /// The place of all of them, for people; without the query of a URL, which may hold a secret.
  String place() {
    String path = base.getRawPath() == null ? "" : base.getRawPath();
    String top =
        isFile() ? base.getPath() : base.getScheme() + "://" + base.getRawAuthority() + path;
    return top.replaceFirst("/+$", "") + folder;
  }

  String place(int number) {
    return place() + "/signature-" + number;
  }

  private boolean isFile() {
    return base.getScheme().equalsIgnoreCase("file");
  }

  /// One signature file; null when there is none.
  ///
  /// @param number from 1
  /// @throws WorthlessException when it is too large
  /// @throws ImageException when nobody can say whether there is one
  byte @Nullable [] read(int number)
      throws WorthlessException, ImageException, InterruptedIOException {
    return isFile() ? readFile(Path.of(place(number))) : fetch(number);
  }

  private static byte @Nullable [] readFile(Path file) throws WorthlessException, StoreException {
    try {
      if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
        throw new StoreException("read signature %s: expected a file".formatted(file));
      }
      try (InputStream stream = Files.newInputStream(file)) {
        byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw tooLarge();
        }
        return bytes;
      }
    } catch (NoSuchFileException missing) {
      return null;
    } catch (IOException unreadable) {
      throw new StoreException(
          "read signature %s: %s; make it readable".formatted(file, unreadable), unreadable);
    }
  }

  private byte @Nullable [] fetch(int number)
      throws WorthlessException, ImageException, InterruptedIOException {
    String query = base.getRawQuery() == null ? "" : "?" + base.getRawQuery();
    try {
      return documents.fetch(URI.create(place(number) + query), MAX_BYTES);
    } catch (NotFoundException missing) {
      return null;
    } catch (UnsafeContentException large) {
      throw tooLarge();
    }
  }

  private static WorthlessException tooLarge() {
    return new WorthlessException("it has more than the %d bytes allowed".formatted(MAX_BYTES));
  }
}
