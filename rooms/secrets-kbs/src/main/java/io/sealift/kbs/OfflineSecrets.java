package io.sealift.kbs;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.secret.SecretSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Resources that stand in files of the guest, as `offline_fs_kbc` reads them: JSON objects from
/// paths of resources, such as `default/key/1`, to base64. Of several files the last that has a
/// path counts; a file that is missing has none. They are read anew each time, so that nothing
/// secret is kept. Immutable and thread-safe.
public final class OfflineSecrets implements SecretSource {

  /// Bytes of a file; policies and key rings stand in it besides keys.
  private static final int MAX_BYTES = 16 * 1024 * 1024;

  private static final List<Path> FILES =
      List.of(
          Path.of("/etc/aa-offline_fs_kbc-keys.json"),
          Path.of("/etc/aa-offline_fs_kbc-resources.json"));

  private final List<Path> files;

  /// @param files the later ones count more
  public OfflineSecrets(List<Path> files) {
    this.files = List.copyOf(files);
  }

  /// The files of guests, and those that the variable `OFFLINE_FS_KBC_EXTRA_FILE_PATH` names.
  ///
  /// @param extra its value, paths with commas between them; empty for none
  public static OfflineSecrets ofGuest(String extra) {
    List<Path> all = new ArrayList<>(FILES);
    for (String path : extra.split(",", -1)) {
      if (!path.isBlank()) {
        all.add(Path.of(path.strip()));
      }
    }
    return new OfflineSecrets(all);
  }

  @Override
  public byte[] read(String uri, int maxBytes) throws ImageException {
    ResourceUri resource = ResourceUri.parse(uri);
    if (!resource.isResource() || resource.segments().size() != 3) {
      throw new BadReferenceException(
          "read %s: files have resources of the form kbs:///REPOSITORY/TYPE/TAG only"
              .formatted(uri));
    }
    for (Path file : files.reversed()) {
      Optional<byte[]> found = find(file, resource.path());
      if (found.isPresent()) {
        byte[] bytes = found.get();
        if (bytes.length > maxBytes) {
          Arrays.fill(bytes, (byte) 0);
          throw new UnsafeContentException(
              "read %s: %d bytes are more than the %d allowed"
                  .formatted(uri, bytes.length, maxBytes));
        }
        return bytes;
      }
    }
    throw new NotFoundException(
        "read %s: none of the files %s has '%s'".formatted(uri, files, resource.path()));
  }

  private static Optional<byte[]> find(Path file, String path) throws ImageException {
    Optional<JsonObject> all = object(file);
    if (all.isEmpty() || !all.get().has(path)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Base64.getDecoder().decode(all.get().string(path)));
    } catch (IllegalArgumentException malformed) {
      throw new BadReferenceException(
          "read resources %s: '%s' is not base64".formatted(file, path));
    } catch (UnsafeContentException notText) {
      throw new BadReferenceException(String.valueOf(notText.getMessage()), notText);
    }
  }

  private static Optional<JsonObject> object(Path file) throws BadReferenceException {
    byte[] bytes;
    try (InputStream stream = Files.newInputStream(file)) {
      bytes = stream.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    } catch (IOException unreadable) {
      throw new BadReferenceException(
          "read resources %s: %s; make it readable".formatted(file, unreadable), unreadable);
    }
    try {
      return Optional.of(
          JsonReader.readObject(bytes, "resources " + file, JsonLimits.ofBytes(MAX_BYTES)));
    } catch (UnsafeContentException malformed) {
      // The parser's own words may show what it read.
      throw new BadReferenceException(
          "read resources %s: expected a JSON object of at most %d bytes"
              .formatted(file, MAX_BYTES));
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
