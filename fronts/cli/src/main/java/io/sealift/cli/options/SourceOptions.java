package io.sealift.cli.options;

import io.sealift.cli.console.Surroundings;
import io.sealift.failure.BadReferenceException;
import io.sealift.oci.Platform;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which image of an index is meant, and how a registry is spoken to.
public final class SourceOptions {

  @Option(
      names = "--platform",
      paramLabel = "OS/ARCH[/VARIANT]",
      order = 20,
      description =
          "Choose the image for this platform, such as linux/arm64. Default: this machine's.")
  @Nullable String platform;

  @Option(
      names = "--creds",
      paramLabel = "USER[:PASSWORD]",
      order = 21,
      description =
          "Sign in to the registry. Without a password it is asked for on the terminal, which keeps"
              + " it out of the list of processes.")
  @Nullable String creds;

  @Option(
      names = "--plain-http",
      order = 22,
      description = "Speak HTTP without TLS to the registry.")
  boolean plainHttp;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      order = 23,
      description = "Also trust the certificate authorities in this PEM file.")
  @Nullable Path tlsCa;

  /// For a registry in this process.
  public static SourceOptions overPlainHttp() {
    SourceOptions options = new SourceOptions();
    options.plainHttp = true;
    return options;
  }

  public Platform platform() throws BadReferenceException {
    return platform == null ? Platform.host() : Platform.parse(platform);
  }

  public boolean plainHttp() {
    return plainHttp;
  }

  public Optional<Path> tlsCa() {
    return Optional.ofNullable(tlsCa);
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
      return Optional.of(new Login(user, creds.substring(colon + 1)));
    }
    String password =
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
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return "Login[user=" + user + ", password=***]";
    }
  }
}
