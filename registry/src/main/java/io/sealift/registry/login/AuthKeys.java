package io.sealift.registry.login;

import io.sealift.oci.Reference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Which key of `auths` is for a repository (containers-auth.json(5)):
///
/// | step | a key is it when |
/// |---|---|
/// | 1 | it is the registry and the repository, or the nearest of their parents, down to the registry |
/// | 2 | it is the registry once `http://` or `https://` and what comes behind the host are gone, as old programs wrote it |
///
/// A tag is never part of a key. The names of Docker Hub count as one.
final class AuthKeys {

  private AuthKeys() {}

  static boolean isDockerHub(String registry) {
    return Reference.DOCKER_HUB_NAMES.contains(registry);
  }

  /// All names of a registry, its own first.
  static List<String> aliases(String registry) {
    if (!isDockerHub(registry)) {
      return List.of(registry);
    }
    List<String> aliases = new ArrayList<>(List.of(registry));
    Reference.DOCKER_HUB_NAMES.stream()
        .filter(name -> !name.equals(registry))
        .forEach(aliases::add);
    return aliases;
  }

  /// The key that is for a repository.
  ///
  /// @param repository empty to look for the registry alone
  /// @param urls whether a key is a URL even when it does not say so
  static Optional<String> nearest(
      Collection<String> keys, String registry, String repository, boolean urls) {
    for (String path = repository; !path.isEmpty(); path = parent(path)) {
      for (String alias : aliases(registry)) {
        if (keys.contains(alias + "/" + path)) {
          return Optional.of(alias + "/" + path);
        }
      }
    }
    return aliases(registry).stream()
        .filter(keys::contains)
        .findFirst()
        .or(() ->
            keys.stream().filter(key -> aliases(registry).contains(host(key, urls))).findFirst());
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(path.lastIndexOf('/'), 0));
  }

  private static String host(String key, boolean urls) {
    String rest = key.replaceFirst("^https?://", "");
    boolean isUrl = urls || rest.length() < key.length();
    int slash = rest.indexOf('/');
    return isUrl && slash >= 0 ? rest.substring(0, slash) : rest;
  }
}
