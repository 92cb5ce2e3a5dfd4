package io.sealift.registry.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.registry.CredentialSource.Answer;
import io.sealift.registry.Revealed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Four programs: `one` has credentials for everybody, `none` for nobody, `broken` fails, and
/// `missing` is not there.
class LoginOrderTest {

  @TempDir Path directory;

  @BeforeEach
  void install() throws Exception {
    program(
        "one",
        "read -r server; echo \"{\\\"Username\\\":\\\"at\\\",\\\"Secret\\\":\\\"$server\\\"}\"");
    program("none", "echo credentials not found in native keychain; exit 1");
    program("broken", "echo out of order; exit 2");
  }

  private void program(String name, String script) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("docker-credential-" + name),
            "#!/bin/sh\necho %s >>%s\n%s\n".formatted(name, directory.resolve("ran"), script));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private Answer ask(String order, String allowed, String registry, boolean filed)
      throws Exception {
    Path file = directory.resolve("auth.json");
    if (filed) {
      Files.writeString(file, "{\"auths\": {\"%s\": {\"auth\": \"YTpi\"}}}".formatted(registry));
    }
    CredentialHelpers helpers =
        new CredentialHelpers(
            Set.of(allowed.split(" ", -1)),
            name -> Optional.of(directory.resolve(name)).filter(Files::isExecutable),
            CredentialHelpers.TIMEOUT);
    return new LoginOrder(
            () -> new LoginOrder.Order(List.of(order.split(" ", -1)), "CONF"),
            new AuthFiles(List.of(AuthPlace.usual(file)), helpers),
            helpers)
        .credentialsFor(registry, "ns/app");
  }

  private String ran() throws Exception {
    Path ran = directory.resolve("ran");
    return Files.exists(ran) ? String.join(" ", Files.readAllLines(ran)) : "";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // order, registry, whether a file has credentials too, whose are found, what was run
        "containers-auth.json one        | r.io      | true  | a b          | ''",
        "containers-auth.json one        | r.io      | false | at r.io      | one",
        "one containers-auth.json        | r.io      | true  | at r.io      | one",
        "none containers-auth.json       | r.io      | true  | a b          | none",
        "none broken missing one         | r.io      | true  | at r.io      | none broken one",
        "broken containers-auth.json     | r.io      | true  | a b          | broken",
        "../one containers-auth.json     | r.io      | true  | a b          | ''",
        "one                             | r.io:5000 | true  | at r.io:5000 | one",
        "one                             | docker.io | false | at docker.io | one",
        "one            | registry-1.docker.io | false | at docker.io | one",
      })
  void theFirstThatHasSomeCounts(
      String order, String registry, boolean filed, String user, String ran) throws Exception {
    Answer answer = ask(order, "one none broken missing", registry, filed);
    assertEquals(
        user,
        answer instanceof Answer.Known(var credentials, _)
            ? Revealed.kindAndSecret(credentials).replace("password", credentials.user())
            : "-");
    assertEquals(ran, ran());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "containers-auth.json      | pass --creds USER:PASSWORD, or --authfile FILE with an entry for it",
        "one containers-auth.json  | let the credential helper that CONF names be run, with --credential-helper one",
        "containers-auth.json one  | pass --creds USER:PASSWORD, or --authfile FILE with an entry for it",
        "a/b containers-auth.json  | repair CONF, which names a credential helper with no proper name",
        "none containers-auth.json | log in with docker-credential-none",
        "none                      | log in with docker-credential-none; no file is read, because credential-helpers of CONF does not have containers-auth.json",
      })
  void whatIsMissingIsSaid(String order, String remedy) throws Exception {
    assertEquals(new Answer.Unknown(remedy), ask(order, "none", "r.io", false));
  }

  @Test
  void nothingIsRunThatIsNotAllowed() throws Exception {
    ask("one broken none containers-auth.json", "missing", "r.io", true);
    assertFalse(Files.exists(directory.resolve("ran")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "broken none missing | ask docker-credential-broken for the credentials of r.io: it ended with status 2: out of order",
        "missing broken      | ask docker-credential-missing for the credentials of r.io: there is no such program in PATH",
      })
  void aFailureIsToldWhenNothingElseHasAny(String order, String message) {
    ImageException failed =
        assertThrows(
            ImageException.class, () -> ask(order, "one none broken missing", "r.io", false));
    assertEquals(message, failed.getMessage());
    assertEquals(1, failed.getSuppressed().length);
  }

  @Test
  void aBrokenFileIsPassedOverToo() throws Exception {
    Files.writeString(directory.resolve("auth.json"), "{");
    assertEquals(
        "at",
        ((Answer.Known) ask("containers-auth.json one", "one", "r.io", false))
            .credentials()
            .user());
    assertThrows(
        BadReferenceException.class, () -> ask("containers-auth.json none", "none", "r.io", false));
    assertThrows(
        AuthenticationException.class,
        () -> ask("broken containers-auth.json", "broken", "r.io", false));
  }
}
