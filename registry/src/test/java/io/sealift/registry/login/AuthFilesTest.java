package io.sealift.registry.login;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.registry.CredentialSource.Answer;
import io.sealift.registry.Revealed;
import io.sealift.secret.FileSecrets;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthFilesTest {

  @TempDir Path directory;

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /// A file whose entries have their own keys as users.
  private static String auths(String... keys) {
    return Arrays.stream(keys)
        .map(key ->
            "\"%s\": {\"auth\": \"%s\"}".formatted(key, base64(key.replace(':', '%') + ":pw")))
        .collect(java.util.stream.Collectors.joining(", ", "{", "}"));
  }

  private AuthFiles files(String... contents) throws Exception {
    List<AuthPlace> places = new java.util.ArrayList<>();
    for (String content : contents) {
      Path file = directory.resolve("auth" + places.size() + ".json");
      places.add(AuthPlace.usual(content.isEmpty() ? file : Files.writeString(file, content)));
    }
    return new AuthFiles(places, CredentialHelpers.NONE);
  }

  /// The user that is found, `-` for none.
  private static String user(AuthFiles files, String name) throws Exception {
    int slash = name.indexOf('/');
    return switch (files.credentialsFor(name.substring(0, slash), name.substring(slash + 1))) {
      case Answer.Known(var credentials, _) -> credentials.user().replace('%', ':');
      case Answer.Unknown _ -> "-";
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "r.io/ns/app              | r.io r.io/ns r.io/ns/app          | r.io/ns/app",
        "r.io/ns/app              | r.io r.io/ns                      | r.io/ns",
        "r.io/ns/app              | r.io                              | r.io",
        "r.io/ns/app              | r.io/n r.io/ns/ap r.io/ns/app/x   | -",
        "r.io/ns/app              | r.io/ns/app:v1                    | -",
        "r.io/ns/app              | other.io                          | -",
        "r.io/ns/app              | r.io:443                          | -",
        "r.io:5000/ns/app         | r.io                              | -",
        "r.io:5000/ns/app         | r.io r.io:5000                    | r.io:5000",
        "r.io:5000/ns/app         | r.io:5000/ns                      | r.io:5000/ns",
        "r.io/ns/app              | https://r.io                      | https://r.io",
        "r.io/ns/app              | https://r.io/v1/                  | https://r.io/v1/",
        "r.io/ns/app              | http://r.io/v2/                   | http://r.io/v2/",
        "r.io/ns/app              | https://r.io/ns/app               | https://r.io/ns/app",
        "r.io/ns/app              | r.io/v1/                          | -",
        "r.io/ns/app              | https://r.io/v1/ r.io             | r.io",
        "r.io/ns/app              | ftp://r.io                        | -",
        "r.io:5000/a              | https://r.io:5000                 | https://r.io:5000",
        "docker.io/library/a      | docker.io                         | docker.io",
        "docker.io/library/a      | index.docker.io                   | index.docker.io",
        "docker.io/library/a      | registry-1.docker.io              | registry-1.docker.io",
        "docker.io/library/a      | https://index.docker.io/v1/       | https://index.docker.io/v1/",
        "docker.io/library/a      | docker.io/library docker.io       | docker.io/library",
        "docker.io/library/a      | index.docker.io/library docker.io | index.docker.io/library",
        "registry-1.docker.io/l/a | docker.io                         | docker.io",
        "docker.io/library/a      | evil-docker.io docker.io.evil.io  | -",
        "[::1]:5000/a             | [::1]:5000                        | [::1]:5000",
        "R.io/a                   | r.io                              | -",
      })
  void theNearestKeyIsTheOne(String image, String keys, String found) throws Exception {
    AuthFiles files = files("{\"auths\": " + auths(keys.split(" ", -1)) + "}");
    assertEquals(found, user(files, image));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "r.io/ns/app         | r.io                        | r.io",
        "r.io/ns/app         | r.io/v1/                    | r.io/v1/",
        "r.io/ns/app         | https://r.io/v1/            | https://r.io/v1/",
        "r.io/ns/app         | r.io/ns                     | r.io/ns",
        "r.io/ns/app         | s.io                        | -",
        "docker.io/library/a | https://index.docker.io/v1/ | https://index.docker.io/v1/",
      })
  void theOldFileKnowsRegistriesOnly(String image, String keys, String found) throws Exception {
    Path file = Files.writeString(directory.resolve("dockercfg"), auths(keys.split(" ", -1)));
    AuthFiles files = new AuthFiles(List.of(AuthPlace.dockercfg(file)), CredentialHelpers.NONE);
    assertEquals(found, user(files, image));
  }

  /// How an entry reads, with B(…) for base64.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"auth\": \"B(ada:pw)\"                                   | ada  | pw      | password",
        "\"auth\": \"B(ada:p:w:)\"                                 | ada  | p:w:    | password",
        "\"auth\": \"B(ada:)\"                                     | ada  | ``      | password",
        "\"auth\": \"B(:pw)\"                                      | ``   | pw      | password",
        "\"auth\": \"B(ada:\\u0000pw\\u0000\\u0000)\"              | ada  | pw      | password",
        "\"auth\": \"B(ada:pw\\n)\"                                | ada  | pw      | password",
        "\"auth\": \"B(ada:é😀)\"                                  | ada  | é😀     | password",
        "\"auth\": \"\", \"username\": \"ada\", \"password\": \"x\" | ada  | x       | password",
        "\"auth\": \"B(ada:pw)\", \"username\": \"bob\", \"password\": \"x\" | ada | pw | password",
        "\"auth\": \"B(ada:pw)\", \"email\": \"a@b.c\"             | ada  | pw      | password",
        "\"auth\": \"B(ada:pw)\", \"identitytoken\": \"\"          | ada  | pw      | password",
        "\"auth\": \"B(ada:)\", \"identitytoken\": \"t\"           | ada  | t       | identity",
        "\"identitytoken\": \"t\"                                  | ``   | t       | identity",
        "\"auth\": \"B(ada:pw)\", \"registrytoken\": \"r\"         | ``   | r       | token",
        "                                                          | -    | ``      | none",
        "\"auth\": \"\"                                            | -    | ``      | none",
        "\"auth\": null                                            | -    | ``      | none",
        "\"email\": \"a@b.c\"                                      | -    | ``      | none",
      })
  void anEntryIsOneOfThese(String members, String user, String secret, String kind)
      throws Exception {
    String json = members == null ? "" : members.replace("\\u0000", "\0").replace("\\n", "\n");
    int from = json.indexOf("B(");
    if (from >= 0) {
      int to = json.indexOf(')', from);
      json =
          json.substring(0, from) + base64(json.substring(from + 2, to)) + json.substring(to + 1);
    }
    Answer answer = files("{\"auths\":{\"r.io\":{" + json + "}}}").credentialsFor("r.io", "a");
    if (kind.equals("none")) {
      assertInstanceOf(Answer.Unknown.class, answer);
    } else {
      Answer.Known known = assertInstanceOf(Answer.Known.class, answer);
      assertEquals(user, known.credentials().user());
      assertEquals(kind + " " + secret, Revealed.kindAndSecret(known.credentials()));
    }
  }

  @Test
  void wrappedBase64IsRead() throws Exception {
    String wrapped = base64("ada:" + "x".repeat(90)).replaceAll("(.{64})", "$1\\\\n");
    AuthFiles files = files("{\"auths\":{\"r.io\":{\"auth\":\"" + wrapped + "\"}}}");
    assertEquals("ada", user(files, "r.io/a"));
  }

  @Test
  void theFirstFileThatHasSomethingCounts() throws Exception {
    String empty = "{\"auths\":{\"r.io/ns\":{}}}";
    AuthFiles files =
        files(
            "",
            "{}",
            empty,
            "{\"auths\":" + auths("r.io") + "}",
            "{\"auths\":" + auths("r.io/ns") + "}");
    Answer.Known known = (Answer.Known) files.credentialsFor("r.io", "ns/app");
    assertEquals("r.io", known.credentials().user());
    assertEquals(directory.resolve("auth3.json").toString(), known.from());
    assertEquals("-", user(files, "s.io/ns/app"));
  }

  @Test
  void anEmptyEntryHidesThoseFartherAwayInItsFile() throws Exception {
    assertEquals(
        "-",
        user(
            files(
                "{\"auths\":{\"r.io/ns\":{},\"r.io\":{\"auth\":\"%s\"}}}".formatted(base64("a:b"))),
            "r.io/ns/app"));
  }

  /// No message shows what a file holds; SECRET stands in all of them.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "SECRET                                           | read FILE: not sound JSON at character 0; repair it, or name another file with --authfile",
        "[\"SECRET\"]                                     | read FILE: expected a JSON object; repair it, or name another file with --authfile",
        "{\"auths\": {\"r.io\": {\"auth\": SECRET}}}      | read FILE: not sound JSON at character 28; repair it, or name another file with --authfile",
        "{\"auths\": {}, \"auths\": {\"x\": \"SECRET\"}} | read FILE: not sound JSON at character 21; repair it, or name another file with --authfile",
        "{\"auths\": \"SECRET\"}                          | read FILE: /auths: expected an object, found a string; repair it, or name another file with --authfile",
        "{\"auths\": {\"s.io\": \"SECRET\"}}              | read FILE: /auths/s.io: expected an object, found a string; repair it, or name another file with --authfile",
        "{\"auths\": {\"r.io\": {\"auth\": [\"SECRET\"]}}} | read FILE: /auths/r.io/auth: expected a string, found an array",
        "{\"auths\": {\"r.io\": {\"auth\": \"U0VDUkVU\"}}} | read FILE: /auths/r.io: expected base64 of USER:PASSWORD as auth",
        "{\"auths\": {\"r.io\": {\"auth\": \"SECRET!\"}}} | read FILE: /auths/r.io: expected base64 of USER:PASSWORD as auth",
        "{\"auths\": {\"r.io\": {\"registrytoken\": \"SECRET \"}}} | read FILE: /auths/r.io: expected base64 of USER:PASSWORD as auth",
        "{\"credHelpers\": {\"r.io\": [\"SECRET\"]}}      | read FILE: /credHelpers/r.io: expected a string, found an array; repair it, or name another file with --authfile",
        "{\"credsStore\": [\"SECRET\"]}                   | read FILE: /credsStore: expected a string, found an array; repair it, or name another file with --authfile",
      })
  void aBrokenFileIsNamedAndNotQuoted(String json, String message) throws Exception {
    ImageException refused =
        assertThrows(
            BadReferenceException.class, () -> files(json).credentialsFor("r.io", "ns/app"));
    assertEquals(
        message.replace("FILE", directory.resolve("auth0.json").toString()), refused.getMessage());
    StringWriter text = new StringWriter();
    refused.printStackTrace(new PrintWriter(text, true));
    assertFalse(text.toString().contains("SECRET"), text.toString());
  }

  /// An entry that is not wanted is no reason to fail.
  @Test
  void aBrokenEntryOfAnotherRegistryIsPassedOver() throws Exception {
    AuthFiles files =
        files(
            "{\"auths\":{\"s.io\":{\"auth\":\"!\"},\"r.io\":{\"auth\":\""
                + base64("a:b")
                + "\"}}}");
    assertEquals("a", user(files, "r.io/x"));
  }

  @Test
  void aFileThatIsTooLargeIsRefused() throws Exception {
    AuthFiles files = files(" ".repeat(AuthPlace.MAX_BYTES) + "{}");
    ImageException refused =
        assertThrows(BadReferenceException.class, () -> files.credentialsFor("r.io", "a"));
    assertTrue(refused.getMessage().endsWith("more than the 1048576 bytes allowed"));
  }

  @Test
  void aFileThatWasNamedHasToBeThere() {
    String missing = directory.resolve("none.json").toString();
    AuthPlace place = AuthPlace.named(missing, missing, new FileSecrets());
    NotFoundException refused =
        assertThrows(
            NotFoundException.class,
            () ->
                new AuthFiles(List.of(place), CredentialHelpers.NONE).credentialsFor("r.io", "a"));
    assertEquals("read %s: there is no such file".formatted(missing), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"nowhere/auth.json", "file/auth.json"})
  void aUsualPlaceNeedNotBeThere(String place) throws Exception {
    Files.writeString(directory.resolve("file"), "");
    AuthFiles files =
        new AuthFiles(List.of(AuthPlace.usual(directory.resolve(place))), CredentialHelpers.NONE);
    assertEquals("-", user(files, "r.io/a"));
  }
}
