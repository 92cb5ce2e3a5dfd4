package io.sealift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessKeyBroker;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.TarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Credentials from where the containers tools and Docker keep them.
class CredentialsTest {

  private static final String PASSWORD = "correct-horse";
  private static final BuiltImage IMAGE =
      new ImageBuilder().layer(new TarBuilder().file("f", "x").build()).build();

  @TempDir Path directory;
  private final InProcessRegistry registry =
      InProcessRegistry.builder().bearer("ada", PASSWORD).start();

  @BeforeEach
  void publish() {
    registry.push("ns/app", "v1", IMAGE);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private String auths(String key, String password) {
    String pair = Base64.getEncoder().encodeToString(("ada:" + password).getBytes(UTF_8));
    return "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}"
        .formatted(key.replace("HERE", registry.address()), pair);
  }

  private Path write(String file, String content) throws Exception {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, content);
  }

  /// `VARIABLE=DIRECTORY` of the environment.
  private Map<String, String> environment(String variables) {
    Map<String, String> environment = new HashMap<>();
    for (String variable : variables.split(" ", -1)) {
      String[] pair = variable.split("=", -1);
      environment.put(pair[0], directory.resolve(pair[1]).toString());
    }
    return environment;
  }

  private Run inspect(Map<String, String> environment, String... options) {
    List<String> line =
        new ArrayList<>(List.of("inspect", registry.name("ns/app", "v1"), "--plain-http"));
    line.addAll(List.of(options));
    Run run = Run.of(environment, line.toArray(String[]::new));
    assertFalse((run.out() + run.err()).contains(PASSWORD), run.err());
    return run;
  }

