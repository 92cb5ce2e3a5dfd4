package io.sealift.cli.doctor;

import io.sealift.cli.console.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Reads facts of this machine from files, without any privilege.
final class MachineFacts {

  private final Surroundings surroundings;

  MachineFacts(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// A short file's text without the line end; empty when it cannot be read.
  Optional<String> text(String file) {
    try {
      return Optional.of(Files.readString(Path.of(file)).strip());
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  /// A setting of the kernel; `absent` when this kernel does not know it.
  String setting(String file, String absent) {
    return text(file).orElse(absent);
  }

  Optional<Path> program(String name) {
    return surroundings.program(name);
  }

  /// Whether a user may use subordinate ids (subuid(5)).
  boolean hasSubordinateIds(String user) {
    return names(user, "/etc/subuid") && names(user, "/etc/subgid");
  }

  private boolean names(String user, String file) {
    return text(file).orElse("").lines().anyMatch(line -> line.startsWith(user + ":"));
  }
}
