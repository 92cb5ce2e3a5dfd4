package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.TarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Names without a registry mean the same to all commands.
class ShortNamesTest {

  private static final BuiltImage APP = image("app");
  private static final BuiltImage OTHER = image("other");

  @TempDir Path directory;
  private final InProcessRegistry first = InProcessRegistry.builder().basic("ada", "pw").start();
  private final InProcessRegistry second = InProcessRegistry.start();

  private static BuiltImage image(String content) {
    return new ImageBuilder().layer(new TarBuilder().file("f", content).build()).build();
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  private Run run(String settings, String command, String... arguments) throws Exception {
    Path conf =
        Files.writeString(
            directory.resolve("registries.conf"),
            settings.replace("FIRST", first.address()).replace("SECOND", second.address()));
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of(arguments));
    line.add("--registries-conf=" + conf);
    return Run.of(line.toArray(String[]::new));
  }

  private Run pull(String settings, String name) throws Exception {
    return run(
        settings,
        "pull",
        name,
        "--bundle=" + directory.resolve("bundle-" + name),
        "--work-dir=" + directory.resolve("store"),
        "--snapshotter=copy",
        "--plain-http",
        "--insecure-policy",
        "--progress=none");
  }

  private Run rm(String settings, String name) throws Exception {
    return run(settings, "rm", name, "--work-dir=" + directory.resolve("store"));
  }

  private static final String ALIAS = "[aliases]\n\"tool\" = \"SECOND/team/app\"\n";
  private static final String BOTH = "unqualified-search-registries = ['FIRST', 'SECOND']\n";
  private static final String ONE = "unqualified-search-registries = ['SECOND']\n";

  @Test
  void anImageIsRemovedByTheAliasThatItWasPulledBy() throws Exception {
    second.push("team/app", "latest", APP);
    assertEquals(0, pull(ALIAS, "tool").status());
    assertEquals(4, rm("", "tool").status());
    Run removed = rm(ALIAS, "tool");
    assertEquals("removed " + APP.digest() + "\n", removed.out(), removed.err());
  }

  /// What Docker Hub has under the name is another image.
  @Test
  void onlyWhatThePullMeantIsRemoved() throws Exception {
    second.push("app", "latest", APP).push("other", "latest", OTHER);
    assertEquals(0, pull(ONE, "app").status());
    assertEquals(0, pull(ONE, "other").status());
    assertEquals(4, rm("unqualified-search-registries = ['docker.io']", "app").status());
    assertEquals("removed " + APP.digest() + "\n", rm(ONE, "app:latest").out());
    assertEquals("removed " + OTHER.digest() + "\n", rm(BOTH, "other").out());
  }

  @Test
  void nothingIsRemovedWhenSeveralMayBeMeant() throws Exception {
    second.push("a/app", "latest", APP).push("app", "latest", OTHER);
    String split =
        "unqualified-search-registries = ['SECOND', 'localhost:PORT']\n"
            .replace("PORT", second.address().substring("127.0.0.1:".length()));
    assertEquals(0, pull(ONE, "app").status());
    second.push("app", "latest", APP);
    assertEquals(0, pull(split.replace("'SECOND', ", ""), "app:latest").status());
    Run refused = rm(split, "app");
    assertEquals(2, refused.status());
    assertTrue(
        refused
            .err()
            .startsWith(
                "sealift: read 'app': a short name that 2 registries may have, and they are different images; write one of docker://127.0.0.1:"),
        refused.err());
    assertEquals(0, rm(split, APP.digest().hex().substring(0, 12)).status());
    assertEquals("removed " + OTHER.digest() + "\n", rm(split, "app").out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pull", "inspect", "verify", "unpack", "ls"})
  void aPasswordIsForNoRegistryThatANameOnlyMayMean(String command) throws Exception {
    first.push("app", "latest", APP);
    second.push("app", "latest", APP);
    List<String> arguments = new ArrayList<>(List.of("app", "--creds=ada:pw", "--plain-http"));
    if (command.equals("unpack")) {
      arguments.add(directory.resolve("tree").toString());
    }
    if (command.equals("pull")) {
      arguments.add("--bundle=" + directory.resolve("bundle"));
    }
    Run refused = run(BOTH, command, arguments.toArray(String[]::new));
    assertEquals(2, refused.status());
    assertEquals(
        "sealift: read 'app': a short name that 2 registries may have, and each of them could ask for the password of --creds; write one of docker://%s/app:latest, docker://%s/app:latest\n"
            .formatted(first.address(), second.address()),
        refused.err());
    assertEquals(List.of(), first.requests());
    assertEquals(List.of(), second.requests());
  }

  @Test
  void aPasswordIsForTheOneThatIsMeant() throws Exception {
    first.push("app", "latest", APP);
    String alias = "[aliases]\n\"tool\" = \"FIRST/app\"\n";
    assertEquals(0, run(alias, "inspect", "tool", "--creds=ada:pw", "--plain-http").status());
  }

  @Test
  void aPolicyIsExplainedForWhatANameMeans() throws Exception {
    Path policy =
        Files.writeString(
            directory.resolve("policy.json"),
            """
            {"default": [{"type": "reject"}],
             "transports": {"docker": {"%s/team": [{"type": "insecureAcceptAnything"}]}}}
            """
                .formatted(second.address()));
    Run explained = run(ALIAS, "policy", "explain", policy.toString(), "tool");
    assertTrue(
        explained.out().contains("docker://%s/team/app:latest".formatted(second.address())),
        explained.out() + explained.err());
    assertTrue(explained.out().contains("insecureAcceptAnything"), explained.out());
    Run several = run(BOTH, "policy", "explain", policy.toString(), "tool");
    assertEquals(2, several.status());
    assertEquals(
        "sealift: read 'tool': a short name that 2 registries may have; write one of docker://%s/tool:latest, docker://%s/tool:latest\n"
            .formatted(first.address(), second.address()),
        several.err());
    assertEquals(List.of(), first.requests());
  }
}
