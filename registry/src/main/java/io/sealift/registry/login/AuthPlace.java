package io.sealift.registry.login;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.secret.SecretSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// A place that credentials may be kept in.
public sealed interface AuthPlace {

  /// Bytes of such a file; one with a hundred registries has 20 000.
  int MAX_BYTES = 1 << 20;

  /// What it is called in messages.
  String name();

  /// The file, whole and the caller's to clear; empty when there is none and none has to be.
  Optional<byte[]> read() throws ImageException, InterruptedIOException;

  /// Whether the file is of the form that came before `config.json`: the `auths` alone.
  default boolean old() {
    return false;
  }

  /// One of the usual places, which need not be there: `auth.json`, `config.json`.
  static AuthPlace usual(Path file) {
    return new Usual(file, false);
  }

  /// `~/.dockercfg`, which need not be there.
  static AuthPlace dockercfg(Path file) {
    return new Usual(file, true);
  }

  /// A place that the user named, which has to be there: a path or a URI.
  ///
  /// @param name as the user has it
  /// @param uri as the source of secrets knows it
  static AuthPlace named(String name, String uri, SecretSource secrets) {
    return new Named(name, uri, secrets);
  }

  record Usual(Path file, boolean old) implements AuthPlace {

    @Override
    public String name() {
      return file.toString();
    }

    @Override
    public Optional<byte[]> read() throws BadReferenceException {
      try (InputStream stream = Files.newInputStream(file)) {
        byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw new BadReferenceException(
              "read credentials in %s: more than the %d bytes allowed".formatted(file, MAX_BYTES));
        }
        return Optional.of(bytes);
      } catch (NoSuchFileException missing) {
        return Optional.empty();
      } catch (IOException unreadable) {
        if (unreadable instanceof FileSystemException && !Files.exists(file)) {
          return Optional.empty(); // a directory on the way is none, or not ours to look into
        }
        throw new BadReferenceException(
            "read credentials in %s: %s; make it readable, or name another file with --authfile"
                .formatted(file, unreadable.getMessage()),
            unreadable);
      }
    }
  }

  record Named(String name, String uri, SecretSource secrets) implements AuthPlace {

    @Override
    public Optional<byte[]> read() throws ImageException, InterruptedIOException {
      return Optional.of(secrets.read(uri, MAX_BYTES));
    }
  }
}
