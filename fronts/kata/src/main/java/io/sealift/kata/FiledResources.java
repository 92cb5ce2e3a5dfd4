package io.sealift.kata;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.imageconfig.HubSettings.Resource;
import io.sealift.secret.SecretSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;

/// Writes resources of the guest's owner to files before the first call, as a data hub does
/// (guest-components, `confidential-data-hub/hub/src/auth/kbs.rs`).
///
/// @param directory the only one that files are written below
record FiledResources(Path directory) {

  /// Where files of a data hub's resources are.
  static final Path OF_HUB = Path.of("/run/confidential-containers/cdh/kbs");

  /// Bytes of one, as of what a call may answer.
  private static final int MAX_BYTES = 4 << 20;

  /// @throws ImageException when one cannot be had or written; those before it are there
  void write(List<Resource> resources, SecretSource secrets)
      throws ImageException, InterruptedIOException {
    for (Resource resource : resources) {
      Path file = file(resource);
      byte[] bytes = secrets.read(resource.uri(), MAX_BYTES);
      try {
        write(file, bytes);
      } catch (IOException failed) {
        throw new StoreException(
            "write %s to %s: %s".formatted(resource.uri(), file, failed), failed);
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    }
  }

  private Path file(Resource resource) throws BadReferenceException {
    String path = resource.path();
    Path file = Path.of(path.replace('\0', '/'));
    boolean plain =
        Arrays.stream(path.split("/", -1)).noneMatch(part -> part.equals(".") || part.equals(".."));
    if (!plain || !file.startsWith(directory) || file.equals(directory)) {
      throw new BadReferenceException(
          "read %s: %s: expected a path below %s without '.' and '..', found %s"
              .formatted(resource.origin(), resource.uri(), directory, path));
    }
    return file;
  }

  /// For this user alone, whole or not at all.
  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(
        file.resolveSibling("."),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("it is a directory");
    }
    Path part =
        Files.createTempFile(
            file.toAbsolutePath().getParent(),
            ".resource",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.write(part, bytes);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
