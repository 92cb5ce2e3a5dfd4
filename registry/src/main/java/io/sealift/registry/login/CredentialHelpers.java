package io.sealift.registry.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.Quoted;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.registry.Credentials;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Programs that keep credentials (Docker's credential helpers): `docker-credential-NAME get` reads
/// the registry's name and writes `{"ServerURL": …, "Username": …, "Secret": …}`. Only those that
/// the user allows by name are run, whatever a file says.
///
/// @param allowed names, without `docker-credential-`
/// @param programs finds a program by its whole name
/// @param timeout for one of them
public record CredentialHelpers(
    Set<String> allowed, Function<String, Optional<Path>> programs, Duration timeout) {

  /// A minute: helpers of clouds ask a server first.
  public static final Duration TIMEOUT = Duration.ofSeconds(60);

  /// None is ever run.
  public static final CredentialHelpers NONE =
      new CredentialHelpers(Set.of(), _ -> Optional.empty(), TIMEOUT);

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /// What a helper says, with a status that is not 0, when it has nothing.
  private static final String NOTHING = "credentials not found in native keychain";

  /// The user name of a secret that is an identity token.
  private static final String IDENTITY = "<token>";

  /// Characters of a helper's complaint in a message.
  private static final int MAX_COMPLAINT = 200;

  public CredentialHelpers {
    allowed = Set.copyOf(allowed);
  }

  /// Whether a text can be the name of a helper.
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  boolean allows(String helper) {
    return isName(helper) && allowed.contains(helper);
  }

  /// Asks an allowed helper; empty when it has nothing for this server.
  Optional<Credentials> get(String helper, String server)
      throws ImageException, InterruptedIOException {
    String name = "docker-credential-" + helper;
    String operation = "ask %s for the credentials of %s".formatted(name, server);
    Path program =
        programs
            .apply(name)
            .orElseThrow(
                () -> new NotFoundException(operation + ": there is no such program in PATH"));
    HelperProcess.Result result =
        HelperProcess.run(operation, program, server.getBytes(UTF_8), timeout);
    try {
      if (result.status() == 0) {
        return credentials(operation, result.output());
      }
      String said = new String(result.output(), UTF_8).strip();
      if (said.contains(NOTHING)) {
        return Optional.empty();
      }
      // What is JSON may hold a secret in spite of the status.
      String words =
          said.isEmpty() || said.startsWith("{")
              ? "it said nothing"
              : Quoted.of(said, MAX_COMPLAINT);
      throw new AuthenticationException(
          "%s: it ended with status %d: %s".formatted(operation, result.status(), words));
    } finally {
      Arrays.fill(result.output(), (byte) 0);
    }
  }

  private static Optional<Credentials> credentials(String operation, byte[] answer)
      throws AuthenticationException {
    try {
      JsonObject json =
          JsonReader.readSecrets(answer, "answer", JsonLimits.ofBytes(HelperProcess.MAX_BYTES));
      String user = json.optionalString("Username").orElse("");
      char[] secret = json.optionalString("Secret").orElse("").toCharArray();
      try {
        if (user.isEmpty() && secret.length == 0) {
          return Optional.empty();
        }
        return Optional.of(
            user.equals(IDENTITY)
                ? Credentials.identityToken(user, secret)
                : new Credentials(user, secret));
      } finally {
        Arrays.fill(secret, '\0');
      }
    } catch (UnsafeContentException | IllegalArgumentException malformed) {
      // The latter quotes, and the former says no more than this.
      throw new AuthenticationException(
          operation + ": expected a JSON object with ServerURL, Username and Secret");
    }
  }
}
