package io.sealift.store;

import io.sealift.failure.StoreException;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The store's own small files and directories. Every change of the store is one of the calls here
/// that change something, so whoever lets the n-th of them fail sees the store as a crash there
/// would leave it. Nothing here gives up because its thread was interrupted.
class Disk {

  /// Makes a directory that only its owner enters: what images hold, programs with set-user-id
  /// included, is nobody else's to run. Nothing happens when it is there.
  void makeDirectory(Path directory) throws StoreException {
    try {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (FileAlreadyExistsException there) {
      if (!Files.isDirectory(directory)) {
        throw DiskFailure.of("make directory", directory, there);
      }
    } catch (IOException failed) {
      throw DiskFailure.of("make directory", directory, failed);
    }
  }

  /// Makes a directory for a layer's tree, with the attributes that a root has unless the layer
  /// says otherwise.
  void makeTree(Path directory) throws StoreException {
    makeDirectory(directory);
    try {
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException failed) {
      throw DiskFailure.of("make directory", directory, failed);
    }
  }

  /// Makes a directory with its missing parents.
  final void makeDirectories(Path directory) throws StoreException {
    Path parent = directory.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      makeDirectories(parent);
    }
    makeDirectory(directory);
  }

  /// Makes an empty file. Nothing happens when it is there.
  void touch(Path file) throws StoreException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException there) {
      // As it should be.
    } catch (IOException failed) {
      throw DiskFailure.of("make", file, failed);
    }
  }

  /// Writes a file that is not there yet, durably.
  void write(Path file, byte[] bytes) throws StoreException {
    try (FileOutputStream out = new FileOutputStream(file.toFile())) {
      out.write(bytes);
      out.getFD().sync();
    } catch (IOException failed) {
      throw DiskFailure.of("write", file, failed);
    }
  }

  /// Renames a file over another one, or a directory to a name that is free.
  void rename(Path from, Path to) throws StoreException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException crossing) {
      throw DiskFailure.of("rename", from, crossing);
    } catch (IOException failed) {
      throw DiskFailure.of("rename", from, failed);
    }
  }

  /// Says that a file was used just now, by its time of change. Nothing happens when it is not
  /// there.
  void stamp(Path file) throws StoreException {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (NoSuchFileException gone) {
      // Nobody wants to know any more.
    } catch (IOException failed) {
      throw DiskFailure.of("stamp", file, failed);
    }
  }

  /// When a file was written or stamped; empty when it is not there.
  final Optional<Instant> stamped(Path file) throws StoreException {
    try {
      return Optional.of(Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant());
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (IOException failed) {
      throw DiskFailure.of("look at", file, failed);
    }
  }

  /// Makes the names in a directory durable.
  void sync(Path directory) throws StoreException {
    boolean interrupted = false;
    try {
      while (true) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
          channel.force(true);
          return;
        } catch (ClosedByInterruptException again) {
          interrupted |= Thread.interrupted();
        } catch (IOException failed) {
          throw DiskFailure.of("sync", directory, failed);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Deletes a file or an empty directory. Nothing happens when it is not there.
  void delete(Path file) throws StoreException {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failed) {
      throw DiskFailure.of("delete", file, failed);
    }
  }

  /// The content of a regular file; empty when it is not there.
  ///
  /// @param maxBytes how many it may have
  final Optional<byte[]> read(Path file, int maxBytes) throws StoreException {
    try {
      if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isRegularFile()) {
        throw new StoreException(
            "read %s: expected a regular file; run 'sealift fsck --repair'".formatted(file));
      }
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    } catch (IOException failed) {
      throw DiskFailure.of("read", file, failed);
    }
    try (FileInputStream in = new FileInputStream(file.toFile())) {
      byte[] bytes = in.readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        throw new StoreException(
            "read %s: more than the %d bytes allowed; run 'sealift fsck --repair'"
                .formatted(file, maxBytes));
      }
      return Optional.of(bytes);
    } catch (FileNotFoundException unreadable) {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw DiskFailure.of("read", file, unreadable);
      }
      return Optional.empty(); // removed a moment ago
    } catch (IOException failed) {
      throw DiskFailure.of("read", file, failed);
    }
  }

  /// Bytes of a file; 0 when it is not there.
  final long size(Path file) throws StoreException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException absent) {
      return 0;
    } catch (IOException failed) {
      throw DiskFailure.of("look at", file, failed);
    }
  }

  /// What the file system of a directory has; empty when it does not say.
  Optional<Space> space(Path directory) {
    File file = directory.toFile();
    long total = file.getTotalSpace();
    return total == 0 ? Optional.empty() : Optional.of(new Space(file.getUsableSpace(), total));
  }

  /// @param usable bytes that this process may still write
  record Space(long usable, long total) {}

  /// The entries of a directory in the order of their names; none when it is not there.
  final List<Path> list(Path directory) throws StoreException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    } catch (IOException | java.nio.file.DirectoryIteratorException failed) {
      throw DiskFailure.of("list", directory, failed);
    }
    entries.sort(null);
    return entries;
  }
}
