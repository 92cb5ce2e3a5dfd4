package io.sealift.registry.login;

import io.sealift.failure.ImageException;
import io.sealift.registry.CredentialSource;
import io.sealift.registry.Credentials;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Credentials from files, the first that has some for the repository. In one file the first of
/// these counts:
///
/// | | |
/// |---|---|
/// | `credHelpers` | the program that is named for the registry, when it is allowed and has some |
/// | `auths` | the nearest entry, when it has some |
/// | `credsStore` | the program that is named for all registries, likewise |
///
/// Files are read each time; nothing is kept.
public final class AuthFiles implements CredentialSource {

  private final List<AuthPlace> places;
  private final CredentialHelpers helpers;

  /// @param places in their order
  public AuthFiles(List<AuthPlace> places, CredentialHelpers helpers) {
    this.places = List.copyOf(places);
    this.helpers = helpers;
  }

  @Override
  public Answer credentialsFor(String registry, String repository)
      throws ImageException, InterruptedIOException {
    List<String> refused = new ArrayList<>();
    for (AuthPlace place : places) {
      Optional<byte[]> bytes = place.read();
      if (bytes.isPresent()) {
        Optional<Credentials> found = find(place, bytes.get(), registry, repository, refused);
        if (found.isPresent()) {
          return new Answer.Known(found.get(), place.name());
        }
      }
    }
    return new Answer.Unknown(
        refused.isEmpty()
            ? "pass --creds USER:PASSWORD, or --authfile FILE with an entry for it"
            : refused.getFirst());
  }

  private Optional<Credentials> find(
      AuthPlace place, byte[] bytes, String registry, String repository, List<String> refused)
      throws ImageException, InterruptedIOException {
    AuthFile file;
    try {
      file = AuthFile.parse(bytes, place.name(), place.old());
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
    Optional<Credentials> found = ask(place, file.helper(registry), refused);
    if (found.isEmpty()) {
      found = file.credentials(registry, repository);
    }
    return found.isPresent() ? found : ask(place, file.store(registry), refused);
  }

  private Optional<Credentials> ask(
      AuthPlace place, Optional<AuthFile.Keeper> keeper, List<String> refused)
      throws ImageException, InterruptedIOException {
    if (keeper.isEmpty()) {
      return Optional.empty();
    }
    String helper = keeper.get().helper();
    if (helpers.allows(helper)) {
      return helpers.get(helper, keeper.get().server());
    }
    refused.add(
        CredentialHelpers.isName(helper)
            ? "let the credential helper that %s names be run, with --credential-helper %s"
                .formatted(place.name(), helper)
            : "repair %s, which names a credential helper with no proper name"
                .formatted(place.name()));
    return Optional.empty();
  }
}
