package io.sealift.policy;

import io.sealift.failure.PolicyRefusedException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The keys under which a policy may speak of an image, the most particular one first
/// (containers-policy.json(5), Policy transports and scopes):
///
/// | name | keys |
/// |---|---|
/// | `a.b.example:5000/ns/app:v1` | `a.b.example:5000/ns/app:v1`, `a.b.example:5000/ns/app`, `a.b.example:5000/ns`, `a.b.example:5000`, `*.b.example`, `*.example`, `` |
/// | `r.example/app:v1@sha256:…` | `r.example/app@sha256:…`, `r.example/app`, `r.example`, `*.example`, `` |
/// | `oci:/images/app:v1` | `/images/app`, `/images`, `` |
///
/// @param transport the name of the transport in policies
record ScopeKeys(String transport, List<String> keys) {

  /// The keys of a logical name. Paths are looked at where they lie: symbolic links in them are
  /// followed, so that a link cannot bring an image under the rule of another directory.
  ///
  /// @throws PolicyRefusedException when a path cannot be followed
  static ScopeKeys of(ImageName name) throws PolicyRefusedException {
    List<String> keys =
        switch (name) {
          case ImageName.InRegistry(Reference reference) -> references(reference);
          case ImageName.InLayout(Path directory, String _) -> paths(name, directory);
          case ImageName.InArchive(Path file, String _) -> paths(name, file);
        };
    keys.add("");
    return new ScopeKeys(
        switch (name) {
          case ImageName.InRegistry _ -> "docker";
          case ImageName.InLayout _ -> "oci";
          case ImageName.InArchive _ -> "oci-archive";
        },
        List.copyOf(keys));
  }

  private static List<String> references(Reference reference) {
    List<String> keys = new ArrayList<>();
    String key = reference.repository();
    keys.add(
        reference.digest() == null ? key + ":" + reference.tag() : key + "@" + reference.digest());
    keys.add(key);
    for (int slash = key.lastIndexOf('/'); slash >= 0; slash = key.lastIndexOf('/')) {
      key = key.substring(0, slash);
      keys.add(key);
    }
    // An address in brackets has no parents.
    String host = key.startsWith("[") ? "" : key.replaceFirst(":.*", "");
    for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.')) {
      host = host.substring(dot + 1);
      keys.add("*." + host);
    }
    return keys;
  }

  private static List<String> paths(ImageName name, Path path) throws PolicyRefusedException {
    List<String> keys = new ArrayList<>();
    for (@Nullable Path at = real(name, path);
        at != null && at.getNameCount() > 0;
        at = at.getParent()) {
      keys.add(at.toString());
    }
    return keys;
  }

  /// Without symbolic links, and with `..` followed as whoever opens the path follows it; of what
  /// is not there, as much as is there.
  private static Path real(ImageName name, Path path) throws PolicyRefusedException {
    try {
      if (Files.exists(path)) {
        return path.toRealPath();
      }
      Path absolute = path.toAbsolutePath().normalize();
      Path there = absolute;
      while (!Files.exists(there) && there.getParent() != null) {
        there = there.getParent();
      }
      return there.toRealPath().resolve(there.relativize(absolute));
    } catch (IOException unreadable) {
      throw new PolicyRefusedException(
          "find the scope of %s: %s cannot be followed: %s".formatted(name, path, unreadable),
          unreadable);
    }
  }
}
