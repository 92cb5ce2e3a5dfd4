package io.sealift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.RegistryRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whose credentials a registry is shown, here and by the real skopeo, when programs and a file
/// have some: `credential-helpers` of registries.conf. All programs are allowed here.
@Tag("peers")
class SkopeoLoginsTest {

  @TempDir Path directory;
  private final InProcessRegistry registry =
      InProcessRegistry.builder().basic("nobody", "at all").start();

  @AfterEach
  void stop() {
    registry.close();
  }

  private void program(String name, String script) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("docker-credential-" + name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private List<String> arguments(String helpers, String file) throws Exception {
    for (String name : List.of("one", "two")) {
      program(
          name,
          "read -r s; echo \"{\\\"ServerURL\\\":\\\"$s\\\",\\\"Username\\\":\\\"%s\\\",\\\"Secret\\\":\\\"$s\\\"}\""
              .formatted(name));
    }
    program("none", "echo credentials not found in native keychain; exit 1");
    program("broken", "echo out of order; exit 2");
    Path conf = Files.writeString(directory.resolve("registries.conf"), helpers);
    Path auth =
        Files.writeString(
            directory.resolve("auth.json"),
            file.replace('\'', '"')
                .replace("HERE", registry.address())
                .replace("FILE", Base64.getEncoder().encodeToString("file:pw".getBytes(UTF_8))));
    return List.of("--registries-conf=" + conf, "--authfile=" + auth);
  }

  private Map<String, String> environment() {
    return Map.of(
        "HOME",
        directory.toString(),
        "PATH",
        directory + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  }

  private String ours(List<String> settings) {
    List<String> line =
        new ArrayList<>(List.of("inspect", registry.name("ns/app", "v1"), "--plain-http"));
    line.addAll(settings);
    List.of("one", "two", "none", "broken")
        .forEach(name -> line.add("--credential-helper=" + name));
    int before = registry.requests().size();
    Run run = Run.of(environment(), line.toArray(String[]::new));
    assertFalse(run.status() == 0, "nobody is let in");
    return shown(before);
  }

  private String skopeos(List<String> settings) throws Exception {
    List<String> line =
        new ArrayList<>(
            List.of(
                "skopeo",
                settings.getFirst(),
                "inspect",
                "--raw",
                "--tls-verify=false",
                settings.getLast(),
                "docker://" + registry.name("ns/app", "v1")));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("said").toFile());
    builder.environment().putAll(environment());
    int before = registry.requests().size();
    assertFalse(builder.start().waitFor() == 0, "nobody is let in");
    return shown(before);
  }

  private String shown(int before) {
    List<RegistryRequest> all = registry.requests();
    return all.subList(before, all.size()).stream()
        .map(request -> request.header("authorization"))
        .filter(value -> value.startsWith("Basic "))
        .map(value ->
            new String(Base64.getDecoder().decode(value.substring("Basic ".length())), UTF_8)
                .replace(registry.address(), "HERE"))
        .filter(pair -> !pair.equals(":")) // skopeo's, when it has no credentials
        .distinct()
        .reduce("", (one, other) -> one.isEmpty() ? other : one + " " + other);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                          | {'auths':{'HERE':{'auth':'FILE'}}}                            | file:pw",
        "credential-helpers=[]                       | {'auths':{'HERE':{'auth':'FILE'}}}                            | file:pw",
        "credential-helpers=['one']                  | {'auths':{'HERE':{'auth':'FILE'}}}                            | one:HERE",
        "credential-helpers=['one','two']            | {}                                                            | one:HERE",
        "credential-helpers=['none','two']           | {}                                                            | two:HERE",
        "credential-helpers=['broken','two']         | {}                                                            | two:HERE",
        "credential-helpers=['missing','two']        | {}                                                            | two:HERE",
        "credential-helpers=['containers-auth.json','one'] | {'auths':{'HERE/ns':{'auth':'FILE'}}}                   | file:pw",
        "credential-helpers=['containers-auth.json','one'] | {'auths':{'HERE/other':{'auth':'FILE'}}}                | one:HERE",
        "credential-helpers=['one','containers-auth.json'] | {'auths':{'HERE':{'auth':'FILE'}}}                      | one:HERE",
        "credential-helpers=['none','containers-auth.json'] | {'auths':{'HERE':{'auth':'FILE'}}}                     | file:pw",
        "credential-helpers=['containers-auth.json'] | {'auths':{'HERE':{'auth':'FILE'}},'credHelpers':{'HERE':'two'}} | two:HERE",
        "credential-helpers=['one','containers-auth.json'] | {'credHelpers':{'HERE':'two'}}                          | one:HERE",
        "credential-helpers=['none']                 | {'auths':{'HERE':{'auth':'FILE'}}}                            | ''",
        "credential-helpers=['broken']               | {}                                                            | ''",
      })
  void theRegistryIsShownTheSame(String helpers, String file, String expected) throws Exception {
    List<String> settings = arguments(helpers, file);
    assertEquals(expected, skopeos(settings), Files.readString(directory.resolve("said")));
    assertEquals(expected, ours(settings));
  }

  @Test
  void aProgramThatIsNotAllowedIsNamed() throws Exception {
    List<String> line =
        new ArrayList<>(List.of("inspect", registry.name("ns/app", "v1"), "--plain-http"));
    line.addAll(arguments("credential-helpers=['one']", "{}"));
    Run run = Run.of(environment(), line.toArray(String[]::new));
    assertEquals(5, run.status());
    String conf = directory.resolve("registries.conf").toString();
    assertEquals(
        "sealift: log in to %s: the registry wants credentials; let the credential helper that %s names be run, with --credential-helper one; no file is read, because credential-helpers of %s does not have containers-auth.json\n"
            .formatted(registry.url(), conf, conf),
        run.err());
  }
}
