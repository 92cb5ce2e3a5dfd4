package io.sealift.cli.demo;

import io.sealift.failure.NotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A shell of this machine with everything it needs to run in an otherwise empty root file system.
///
/// @param program where it stands there: `bin/busybox`
/// @param isBusybox whether it has all the usual commands inside
/// @param files contents by path, the program's own included
record Shell(String program, boolean isBusybox, Map<String, byte[]> files) {

  private static final List<Path> BUSYBOXES =
      List.of(
          Path.of("/bin/busybox"),
          Path.of("/usr/bin/busybox"),
          Path.of("/usr/lib/initramfs-tools/bin/busybox"));

  private static final List<Path> SHELLS =
      List.of(Path.of("/bin/dash"), Path.of("/bin/sh"), Path.of("/bin/bash"));

  private static final List<String> LIBRARY_PLACES =
      List.of(
          "/lib/x86_64-linux-gnu",
          "/usr/lib/x86_64-linux-gnu",
          "/lib/aarch64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu",
          "/lib64",
          "/usr/lib64",
          "/lib",
          "/usr/lib");

  /// The busybox of this machine when it needs no libraries, else its shell with its libraries.
  static Shell find() throws IOException, NotFoundException {
    for (Path busybox : BUSYBOXES) {
      Optional<ElfFile> elf = ElfFile.read(busybox);
      if (elf.isPresent() && elf.get().isStatic()) {
        return new Shell("bin/busybox", true, Map.of("bin/busybox", Files.readAllBytes(busybox)));
      }
    }
    for (Path shell : SHELLS) {
      Optional<ElfFile> elf = ElfFile.read(shell);
      if (elf.isPresent()) {
        return withLibraries(shell, elf.get());
      }
    }
    throw new NotFoundException(
        "build the demonstration: this machine has neither a static busybox nor a shell to put into"
            + " an image; install busybox-static");
  }

  private static Shell withLibraries(Path shell, ElfFile elf)
      throws IOException, NotFoundException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("bin/sh", Files.readAllBytes(shell));
    if (!elf.isStatic()) {
      Path linker = Path.of(elf.interpreter());
      files.put(elf.interpreter().substring(1), Files.readAllBytes(linker));
    }
    Deque<String> wanted = new ArrayDeque<>(elf.libraries());
    for (String name = wanted.poll(); name != null; name = wanted.poll()) {
      Path library = library(name);
      if (files.put(library.toString().substring(1), Files.readAllBytes(library)) == null) {
        ElfFile.read(library).ifPresent(needed -> wanted.addAll(needed.libraries()));
      }
    }
    return new Shell("bin/sh", false, files);
  }

  private static Path library(String name) throws NotFoundException {
    return LIBRARY_PLACES.stream()
        .map(place -> Path.of(place, name))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(() ->
            new NotFoundException(
                "build the demonstration: the shell needs %s, which is in no usual place"
                    .formatted(name)));
  }
}
