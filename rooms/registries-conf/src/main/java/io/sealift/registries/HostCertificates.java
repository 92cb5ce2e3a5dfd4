package io.sealift.registries;

import io.sealift.failure.BadReferenceException;
import io.sealift.source.TlsFiles;
import io.sealift.source.TlsFiles.Pair;
import io.sealift.toml.Settings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Which files of certificates a host has (containerd's `hosts.toml`). Paths are relative to the
/// directory of that file.
///
/// | setting | is |
/// |---|---|
/// | `ca = "a.crt"`, `ca = ["a.crt", "b.crt"]` | authorities |
/// | `client = "a.pem"`, `client = ["a.pem", "b.pem"]` | certificates of ours, each with its key in the same file |
/// | `client = [["a.cert", "a.key"], …]` | the same in two files |
final class HostCertificates {

  /// Files of a directory; one or three are usual.
  private static final int MAX_FILES = 100;

  private HostCertificates() {}

  static TlsFiles of(Settings settings, Path directory) throws BadReferenceException {
    List<Path> authorities = new ArrayList<>();
    for (String file : settings.textOrTexts("ca")) {
      authorities.add(path(settings, "ca", file, directory));
    }
    List<Pair> own = new ArrayList<>();
    for (List<String> files : settings.textsOrLists("client")) {
      if (files.isEmpty() || files.size() > 2) {
        throw settings.bad(
            "client",
            "expected a file, or a certificate and its key, found %d files"
                .formatted(files.size()));
      }
      own.add(
          new Pair(
              path(settings, "client", files.getFirst(), directory),
              path(settings, "client", files.getLast(), directory)));
    }
    return new TlsFiles(authorities, own);
  }

  private static Path path(Settings settings, String key, String text, Path directory)
      throws BadReferenceException {
    try {
      if (!text.isEmpty()) {
        return directory.resolve(text);
      }
    } catch (InvalidPathException malformed) {
      throw settings.bad(key, "'%s' is not a path".formatted(text));
    }
    throw settings.bad(key, "expected a path, found an empty text");
  }

  /// What a directory without settings has, as Docker names it: `*.crt` are authorities, `X.cert`
  /// is a certificate of ours, its key in `X.key` or in the same file.
  static TlsFiles in(Path directory) throws BadReferenceException {
    List<Path> authorities = new ArrayList<>();
    List<Pair> own = new ArrayList<>();
    for (Path file : files(directory)) {
      String name = file.getFileName().toString();
      if (name.endsWith(".crt")) {
        authorities.add(file);
      } else if (name.endsWith(".cert")) {
        Path key = file.resolveSibling(name.substring(0, name.length() - 5) + ".key");
        own.add(new Pair(file, SettingsFiles.isThere(key) ? key : file));
      }
    }
    return new TlsFiles(authorities, own);
  }

  private static List<Path> files(Path directory) throws BadReferenceException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*.{crt,cert}")) {
      for (Path file : all) {
        if (files.size() == MAX_FILES) {
          throw new BadReferenceException(
              "read %s: more than the %d certificates allowed".formatted(directory, MAX_FILES));
        }
        files.add(file);
      }
    } catch (IOException unreadable) {
      throw new BadReferenceException(
          "read %s: %s; make it a directory that can be read"
              .formatted(directory, unreadable.getMessage()),
          unreadable);
    }
    files.sort(null);
    return files;
  }
}
