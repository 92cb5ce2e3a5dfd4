package io.sealift.registry.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.registry.CredentialSource.Answer;
import io.sealift.registry.Revealed;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialHelpersTest {

  private static final String GOOD =
      "read -r server; echo \"{\\\"ServerURL\\\":\\\"x\\\",\\\"Username\\\":\\\"at\\\",\\\"Secret\\\":\\\"$server\\\"}\"";

  @TempDir Path directory;

  private void program(String name, String script) throws Exception {
    Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private CredentialHelpers allowed(String... names) {
    return new CredentialHelpers(
        Set.of(names),
        name -> Optional.of(directory.resolve(name)).filter(Files::isExecutable),
        CredentialHelpers.TIMEOUT);
  }

  private Answer ask(String json, CredentialHelpers helpers, String registry) throws Exception {
    Path file = Files.writeString(directory.resolve("config.json"), json);
    return new AuthFiles(List.of(AuthPlace.usual(file)), helpers)
        .credentialsFor(registry, "ns/app");
  }

  /// Which helper is asked for what, when both are allowed.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "r.io        | {'credHelpers': {'r.io': 'one'}}                                        | at r.io",
        "r.io        | {'credHelpers': {'r.io/ns': 'one'}}                                     | -",
        "r.io        | {'credHelpers': {'s.io': 'one'}}                                        | -",
        "r.io        | {'credHelpers': {'r.io': 'one'}, 'auths': {'r.io/ns': {'auth': 'YTpi'}}} | at r.io",
        "r.io        | {'credHelpers': {'r.io': 'none'}, 'auths': {'r.io/ns': {'auth': 'YTpi'}}} | a b",
        "r.io        | {'credsStore': 'one', 'auths': {'r.io': {}}}                            | at r.io",
        "r.io        | {'credsStore': 'one', 'auths': {'r.io': {'auth': 'YTpi'}}}              | a b",
        "r.io        | {'credsStore': 'none', 'credHelpers': {'r.io': 'one'}}                  | at r.io",
        "r.io        | {'credsStore': ''}                                                      | -",
        "docker.io   | {'credsStore': 'one'}                                                   | at https://index.docker.io/v1/",
        "docker.io   | {'credHelpers': {'docker.io': 'one'}}                                   | at docker.io",
        "docker.io   | {'credHelpers': {'index.docker.io': 'one'}}                             | at index.docker.io",
        "docker.io   | {'credHelpers': {'https://index.docker.io/v1/': 'one'}}                 | at https://index.docker.io/v1/",
      })
  void theFileSaysWhichHelperIsAskedForWhat(String registry, String json, String user)
      throws Exception {
    program("docker-credential-one", GOOD);
    program("docker-credential-none", "echo credentials not found in native keychain; exit 1");
    Answer answer = ask(json.replace('\'', '"'), allowed("one", "none"), registry);
    assertEquals(
        user,
        answer instanceof Answer.Known(var credentials, _)
            ? Revealed.kindAndSecret(credentials).replace("password", credentials.user())
            : "-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "one    | let the credential helper that FILE names be run, with --credential-helper one",
        "../one | repair FILE, which names a credential helper with no proper name",
        "''     | repair FILE, which names a credential helper with no proper name",
      })
  void aHelperThatIsNotAllowedIsNotRunAndNamed(String helper, String remedy) throws Exception {
    program("docker-credential-one", "touch " + directory.resolve("ran"));
    Answer answer =
        ask("{\"credHelpers\": {\"r.io\": \"" + helper + "\"}}", allowed("two", "../one"), "r.io");
    assertEquals(
        remedy.replace("FILE", directory.resolve("config.json").toString()),
        assertInstanceOf(Answer.Unknown.class, answer).remedy());
    assertFalse(Files.exists(directory.resolve("ran")));
  }

  @Test
  void aTokenOfAHelperIsAnIdentityToken() throws Exception {
    program("docker-credential-one", "echo '{\"Username\":\"<token>\",\"Secret\":\"t\"}'");
    Answer.Known known = (Answer.Known) ask("{\"credsStore\":\"one\"}", allowed("one"), "r.io");
    assertEquals("identity t", Revealed.kindAndSecret(known.credentials()));
  }

  @Test
  void aHelperIsToldToGet() throws Exception {
    program(
        "docker-credential-one",
        "echo \"{\\\"Username\\\":\\\"$# $1\\\",\\\"Secret\\\":\\\"x\\\"}\"");
    Answer.Known known = (Answer.Known) ask("{\"credsStore\":\"one\"}", allowed("one"), "r.io");
    assertEquals("1 get", known.credentials().user());
  }

  /// Helpers that fail; SECRET is not repeated.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo no keyring here; exit 3           | it ended with status 3: no keyring here",
        "echo '{\"Secret\":\"SECRET\"}'; exit 3 | it ended with status 3: it said nothing",
        "echo why >&2; exit 1                   | it ended with status 1: it said nothing",
        "exit 0                                 | expected a JSON object with ServerURL, Username and Secret",
        "echo SECRET                            | expected a JSON object with ServerURL, Username and Secret",
        "echo '{\"Username\":\"u\",\"Secret\":[\"SECRET\"]}' | expected a JSON object with ServerURL, Username and Secret",
        "echo '{\"Username\":\"a:b\",\"Secret\":\"SECRET\"}' | expected a JSON object with ServerURL, Username and Secret",
        "cat /dev/zero                          | it said more than the 1048576 bytes allowed",
      })
  void aHelperThatFailsIsNamed(String script, String message) throws Exception {
    program("docker-credential-one", script);
    AuthenticationException refused =
        assertThrows(
            AuthenticationException.class,
            () -> ask("{\"credsStore\":\"one\"}", allowed("one"), "r.io"));
    assertEquals(
        "ask docker-credential-one for the credentials of r.io: " + message, refused.getMessage());
  }

  @Test
  void aHelperThatIsNotThereIsNamed() {
    ImageException refused =
        assertThrows(
            ImageException.class, () -> ask("{\"credsStore\":\"one\"}", allowed("one"), "r.io"));
    assertEquals(
        "ask docker-credential-one for the credentials of r.io: there is no such program in PATH",
        refused.getMessage());
  }

  @Test
  void aHelperThatTakesTooLongIsEndedWithItsChildren() throws Exception {
    program("docker-credential-one", "sleep 1000; exit 0");
    CredentialHelpers impatient =
        new CredentialHelpers(
            Set.of("one"), name -> Optional.of(directory.resolve(name)), Duration.ofMillis(50));
    AuthenticationException refused =
        assertThrows(
            AuthenticationException.class,
            () -> ask("{\"credsStore\":\"one\"}", impatient, "r.io"));
    assertEquals(
        "ask docker-credential-one for the credentials of r.io: it did not end within 0.05 seconds",
        refused.getMessage());
  }

  @Test
  void waitingForAHelperEndsWithTheThread() throws Exception {
    program("docker-credential-one", "exec sleep 1000");
    Thread.currentThread().interrupt();
    assertThrows(InterruptedIOException.class, () -> allowed("one").get("one", "r.io"));
    assertEquals(true, Thread.interrupted());
  }
}
