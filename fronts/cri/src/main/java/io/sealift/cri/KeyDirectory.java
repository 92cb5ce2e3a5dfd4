package io.sealift.cri;

import io.sealift.crypt.KeyFile;
import io.sealift.failure.BadReferenceException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The directory of `--decryption-keys-dir`, of which every file is a key.
final class KeyDirectory {

  /// Files; a node has a few keys.
  private static final int MAX_FILES = 256;

  private KeyDirectory() {}

  /// Reads all files. The caller closes them.
  ///
  /// @param directory null for none
  /// @throws BadReferenceException when one cannot be read, or they are too many or too large
  static List<KeyFile> read(@Nullable Path directory) throws BadReferenceException {
    List<KeyFile> files = new ArrayList<>();
    if (directory == null) {
      return files;
    }
    boolean done = false;
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(directory, Files::isRegularFile)) {
      for (Path entry : entries) {
        if (files.size() == MAX_FILES) {
          throw new IOException("more than the %d files allowed".formatted(MAX_FILES));
        }
        files.add(new KeyFile(entry.toString(), bounded(entry), null));
      }
      done = true;
      return files;
    } catch (IOException unreadable) {
      throw new BadReferenceException(
          "read --decryption-keys-dir %s: %s; make it readable".formatted(directory, unreadable),
          unreadable);
    } finally {
      if (!done) {
        files.forEach(KeyFile::close);
      }
    }
  }

  private static byte[] bounded(Path file) throws IOException {
    if (Files.size(file) > KeyFile.MAX_BYTES) {
      throw new IOException(
          "%s has more than the %d bytes allowed".formatted(file, KeyFile.MAX_BYTES));
    }
    return Files.readAllBytes(file);
  }
}
