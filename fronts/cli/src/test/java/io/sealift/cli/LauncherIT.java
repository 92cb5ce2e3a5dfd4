package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.cli.demo.DemoImage;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The launcher with what was packaged, each time in processes of its own.
class LauncherIT {

  private static final Path ROOT =
      Path.of(System.getProperty("sealift.root")).toAbsolutePath().normalize();
  private static final String BUILT = "fronts/cli/target/sealift";
  private static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));

  @TempDir Path directory;

  /// What a process wrote and how it ended.
  private record Ended(int status, String out, String err) {}

  private Process start(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(directory.resolve("out").toFile())
            .redirectError(directory.resolve("err").toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().put("SEALIFT_REBUILD", "never");
    builder.environment().keySet().removeAll(List.of("LC_ALL", "LC_CTYPE", "LANG"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Ended end(Process process) throws Exception {
    int status = process.waitFor();
    return new Ended(
        status,
        Files.readString(directory.resolve("out")),
        Files.readString(directory.resolve("err")));
  }

  private Ended run(Map<String, String> environment, String... command) throws Exception {
    return end(start(List.of(command), environment));
  }

  private Ended sealift(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("sealift").toString()));
    command.addAll(List.of(arguments));
    return end(start(command, Map.of()));
  }

  /// A checkout that was built, with nothing but what runs.
  private Path checkout(String name) throws IOException {
    Path checkout = directory.resolve(name);
    Path lib = Files.createDirectories(checkout.resolve(BUILT).resolve("lib"));
    Files.copy(ROOT.resolve("sealift"), checkout.resolve("sealift"));
    checkout.resolve("sealift").toFile().setExecutable(true);
    try (var jars = Files.newDirectoryStream(ROOT.resolve(BUILT).resolve("lib"))) {
      for (Path jar : jars) {
        Files.copy(jar, lib.resolve(jar.getFileName()));
      }
    }
    return checkout;
  }

  @Test
  void theVersionIsOneLineOnStandardOutputAndNothingElse() throws Exception {
    sealift("--version");
    Ended again = sealift("--version");
    assertEquals(new Ended(0, again.out(), ""), again);
    assertTrue(again.out().matches("sealift \\d+\\.\\d+\\.\\d+\\S*\n"), again.out());
  }

  @Test
  void statusesComeThrough() throws Exception {
    assertEquals(2, sealift("pull").status());
    assertEquals(4, sealift("inspect", "oci:" + directory.resolve("nowhere")).status());
  }

  @Test
  void theProviderOfChannelsIsTheOneThatThePlatformWouldChoose() throws Exception {
    Ended told =
        run(
            Map.of("JDK_JAVA_OPTIONS", "-XshowSettings:properties"),
            ROOT.resolve("sealift").toString(),
            "--version");
    assertEquals(0, told.status(), told.err());
    assertTrue(
        told.err()
            .contains(
                "java.nio.channels.spi.SelectorProvider = "
                    + SelectorProvider.provider().getClass().getName()
                    + "\n"),
        told.err());
  }

  @Test
  void theJdkItPrintsIsNewEnough() throws Exception {
    Ended printed = sealift("--print-java-home");
    assertEquals(0, printed.status(), printed.err());
    Path home = Path.of(printed.out().strip());
    assertTrue(Files.isExecutable(home.resolve("bin/java")), printed.out());
    String version =
        Files.readString(home.resolve("release"))
            .lines()
            .filter(line -> line.startsWith("JAVA_VERSION="))
            .findFirst()
            .orElseThrow();
    assertTrue(
        Integer.parseInt(version.replaceAll("^JAVA_VERSION=\"(\\d+).*$", "$1")) >= 25, version);
  }

  @Test
  void aJdkThatIsNoneIsRefusedByName() throws Exception {
    Ended refused =
        run(
            Map.of("SEALIFT_JAVA_HOME", directory.toString()),
            ROOT.resolve("sealift").toString(),
            "--version");
    assertEquals(1, refused.status());
    assertEquals(
        "sealift: find JDK: SEALIFT_JAVA_HOME=%s is no JDK of version 25 or newer\n"
            .formatted(directory),
        refused.err());
  }

  @Test
  void nothingBuiltAndNoMavenIsSaidInOneLine() throws Exception {
    Path checkout = Files.createDirectories(directory.resolve("fresh"));
    Files.copy(ROOT.resolve("sealift"), checkout.resolve("sealift"));
    Path programs = Files.createDirectories(directory.resolve("bin"));
    for (String name : List.of("mkdir", "flock", "find", "readlink", "id")) {
      Path program = Path.of("/usr/bin", name);
      if (Files.exists(program)) {
        Files.createSymbolicLink(programs.resolve(name), program);
      }
    }
    String home = sealift("--print-java-home").out().strip();
    Ended refused =
        run(
            Map.of(
                "PATH", programs.toString(), "SEALIFT_JAVA_HOME", home, "SEALIFT_REBUILD", "auto"),
            "/bin/sh",
            checkout.resolve("sealift").toString(),
            "--version");
    assertEquals(1, refused.status());
    assertTrue(refused.err().startsWith("sealift: build: Maven is missing"), refused.err());
    assertEquals(1, refused.err().lines().count(), refused.err());
  }

  @Test
  void aPathWithSpacesAndASymlinkToTheLauncherWork() throws Exception {
    Path checkout = checkout("a b 'c");
    Path link = Files.createSymbolicLink(directory.resolve("link"), checkout.resolve("sealift"));
    Ended run = run(Map.of(), link.toString(), "--version");
    assertEquals(new Ended(0, run.out(), ""), run);
    assertTrue(run.out().startsWith("sealift "), run.out());
    for (String cache : List.of("sealift.aot", "plain.aot")) {
      assertTrue(Files.exists(checkout.resolve(BUILT).resolve(cache)), cache);
    }
  }

  @Test
  void theCacheIsMadeAgainForOtherFlagsAndNotForTheSame() throws Exception {
    Path checkout = checkout("flags");
    String launcher = checkout.resolve("sealift").toString();
    Path cache = checkout.resolve(BUILT).resolve("sealift.aot");
    run(Map.of(), launcher, "--version");
    Object first = Files.readAttributes(cache, "unix:ino").get("ino");
    run(Map.of(), launcher, "--version");
    assertEquals(first, Files.readAttributes(cache, "unix:ino").get("ino"));
    run(Map.of("SEALIFT_JAVA_FLAGS", "-Xmx64m"), launcher, "--version");
    assertTrue(
        Files.readString(checkout.resolve(BUILT).resolve("sealift.aot.for")).contains("-Xmx64m"));
  }

  /// A JDK that only says what it was started with.
  private Path tellingJdk() throws IOException {
    Path home = Files.createDirectories(directory.resolve("telling"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assertTrue(java.toFile().setExecutable(true));
    return home;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plain   | one | --version",
        "plain   | one | pull app --bundle b --insecure-policy --plain-http",
        "plain   | one | ls oci:layout --insecure-policy",
        "plain   | two | pull app --bundle b --insecure-policy",
        "plain   | one | inspect app",
        "plain   | one | gc --dry-run",
        "sealift | two | pull app --bundle b",
        "sealift | one | pull app --bundle b --plain-http",
        "sealift | one | unpack app d --plain-http --insecure-policy --decryption-key k",
        "sealift | one | unpack app d --plain-http --insecure-policy --decryption-key=k",
        "sealift | one | unpack app d --plain-http --insecure-policy --authfile kbs:///a/b/c",
        "sealift | one | unpack app d --plain-http --insecure-policy --authfile=kbs:///a/b/c",
        "sealift | one | verify app --insecure-policy",
        "sealift | one | doctor",
        "sealift | one | --help",
      })
  void argumentsChooseTheCacheAndTheCompilers(String cache, String compilers, String line)
      throws Exception {
    Path checkout = directory.resolve("checkout");
    Files.createDirectories(checkout.resolve(BUILT).resolve("lib"));
    Files.copy(ROOT.resolve("sealift"), checkout.resolve("sealift"));
    List<String> command = new ArrayList<>(List.of(checkout.resolve("sealift").toString()));
    command.addAll(List.of(line.split(" ", -1)));
    Map<String, String> environment =
        Map.of("SEALIFT_JAVA_HOME", tellingJdk().toString(), "SEALIFT_USERNS", "none");
    List<String> given = end(start(command, environment)).out().lines().toList();
    Path file = checkout.resolve(BUILT).resolve(cache + ".aot");
    assertTrue(given.contains("-XX:AOTCache=" + file), given::toString);
    assertEquals(compilers.equals("one"), given.contains("-XX:TieredStopAtLevel=1"));
  }

  @Test
  @Tag("root")
  void anybodyMayRunACheckoutThatOnlyItsOwnerCanWrite() throws Exception {
    Path checkout = checkout("shared");
    assertEquals(0, run(Map.of(), checkout.resolve("sealift").toString(), "--version").status());
    assertTrue(directory.toFile().setExecutable(true, false));
    assertTrue(directory.toFile().setReadable(true, false));
    Ended run =
        run(
            Map.of("HOME", "/nonexistent"),
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            checkout.resolve("sealift").toString(),
            "--version");
    assertEquals(new Ended(0, run.out(), ""), run);
  }

  @Test
  void theDemonstrationPullsShowsRunsAndRemoves() throws Exception {
    Path scratch = Files.createDirectories(directory.resolve("scratch"));
    Ended demo = sealift("demo", "--keep", scratch.toString(), "--progress=none");
    assertEquals(0, demo.status(), demo.err());
    assertTrue(demo.out().contains("\nadmitted       sigstoreSigned"), demo.out());
    assertEquals(3, demo.out().split(", encrypted, as ", -1).length - 1, demo.out());
    assertTrue(demo.out().contains("├── etc/"), demo.out());
    assertTrue(demo.out().contains("greeting  rw-r--r--  20 B  2 names"), demo.out());
    assertFalse(demo.out().contains("── motd"), demo.out());
    assertTrue(demo.out().contains("layer 3        "), demo.out());
    if (IS_ROOT && demo.out().contains("exit status 0:")) {
      assertTrue(demo.out().contains(DemoImage.GREETING + "\n"), demo.out());
      assertTrue(demo.out().contains("the old message is gone\n"), demo.out());
    } else {
      assertTrue(demo.out().contains("Not run: "), demo.out());
    }
    String store = "--work-dir=" + scratch.resolve("store");
    assertEquals(0, sealift("unmount", scratch.resolve("bundle").toString(), store).status());
    assertEquals(0, sealift("fsck", store).status());
  }

  @Test
  void namesThatAreNotAsciiComeThroughWithoutALocale() throws Exception {
    // through a shell: the platform of this test may have no locale itself, and so no such names
    String line = "exec \"$0\" inspect \"oci:$1/b$(printf '\\303\\274')cher\"";
    Ended missing =
        run(Map.of(), "bash", "-c", line, ROOT.resolve("sealift").toString(), directory.toString());
    assertTrue(missing.err().contains(directory + "/bücher"), missing.err());
  }

  @Test
  void ctrlCEndsAPullWith130AndLeavesTheStoreClean() throws Exception {
    assertEquals(130, signalled("INT"));
  }

  @Test
  void terminationEndsAPullWith143AndLeavesTheStoreClean() throws Exception {
    assertEquals(143, signalled("TERM"));
  }

  /// Signals a pull whose layer does not come to an end, and looks at what it leaves. A build in
  /// the background may have been told to ignore interrupts, which its children would inherit.
  private int signalled(String signal) throws Exception {
    BuiltImage image =
        new ImageBuilder()
            .layer(new TarBuilder().file("a", "content").build(), Packing.GZIP)
            .build();
    String layer = image.layers().getFirst().digest();
    Path store = directory.resolve("store");
    try (InProcessRegistry registry = InProcessRegistry.start()) {
      registry.push("app", "v1", image).plan("/blobs/" + layer, Fault.stall(10));
      Process pull =
          start(
              List.of(
                  "env",
                  "--default-signal=INT",
                  ROOT.resolve("sealift").toString(),
                  "pull",
                  registry.name("app", "v1"),
                  "--plain-http",
                  "--insecure-policy",
                  "--userns=never",
                  "--progress=none",
                  "--bundle=" + directory.resolve("bundle"),
                  "--work-dir=" + store),
              Map.of());
      while (registry.requests().stream()
          .noneMatch(request -> request.toString().contains(layer))) {
        assertTrue(pull.isAlive(), () -> "ended early: " + pull.exitValue());
        Thread.onSpinWait();
      }
      new ProcessBuilder("kill", "-" + signal, Long.toString(pull.pid())).start().waitFor();
      Ended ended = end(pull);
      assertEquals("sealift: interrupted; nothing unfinished was left behind\n", ended.err());
      try (var staged = Files.list(store.resolve("staging"))) {
        assertEquals(List.of(), staged.toList());
      }
      assertFalse(Files.exists(directory.resolve("bundle/config.json")));
      assertEquals(0, sealift("fsck", "--userns=never", "--work-dir=" + store).status());
      return ended.status();
    }
  }
}
