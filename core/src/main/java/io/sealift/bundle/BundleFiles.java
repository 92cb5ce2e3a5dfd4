package io.sealift.bundle;

import io.sealift.failure.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The files of a bundle on this machine, and which of them were made here.
final class BundleFiles {

  /// Bytes of a `config.json`; one that is longer was not written here.
  static final int MAX_CONFIG_BYTES = 16 * 1024 * 1024;

  private final Set<Path> made = new HashSet<>();

  void check(Bundle bundle, boolean replace) throws StoreException {
    try {
      if (isThere(bundle.directory()) && !Files.isDirectory(bundle.directory())) {
        throw refusal(bundle.directory(), "it is no directory");
      }
      if (isThere(bundle.rootfs())) {
        checkRootfs(bundle.rootfs());
      }
      if (!replace && isThere(bundle.config()) && !isPlausible(bundle.config())) {
        throw refusal(bundle.config(), "it is there and something else; remove it");
      }
    } catch (IOException failed) {
      throw new StoreException("check bundle %s: %s".formatted(bundle.directory(), failed), failed);
    }
  }

  private static void checkRootfs(Path rootfs) throws IOException, StoreException {
    if (!Files.isDirectory(rootfs, LinkOption.NOFOLLOW_LINKS)) {
      throw refusal(rootfs, "it is no directory");
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(rootfs)) {
      if (entries.iterator().hasNext()) {
        throw refusal(
            rootfs, "expected no or an empty directory; unmount it or name another bundle");
      }
    }
  }

  private static boolean isPlausible(Path config) throws IOException {
    return Files.isRegularFile(config, LinkOption.NOFOLLOW_LINKS)
        && Files.size(config) <= MAX_CONFIG_BYTES;
  }

  /// The content of a `config.json` that {@link #check} let pass; null when there is none.
  byte @Nullable [] read(Path config) throws StoreException {
    try {
      return isThere(config) ? Files.readAllBytes(config) : null;
    } catch (IOException failed) {
      throw new StoreException("read %s: %s".formatted(config, failed), failed);
    }
  }

  void make(Path directory) throws StoreException {
    try {
      if (!isThere(directory)) {
        Files.createDirectories(directory);
        made.add(directory);
      }
    } catch (IOException failed) {
      throw new StoreException("make bundle %s: %s".formatted(directory, failed), failed);
    }
  }

  /// Puts a file in place at once and durably: after a crash there is the whole file or none.
  void put(Path file, byte[] bytes, boolean replace) throws StoreException {
    Path part = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      if (!replace && isThere(file)) {
        requireSame(file, bytes);
        return;
      }
      writeDurably(part, bytes);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      made.add(file);
      sync(file.resolveSibling("."));
    } catch (IOException failed) {
      StoreException failure = new StoreException("write %s: %s".formatted(file, failed), failed);
      remove(part, failure);
      throw failure;
    }
  }

  private static void requireSame(Path file, byte[] bytes) throws IOException, StoreException {
    if (!isPlausible(file) || !Arrays.equals(Files.readAllBytes(file), bytes)) {
      throw another(file);
    }
  }

  private static void writeDurably(Path file, byte[] bytes) throws IOException {
    Files.deleteIfExists(file);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  void discard(Bundle bundle) throws StoreException {
    try {
      if (made.remove(bundle.config())) {
        Files.deleteIfExists(bundle.config());
      }
      removeIfEmpty(bundle.rootfs());
      if (made.remove(bundle.directory())) {
        removeIfEmpty(bundle.directory());
      }
    } catch (IOException failed) {
      throw new StoreException(
          "discard bundle %s: %s".formatted(bundle.directory(), failed), failed);
    }
  }

  private static void removeIfEmpty(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    boolean empty;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      empty = !entries.iterator().hasNext();
    }
    if (empty) {
      Files.delete(directory);
    }
  }

  private static void remove(Path file, StoreException failure) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException alsoFailed) {
      failure.addSuppressed(alsoFailed);
    }
  }

  private static boolean isThere(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  static StoreException another(Path config) {
    return refusal(config, "it is there with another content; remove it or ask for replacing it");
  }

  private static StoreException refusal(Path path, String why) {
    return new StoreException("make bundle: %s: %s".formatted(path, why));
  }
}
