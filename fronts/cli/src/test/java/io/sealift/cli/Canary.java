package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A small tree beside whatever an image is brought to, of which nothing may change: not a name,
/// mode, owner, link, time or byte.
final class Canary {

  private final Path directory;
  private final List<String> before;

  private Canary(Path directory) throws IOException {
    this.directory = directory;
    this.before = lines();
  }

  /// Makes it.
  ///
  /// @param directory is not there yet
  static Canary in(Path directory) throws IOException {
    Files.createDirectory(directory);
    Files.writeString(directory.resolve("f"), "sings");
    Files.writeString(directory.resolve("passwd"), "bird:x:0:0::/:\n");
    Files.createDirectory(directory.resolve("d"));
    Files.createSymbolicLink(directory.resolve("l"), Path.of("f"));
    return new Canary(directory);
  }

  /// Its absolute path.
  @Override
  public String toString() {
    return directory.toString();
  }

  /// A text with its path for `CANARY`, and for `INSIDE` the path without its first `/`.
  String in(String text) {
    return text.replace("CANARY", directory.toString())
        .replace("INSIDE", directory.toString().substring(1));
  }

  void assertUntouched() throws IOException {
    assertEquals(before, lines());
  }

  private List<String> lines() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.sorted().map(Canary::line).toList();
    }
  }

  private static String line(Path path) {
    try {
      return "%s %s %s"
          .formatted(
              path,
              Files.readAttributes(
                  path, "unix:mode,uid,gid,nlink,ctime", LinkOption.NOFOLLOW_LINKS),
              Files.isDirectory(path) ? "" : Files.readString(path));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
