package io.sealift.cli.options;

import io.sealift.cli.console.Surroundings;
import io.sealift.failure.BadReferenceException;
import io.sealift.imageconfig.Setting;
import io.sealift.registry.CredentialSource;
import io.sealift.registry.login.AuthFiles;
import io.sealift.registry.login.AuthPlace;
import io.sealift.registry.login.CredentialHelpers;
import io.sealift.registry.login.LoginOrder;
import io.sealift.secret.SecretSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Who asks a registry.
public final class AccessOptions {

  @Option(
      names = "--creds",
      paramLabel = "USER[:PASSWORD]",
      order = 21,
      description =
          "Sign in to the registry. Without a password it is asked for on the terminal, which keeps"
              + " it out of the list of processes.")
  @Nullable String creds;

  @Option(
      names = "--authfile",
      paramLabel = "FILE",
      order = 21,
      description =
          "Take credentials from this file alone, when a registry wants some: a path, or a URI such as"
              + " kbs:///default/credential/app. Default: what the variable REGISTRY_AUTH_FILE names, or"
              + " else the places of the containers tools and of Docker.")
  @Nullable String authfile;

  @Option(
      names = "--credential-helper",
      paramLabel = "NAME",
      order = 21,
      description =
          "Let the program docker-credential-NAME be run for credentials where such a file, or"
              + " credential-helpers of registries.conf, names it. May be given several times.")
  Set<String> credentialHelpers = new LinkedHashSet<>();

  /// Whether a user was given.
  public boolean namesUser() {
    return creds != null;
  }

  /// The user and password given, the password asked for when it is missing.
  public Optional<Login> login(Surroundings surroundings) throws BadReferenceException {
    if (creds == null) {
      return Optional.empty();
    }
    int colon = creds.indexOf(':');
    String user = colon < 0 ? creds : creds.substring(0, colon);
    if (user.isEmpty()) {
      throw new BadReferenceException("read --creds: expected USER[:PASSWORD], found no user");
    }
    if (colon >= 0) {
      return Optional.of(new Login(user, creds.substring(colon + 1).toCharArray()));
    }
    char[] password =
        surroundings
            .prompt()
            .secret("Password of " + user)
            .orElseThrow(() ->
                new BadReferenceException(
                    "read --creds: no password given, and no terminal to ask for it; use"
                        + " --creds USER:PASSWORD"));
    return Optional.of(new Login(user, password));
  }

  /// A user and a password, which no text shows.
  @SuppressWarnings("ArrayRecordComponent")
  public record Login(String user, char[] password) {
    @Override
    public String toString() {
      return "Login[user=" + user + ", password=***]";
    }
  }

  /// Where credentials are looked up that were not given.
  ///
  /// @param order says which of the files and programs comes first
  public CredentialSource credentials(
      Surroundings surroundings, SecretSource secrets, LoginOrder.Setting order)
      throws BadReferenceException {
    for (String helper : credentialHelpers) {
      if (!CredentialHelpers.isName(helper)) {
        throw new BadReferenceException(
            "read --credential-helper '%s': expected the NAME of docker-credential-NAME"
                .formatted(helper));
      }
    }
    CredentialHelpers helpers =
        new CredentialHelpers(credentialHelpers, surroundings::program, CredentialHelpers.TIMEOUT);
    Optional<String> named =
        Optional.ofNullable(authfile).or(() -> surroundings.setting(Setting.CREDENTIALS));
    List<AuthPlace> places =
        named
            .map(file -> List.of(AuthPlace.named(file, Uris.of(file), secrets)))
            .orElseGet(() -> usualPlaces(surroundings));
    return new LoginOrder(order, new AuthFiles(places, helpers), helpers);
  }

  /// The places of the containers tools (containers-auth.json(5)) and of Docker, first to last.
  private static List<AuthPlace> usualPlaces(Surroundings surroundings) {
    List<AuthPlace> places = new ArrayList<>();
    surroundings
        .variable("XDG_RUNTIME_DIR")
        .map(directory -> Path.of(directory, "containers/auth.json"))
        .or(() ->
            surroundings
                .user()
                .map(user -> Path.of("/run/containers", user.toString(), "auth.json")))
        .ifPresent(file -> places.add(AuthPlace.usual(file)));
    Optional<Path> home = surroundings.variable("HOME").map(Path::of);
    surroundings
        .variable("XDG_CONFIG_HOME")
        .map(Path::of)
        .or(() -> home.map(directory -> directory.resolve(".config")))
        .ifPresent(
            directory -> places.add(AuthPlace.usual(directory.resolve("containers/auth.json"))));
    surroundings
        .variable("DOCKER_CONFIG")
        .map(Path::of)
        .or(() -> home.map(directory -> directory.resolve(".docker")))
        .ifPresent(directory -> places.add(AuthPlace.usual(directory.resolve("config.json"))));
    home.ifPresent(directory -> places.add(AuthPlace.dockercfg(directory.resolve(".dockercfg"))));
    return places;
  }
}