  /// The right password is in the first file, a wrong one in the second.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "XDG_RUNTIME_DIR=run                                 | run/containers/auth.json            | none",
        "XDG_RUNTIME_DIR=run HOME=home                       | run/containers/auth.json            | home/.config/containers/auth.json",
        "HOME=home                                           | home/.config/containers/auth.json   | home/.docker/config.json",
        "HOME=home XDG_CONFIG_HOME=conf                      | conf/containers/auth.json           | home/.config/containers/auth.json",
        "HOME=home XDG_CONFIG_HOME=conf                      | home/.docker/config.json            | home/.config/containers/auth.json",
        "HOME=home DOCKER_CONFIG=docker                      | docker/config.json                  | home/.docker/config.json",
        "HOME=home                                           | home/.docker/config.json            | home/.dockercfg",
        "HOME=home                                           | home/.dockercfg                     | none",
        "REGISTRY_AUTH_FILE=my.json XDG_RUNTIME_DIR=run      | my.json                             | run/containers/auth.json",
      })
  void placesHaveAnOrder(String variables, String right, String wrong) throws Exception {
    write(wrong, auths("HERE", "wrong"));
    String content = auths("HERE", PASSWORD);
    write(
        right,
        right.endsWith(".dockercfg") ? content.replaceFirst("\\{\"auths\": (.*)}", "$1") : content);
    Run run = inspect(environment(variables));
    assertEquals(0, run.status(), run.err());
  }

  @ParameterizedTest
  @CsvSource({"HERE, 0", "HERE/ns, 0", "HERE/ns/app, 0", "https://HERE/v1/, 0", "HERE/other, 5"})
  void aKeyIsForWhatItNames(String key, int status) throws Exception {
    Path file = write("auth.json", auths(key, PASSWORD));
    Run run = inspect(Map.of(), "--authfile=" + file);
    assertEquals(status, run.status(), run.err());
  }

  @Test
  void aFileThatIsNamedIsTheOnlyOne() throws Exception {
    write("home/.docker/config.json", auths("HERE", PASSWORD));
    Path empty = write("empty.json", "{}");
    Run run = inspect(environment("HOME=home"), "--authfile=" + empty);
    assertEquals(
        "sealift: get a token from %s/token: UNAUTHORIZED: incorrect username or password (status 401); check the name, or pass --creds USER:PASSWORD, or --authfile FILE with an entry for it\n"
            .formatted(registry.url()),
        run.err());
    assertEquals(5, run.status());
  }

  @Test
  void credsComeBeforeFiles() throws Exception {
    Path wrong = write("auth.json", auths("HERE", "wrong"));
    Run run = inspect(Map.of(), "--authfile=" + wrong, "--creds=ada:" + PASSWORD);
    assertEquals(0, run.status(), run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"--authfile=", "REGISTRY_AUTH_FILE="})
  void aFileMayBeASecretOfTheOwner(String option) throws Exception {
    try (InProcessKeyBroker broker = new InProcessKeyBroker()) {
      broker.resource("resource/default/credential/app", auths("HERE", PASSWORD).getBytes(UTF_8));
      Map<String, String> environment = new HashMap<>();
      environment.put("AA_KBC_PARAMS", "cc_kbc::" + broker.uri());
      String place = "kbs:///default/credential/app";
      Run run;
      if (option.startsWith("--")) {
        run = inspect(environment, option + place);
      } else {
        environment.put("REGISTRY_AUTH_FILE", place);
        run = inspect(environment);
      }
      assertEquals(0, run.status(), run.err());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ correct-horse                  | 2 | read FILE: not sound JSON at character 2; repair it, or name another file with --authfile",
        "{\"auths\": {\"HERE\": \"x\"}}  | 2 | read FILE: /auths/HERE: expected an object, found a string; repair it, or name another file with --authfile",
        "{\"auths\": {\"HERE\": {\"auth\": \"correct-horse\"}}} | 2 | read FILE: /auths/HERE: expected base64 of USER:PASSWORD as auth",
        "{\"credHelpers\": {\"HERE\": \"x\"}} | 5 | get a token from URL/token: UNAUTHORIZED: incorrect username or password (status 401); check the name, or let the credential helper that FILE names be run, with --credential-helper x",
        "                                 | 4 | read FILE: there is no such file",
      })
  void aFileThatIsOfNoUseIsNamed(String content, int status, String message) throws Exception {
    Path file = directory.resolve("auth.json");
    if (content != null) {
      write("auth.json", content.replace("HERE", registry.address()));
    }
    Run run = inspect(Map.of(), "--authfile=" + file);
    assertEquals(
        "sealift: "
            + message
                .replace("FILE", file.toString())
                .replace("HERE", registry.address())
                .replace("URL", registry.url())
            + "\n",
        run.err());
    assertEquals(status, run.status());
  }

  /// Nobody asked for credentials.
  @Test
  void aBrokenFileIsNoMatterForALayoutAndAnOpenRegistry() throws Exception {
    Path file = write("auth.json", "{");
    Path layout = new LayoutWriter().add(IMAGE, "v1").writeTo(directory.resolve("layout"));
    Run local = Run.of("inspect", "oci:" + layout, "--authfile=" + file);
    assertEquals(0, local.status(), local.err());
    try (InProcessRegistry open = InProcessRegistry.start().push("app", "v1", IMAGE)) {
      Run run = Run.of("inspect", open.name("app", "v1"), "--plain-http", "--authfile=" + file);
      assertEquals(0, run.status(), run.err());
    }
  }

  @Test
  void aHelperIsRunWhenItIsAllowed() throws Exception {
    Path helper =
        write(
            "bin/docker-credential-test",
            "#!/bin/sh\necho '{\"Username\": \"ada\", \"Secret\": \"%s\"}'\n".formatted(PASSWORD));
    Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwx------"));
    write("home/.docker/config.json", "{\"credsStore\": \"test\"}");
    Map<String, String> environment = environment("HOME=home PATH=bin");
    assertEquals(5, inspect(environment).status());
    Run run = inspect(environment, "--credential-helper=test");
    assertEquals(0, run.status(), run.err());
    Run bad = inspect(environment, "--credential-helper=../test");
    assertEquals(2, bad.status());
    assertEquals(
        "sealift: read --credential-helper '../test': expected the NAME of docker-credential-NAME\n",
        bad.err());
  }
}
