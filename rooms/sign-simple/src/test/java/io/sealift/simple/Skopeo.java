package io.sealift.simple;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The real skopeo with the keys of a {@link Gpg}.
///
/// @param settings a directory `registries.d`
record Skopeo(Gpg gpg, Path settings) {

  /// What skopeo did and said.
  record Ran(int status, String said) {}

  Ran run(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("skopeo", "--registries.d", settings.toString()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("GNUPGHOME", gpg.home().toString());
    Process skopeo = builder.start();
    String said = new String(skopeo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(skopeo.waitFor(), said);
  }

  /// Copies an image into a registry over plain HTTP and, when there is a key, signs it there.
  ///
  /// @param key a fingerprint; empty for none
  void push(String from, String name, String key) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("--insecure-policy", "copy", "--dest-tls-verify=false"));
    if (!key.isEmpty()) {
      arguments.addAll(List.of("--sign-by", key));
    }
    arguments.addAll(List.of(from, "docker://" + name));
    Ran ran = run(arguments.toArray(String[]::new));
    assertEquals(0, ran.status(), ran.said());
  }

  /// Whether skopeo lets an image of a registry in by a policy file.
  boolean admits(String name, Path policy, Path into) throws Exception {
    String[] command = {
      "--policy",
      policy.toString(),
      "copy",
      "--src-tls-verify=false",
      "docker://" + name,
      "dir:" + into
    };
    Ran ran = run(command);
    boolean refused = ran.said().contains("Source image rejected");
    assertEquals(ran.status() != 0, refused, ran.said());
    return !refused;
  }
}
