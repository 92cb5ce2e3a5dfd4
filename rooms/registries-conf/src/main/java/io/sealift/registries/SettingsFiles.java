package io.sealift.registries;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.NotFoundException;
import io.sealift.toml.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files that count, of those that may be there (containers-registries.conf(5)):
///
/// | `$HOME/.config/containers/registries.conf` | read |
/// |---|---|
/// | is there | it, then `*.conf` of `registries.conf.d` beside it |
/// | is not | `/etc/containers/registries.conf`, `*.conf` of `registries.conf.d` beside that, then those of `$HOME/.config/containers/registries.conf.d` |
public final class SettingsFiles {

  /// Files of a directory; real ones have ten.
  private static final int MAX_FILES = 1000;

  private SettingsFiles() {}

  /// Those of a user and a machine; none need be there.
  ///
  /// @param home of the user; null for one who has none
  /// @param machine `/etc/containers`
  public static List<Path> usual(@Nullable Path home, Path machine)
      throws NotFoundException, BadReferenceException {
    Path own = home == null ? null : home.resolve(".config/containers");
    List<Path> files = new ArrayList<>();
    if (own != null && isThere(own.resolve("registries.conf"))) {
      files.add(own.resolve("registries.conf"));
    } else {
      if (isThere(machine.resolve("registries.conf"))) {
        files.add(machine.resolve("registries.conf"));
      }
      files.addAll(dropIns(machine.resolve("registries.conf.d")));
    }
    if (own != null) {
      files.addAll(dropIns(own.resolve("registries.conf.d")));
    }
    return files;
  }

  private static List<Path> dropIns(Path directory)
      throws NotFoundException, BadReferenceException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "*.conf")) {
      for (Path file : entries) {
        if (files.size() == MAX_FILES) {
          throw new BadReferenceException(
              "read %s: more than the %d files allowed".formatted(directory, MAX_FILES));
        }
        if (!Files.isDirectory(file)) {
          files.add(file);
        }
      }
    } catch (NoSuchFileException missing) {
      return List.of();
    } catch (IOException unreadable) {
      throw new NotFoundException(
          "read %s: %s; make it readable".formatted(directory, unreadable), unreadable);
    }
    files.sort(null);
    return files;
  }

  /// Whether there is something, even if it cannot be read.
  static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  static byte[] contents(Path file) throws NotFoundException {
    try (InputStream stream = Files.newInputStream(file)) {
      return stream.readNBytes(Settings.MAX_BYTES + 1);
    } catch (NoSuchFileException missing) {
      throw new NotFoundException("read %s: there is no such file".formatted(file), missing);
    } catch (IOException unreadable) {
      throw new NotFoundException(
          "read %s: %s; make it readable".formatted(file, unreadable), unreadable);
    }
  }
}
