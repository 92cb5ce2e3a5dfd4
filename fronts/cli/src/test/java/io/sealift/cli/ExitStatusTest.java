package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Failures: one line each, and the status that the design gives them.
class ExitStatusTest {

  @TempDir Path directory;

  private static BuiltImage image(byte[] tar) {
    return new ImageBuilder().layer(tar, Packing.GZIP).build();
  }

  private static BuiltImage sound() {
    return image(new TarBuilder().file("a", "content").build());
  }

  /// A layer whose tar is not the one that the config names.
  private static BuiltImage otherTar() {
    BuiltBlob layer =
        BuiltBlob.layer(
                new TarBuilder().file("a", "content").build(), Packing.GZIP, ImageBuilder.Form.OCI)
            .diffId("sha256:" + "0".repeat(64));
    return new ImageBuilder().layer(layer).build();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sound    |                            | 0 | ''",
        "gone     |                            | 4 | gone",
        "sound    | --platform=linux/s390x     | 1 | s390x",
        "UPPER    |                            | 2 | read reference",
        "sound    | --platform=a/b/c/d         | 2 | read platform",
        "sound    | --policy=/nowhere.json     | 4 | /nowhere.json",
        "sound    | --tls-ca=/nowhere.pem      | 4 | /nowhere.pem",
        "sound    | --creds=:secret            | 2 | found no user",
        "sound    | --creds=ada                | 2 | no terminal",
        "otherTar |                            | 6 | sha256:0000",
        "dots     |                            | 7 | ..",
        "sound    | --max-entries=0            | 7 | 0",
        "sound    | --max-layer-bytes=512      | 7 | 512",
      })
  void everyFailureHasItsStatusAndOneLine(String tag, String option, int status, String message)
      throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start()) {
      registry.push("app", "sound", sound());
      registry.push("app", "otherTar", otherTar());
      registry.push("app", "dots", image(new TarBuilder().file("../x", "out").build()));
      String name = tag.equals("UPPER") ? registry.address() + "/APP" : registry.name("app", tag);
      Run run = pull(Map.of(), name, option);
      assertEquals(status, run.status(), run.err());
      if (status != 0) {
        assertEquals("", run.out());
        assertTrue(run.err().startsWith("sealift: "), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertFalse(Files.exists(directory.resolve("bundle/config.json")));
      }
    }
  }

  private Run pull(Map<String, String> environment, String name, String... options) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "pull",
                name,
                "--plain-http",
                "--progress=none",
                "--snapshotter=copy",
                "--bundle=" + directory.resolve("bundle"),
                "--work-dir=" + directory.resolve("store")));
    for (String option : options) {
      if (option != null) {
        line.add(option);
      }
    }
    if (line.stream().noneMatch(option -> option.startsWith("--policy"))) {
      line.add("--insecure-policy");
    }
    return Run.of(environment, line.toArray(String[]::new));
  }

  @Test
  void aStatusThatMeansNoIsAFailureOfTheTransfer() {
    try (InProcessRegistry registry = InProcessRegistry.start()) {
      registry.plan("/manifests/", Fault.status(400, "what is this"));
      Run run = Run.of("inspect", registry.name("app", "v1"), "--plain-http");
      assertEquals(1, run.status(), run.err());
      assertTrue(run.err().contains(registry.address()), run.err());
    }
  }

  @Test
  void wrongBytesAreAFailureOfIntegrity() {
    try (InProcessRegistry registry = InProcessRegistry.start()) {
      BuiltImage image = sound();
      registry.push("app", "v1", image);
      String layer = "/blobs/" + image.layers().getFirst().digest();
      byte[] other = image.layers().getFirst().bytes().clone();
      other[other.length - 1] ^= 1;
      registry.plan(layer, Fault.body(other));
      Run run = pull(Map.of(), registry.name("app", "v1"));
      assertEquals(6, run.status(), run.err());
    }
  }

  @Test
  void credentialsAreAskedForWhenThePasswordIsMissing() {
    try (InProcessRegistry registry =
        InProcessRegistry.builder().basic("ada", "päss:word").start()) {
      registry.push("app", "v1", sound());
      String name = registry.name("app", "v1");
      assertEquals(5, Run.of("inspect", name, "--plain-http").status());
      assertEquals(5, Run.of("inspect", name, "--plain-http", "--creds=ada:wrong").status());
      assertEquals(0, Run.of("inspect", name, "--plain-http", "--creds=ada:päss:word").status());
      List<String> asked = new ArrayList<>();
      Run prompted =
          Run.of(
              Map.of(),
              question -> {
                asked.add(question);
                return Optional.of("päss:word".toCharArray());
              },
              "inspect",
              name,
              "--plain-http",
              "--creds=ada");
      assertEquals(0, prompted.status(), prompted.err());
      assertEquals(List.of("Password of ada"), asked);
    }
  }

  @Test
  void thePasswordIsInNoMessage() {
    try (InProcessRegistry registry = InProcessRegistry.builder().basic("ada", "x").start()) {
      Run run =
          Run.of(
              "inspect",
              registry.name("app", "v1"),
              "--plain-http",
              "--debug",
              "--creds=ada:hunter2");
      assertEquals(5, run.status());
      assertFalse(run.err().contains("hunter2"), run.err());
    }
  }

  @Test
  void theStackTraceIsShownOnRequestOnly() {
    assertTrue(Run.of("inspect", "UPPER", "--debug").err().contains("\tat io.sealift"));
    assertFalse(Run.of("inspect", "UPPER").err().contains("\tat "));
  }

  @Test
  void anInterruptedPullEndsWith130AndLeavesTheStoreClean() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start()) {
      BuiltImage image = sound();
      registry.push("app", "v1", image);
      registry.plan("/blobs/" + image.layers().getFirst().digest(), Fault.stall(10));
      List<Run> runs = new ArrayList<>();
      Thread pull =
          Thread.ofPlatform().start(() -> runs.add(pull(Map.of(), registry.name("app", "v1"))));
      while (registry.requests().stream()
          .noneMatch(request -> request.toString().contains(image.layers().getFirst().digest()))) {
        Thread.onSpinWait();
      }
      pull.interrupt();
      pull.join();
      assertEquals(130, runs.getFirst().status(), runs.getFirst().err());
      assertEquals(
          "sealift: interrupted; nothing unfinished was left behind\n", runs.getFirst().err());
      try (var staged = Files.list(directory.resolve("store/staging"))) {
        assertEquals(List.of(), staged.toList());
      }
      assertEquals(0, Run.of("fsck", "--work-dir=" + directory.resolve("store")).status());
    }
  }
}
