package io.sealift.store;

import io.sealift.failure.StoreException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns what the file system says into a message that says what to do.
final class DiskFailure {

  /// What the C library says, and what a user can do about it.
  private static final Map<String, String> REMEDIES =
      Map.of(
          "No space left on device",
          "the disk is full; make room, for example with 'sealift gc', or choose another store with --work-dir",
          "Disk quota exceeded",
          "the quota is used up; make room, for example with 'sealift gc', or choose another store with --work-dir",
          "Read-only file system",
          "the store is read-only; choose another one with --work-dir",
          "Permission denied",
          "no permission; run as the store's owner, or choose another store with --work-dir",
          "Operation not permitted",
          "no permission; run as the store's owner, or choose another store with --work-dir",
          "Too many open files",
          "this process has too many files open; raise its limit (ulimit -n)");

  private DiskFailure() {}

  static StoreException of(String operation, Path subject, Exception failed) {
    String reason = reason(failed);
    String text =
        REMEDIES.entrySet().stream()
            .filter(remedy -> reason.contains(remedy.getKey()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse(reason);
    return new StoreException("%s %s: %s".formatted(operation, subject, text), failed);
  }

  private static String reason(Exception failed) {
    return switch (failed) {
      case java.nio.file.AccessDeniedException denied -> "Permission denied";
      case java.nio.file.NoSuchFileException missing -> "no such file";
      case java.nio.file.FileAlreadyExistsException there -> "already there";
      case FileSystemException other -> text(other.getReason(), other);
      default -> text(failed.getMessage(), failed);
    };
  }

  private static String text(@Nullable String message, Exception failed) {
    return message == null ? failed.getClass().getSimpleName() : message;
  }
}
