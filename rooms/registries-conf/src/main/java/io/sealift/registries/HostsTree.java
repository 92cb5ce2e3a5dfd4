package io.sealift.registries;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.oci.Reference;
import io.sealift.source.Place;
import io.sealift.source.Places;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The settings of registries as containerd reads them: a directory with one directory for each
/// registry, and in it a `hosts.toml`.
///
/// | directory | for |
/// |---|---|
/// | `registry.example_5000_`, `registry.example:5000` | this registry |
/// | `_default` | every registry that has none of its own |
///
/// A directory without the file may hold the registry's certificates instead.
///
/// Read anew for every reference.
public final class HostsTree implements Places {

  private final Path root;

  private HostsTree(Path root) {
    this.root = root;
  }

  /// @throws NotFoundException when there is no such directory
  public static HostsTree at(Path root) throws NotFoundException {
    if (!Files.isDirectory(root)) {
      throw new NotFoundException("read %s: there is no such directory".formatted(root));
    }
    return new HostsTree(root);
  }

  @Override
  public List<Place> of(Reference reference) throws ImageException {
    for (Path directory : directories(reference.domain())) {
      if (SettingsFiles.isThere(directory)) {
        return places(reference, directory);
      }
    }
    return AS_NAMED.of(reference);
  }

  private List<Path> directories(String host) {
    List<Path> directories = new ArrayList<>();
    int colon = host.lastIndexOf(':');
    if (colon > host.lastIndexOf(']')) {
      String port = host.substring(colon + 1);
      directories.add(root.resolve(host.substring(0, colon) + "_" + port + "_"));
    }
    directories.add(root.resolve(host));
    directories.add(root.resolve("_default"));
    return directories;
  }

  private static List<Place> places(Reference reference, Path directory)
      throws BadReferenceException, NotFoundException {
    Path file = directory.resolve("hosts.toml");
    HostsFile hosts =
        SettingsFiles.isThere(file)
            ? HostsFile.parse(SettingsFiles.contents(file), file)
            : HostsFile.ofDirectory(directory);
    List<Place> places = hosts.places(reference);
    if (places.isEmpty()) {
      throw new NotFoundException(
          "find %s: %s names no host with pull among its capabilities".formatted(reference, file));
    }
    return places;
  }
}
