package io.sealift.registry.login;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.registry.Credentials;
import java.util.Map;
import java.util.Optional;

/// A file of credentials (containers-auth.json(5), Docker's `config.json` and `.dockercfg`):
///
/// ```json
/// {"auths": {"registry.example/team": {"auth": "BASE64 OF USER:PASSWORD"}},
///  "credHelpers": {"registry.example": "SUFFIX"}, "credsStore": "SUFFIX"}
/// ```
///
/// Its shape is checked whole, an entry only when it is the one that is wanted. No message quotes
/// it.
final class AuthFile {

  /// The name under which Docker keeps what is for Docker Hub.
  private static final String DOCKER_HUB_URL = "https://index.docker.io/v1/";

  private final String name;
  private final JsonObject auths;
  private final Map<String, String> helpers;
  private final Optional<String> store;
  private final boolean old;

  private AuthFile(
      String name,
      JsonObject auths,
      Map<String, String> helpers,
      Optional<String> store,
      boolean old) {
    this.name = name;
    this.auths = auths;
    this.helpers = helpers;
    this.store = store;
    this.old = old;
  }

  /// @param name of the file, for messages
  /// @param old whether it is the `auths` alone
  static AuthFile parse(byte[] bytes, String name, boolean old) throws BadReferenceException {
    try {
      JsonObject file =
          JsonReader.readSecrets(bytes, name, JsonLimits.ofBytes(AuthPlace.MAX_BYTES));
      JsonObject auths =
          old ? file : file.optionalObject("auths").orElse(new JsonObject(name + ": ", Map.of()));
      for (String key : auths.names()) {
        auths.object(key);
      }
      return old
          ? new AuthFile(name, auths, Map.of(), Optional.empty(), true)
          : new AuthFile(
              name,
              auths,
              file.stringMap("credHelpers"),
              file.optionalString("credsStore").filter(helper -> !helper.isEmpty()),
              false);
    } catch (UnsafeContentException unsound) {
      throw new BadReferenceException(
          unsound.getMessage() + "; repair it, or name another file with --authfile");
    }
  }

  /// A program that keeps credentials, and what they are kept under there.
  record Keeper(String helper, String server) {}

  /// The program that this file names for a registry in particular.
  Optional<Keeper> helper(String registry) {
    for (String alias : AuthKeys.aliases(registry)) {
      if (helpers.containsKey(alias)) {
        return Optional.of(new Keeper(helpers.get(alias), alias));
      }
    }
    return AuthKeys.isDockerHub(registry) && helpers.containsKey(DOCKER_HUB_URL)
        ? Optional.of(new Keeper(helpers.get(DOCKER_HUB_URL), DOCKER_HUB_URL))
        : Optional.empty();
  }

  /// The program that this file names for all registries.
  Optional<Keeper> store(String registry) {
    String server = AuthKeys.isDockerHub(registry) ? DOCKER_HUB_URL : registry;
    return store.map(helper -> new Keeper(helper, server));
  }

  /// The nearest entry's credentials; empty when there is no entry, or nothing in it.
  Optional<Credentials> credentials(String registry, String repository)
      throws BadReferenceException {
    Optional<String> key = AuthKeys.nearest(auths.names(), registry, old ? "" : repository, old);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    try {
      return AuthEntry.credentials(auths.object(key.get()));
    } catch (UnsafeContentException unsound) {
      throw new BadReferenceException(unsound.getMessage());
    } catch (IllegalArgumentException malformed) {
      // Its message may quote.
      throw new BadReferenceException(
          "read %s: %s/%s: expected %s"
              .formatted(name, old ? "" : "/auths", key.get(), AuthEntry.EXPECTED));
    }
  }
}
