package io.sealift.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.bundle.BundleOptions.Profile;
import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BundleWriterTest {

  private static final String EVERYTHING =
      """
      ,'variant':'v2','os.version':'10.0','os.features':['win32k'],'created':'2026-01-01T00:00:00Z','author':'Ann <a@b>',
      'config':{'User':'app','Env':['A=1','B=ü'],'Entrypoint':['/e','x'],'Cmd':['y'],'WorkingDir':'srv/work',
        'ExposedPorts':{'80/tcp':{},'53/udp':{}},'Volumes':{'/var/b':{},'/a':{},'/proc':{}},'StopSignal':'SIGINT',
        'Labels':{'z':'1','org.opencontainers.image.exposedPorts':'mine','run.oci.handler':'wasm','a.b':''}}
      """;

  @TempDir private Path temp;

  private Path directory() {
    return temp.resolve("bundle");
  }

  private Path rootfs() throws IOException {
    Path rootfs = directory().resolve("rootfs");
    Files.createDirectories(rootfs.resolve("etc"));
    Files.writeString(rootfs.resolve("etc/passwd"), "app:x:1000:1001::/:\n");
    Files.writeString(rootfs.resolve("etc/group"), "extra:x:5:app\n");
    return rootfs;
  }

  private JsonObject write(BundleOptions options, String more) throws Exception {
    try (DirectoryRoot root = new DirectoryRoot(rootfs())) {
      Bundle bundle = new BundleWriter(options).write(directory(), Images.admitted(more), root);
      byte[] json = Files.readAllBytes(bundle.config());
      assertEquals(-1, new String(json, StandardCharsets.UTF_8).indexOf('\n'));
      return JsonReader.readObject(json, "config.json", JsonLimits.DEFAULT);
    }
  }

  private static BundleOptions profile(Profile profile) {
    return new BundleOptions(true, profile, false);
  }

  private static String golden(String name) throws IOException {
    try (InputStream file =
        Objects.requireNonNull(BundleWriterTest.class.getResourceAsStream(name), name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @CsvSource({"IMAGE_RS, image-rs.json", "CONTAINERD, containerd.json"})
  void writesAllThatTheImageSays(Profile profile, String file) throws Exception {
    JsonObject config = write(profile(profile), EVERYTHING);
    assertEquals(golden(file), new String(JsonWriter.indented(config), StandardCharsets.UTF_8));
    try (Stream<Path> made = Files.walk(directory().resolve("rootfs"))) {
      assertEquals(
          List.of(
              "", "a", "etc", "etc/group", "etc/passwd", "proc", "srv", "srv/work", "var", "var/b"),
          made.map(path -> directory().resolve("rootfs").relativize(path).toString())
              .sorted()
              .toList());
    }
  }

  @Test
  void writesDefaultsForAnImageThatSaysNothing() throws Exception {
    JsonObject config = write(BundleOptions.DEFAULT, "");
    JsonObject process = config.object("process");
    assertEquals(List.of("sh"), process.strings("args"));
    assertEquals(List.of(Defaults.PATH, "TERM=xterm"), process.strings("env"));
    assertEquals("/", process.string("cwd"));
    assertEquals(0, process.object("user").integer("uid"));
    assertEquals(false, process.object("user").has("additionalGids"));
    assertEquals(
        List.of("org.opencontainers.image.architecture", "org.opencontainers.image.os"),
        List.copyOf(config.object("annotations").names()));
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void writesWhetherTheRootIsReadOnly(boolean readOnly) throws Exception {
    JsonObject config = write(new BundleOptions(readOnly, Profile.IMAGE_RS, false), "");
    assertEquals(readOnly, config.object("root").bool("readonly", !readOnly));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          'Env':['A=1']          | PATH,A
          'Env':['PATH=/x','A=1'] | PATH,A
          'Env':['A=1','PATH=/x'] | A,PATH
          'Env':['PATHS=/x']     | PATH,PATHS
          """)
  void addsAPathWhenThereIsNone(String member, String names) throws Exception {
    JsonObject config = write(BundleOptions.DEFAULT, ",'config':{" + member + "}");
    List<String> env = config.object("process").strings("env");
    assertEquals(
        List.of(names.split(",", -1)),
        env.stream().map(entry -> entry.substring(0, entry.indexOf('='))).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          IMAGE_RS   | 'Cmd':['c']                      | c
          IMAGE_RS   | 'Entrypoint':['e']               | e
          IMAGE_RS   | 'Entrypoint':['e'],'Cmd':['c']   | e,c
          IMAGE_RS   | 'Entrypoint':[],'Cmd':[]         | sh
          CONTAINERD | 'Entrypoint':[''],'Cmd':['c']    | c
          CONTAINERD | 'Entrypoint':['e'],'Cmd':['c']   | e,c
          """)
  void joinsEntrypointAndCommand(Profile profile, String members, String arguments)
      throws Exception {
    JsonObject config = write(profile(profile), ",'config':{" + members + "}");
    assertEquals(List.of(arguments.split(",", -1)), config.object("process").strings("args"));
  }

  @Test
  void refusesAnImageWithoutACommandAsContainerdDoes() {
    assertEquals(
        "write bundle: the image names neither an entrypoint nor a command",
        assertThrows(
                UnsupportedImageException.class,
                () -> write(profile(Profile.CONTAINERD), ",'config':{'Entrypoint':['']}"))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          'Volumes':{'/../../etc':{}}   | read volume '/../../etc': expected a path without ..
          'Cmd':['a\\u0000b']           | write bundle: argument 'a\\x00b' of the image has a NUL
          'Env':['A=\\u0000b']          | write bundle: environment entry 'A=\\x00b' of the image has a NUL
          'WorkingDir':'/a\\u0000'      | read working directory '/a\\x00': a path has no NUL
          'User':'2147483648'           | resolve user '2147483648': number out of range, expected 0 to 2147483647
          'User':'nobody'               | resolve user 'nobody': the image's /etc/passwd has no user of this name
          'WorkingDir':'/etc/passwd'    | make working directory '/etc/passwd': make directory
          """)
  void refusesWhatIsDangerousAndLeavesNothing(String member, String message) throws Exception {
    String refusal =
        assertThrows(
                UnsafeContentException.class,
                () -> write(BundleOptions.DEFAULT, ",'config':{" + member + "}"))
            .getMessage();
    assertEquals(true, refusal.startsWith(message), refusal);
    assertEquals(false, Files.exists(directory().resolve("config.json")));
  }

  @Test
  void boundsTheImagesAccounts() throws Exception {
    Path passwd = rootfs().resolve("etc/passwd");
    try (DirectoryRoot root = new DirectoryRoot(directory().resolve("rootfs"))) {
      Files.write(passwd, new byte[16 * 1024 * 1024 + 1]);
      assertThrows(
          UnsafeContentException.class,
          () ->
              new BundleWriter(BundleOptions.DEFAULT)
                  .write(directory(), Images.admitted(",'config':{'User':'app'}"), root));
    }
  }

  @Test
  void acceptsAConfigThatIsTheSameAndRefusesAnother() throws Exception {
    write(BundleOptions.DEFAULT, "");
    write(BundleOptions.DEFAULT, "");
    Path config = directory().resolve("config.json");
    assertEquals(
        "make bundle: %s: it is there with another content; remove it or ask for replacing it"
            .formatted(config),
        assertThrows(
                StoreException.class,
                () -> write(BundleOptions.DEFAULT, ",'config':{'Cmd':['other']}"))
            .getMessage());
    JsonObject replaced =
        write(new BundleOptions(true, Profile.IMAGE_RS, true), ",'config':{'Cmd':['other']}");
    assertEquals(List.of("other"), replaced.object("process").strings("args"));
    try (Stream<Path> files = Files.list(directory())) {
      assertEquals(
          List.of("config.json", "rootfs"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  /// What is in the way before any file of the image is known.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "the same         | true",
        "another user     | true",
        "another command  | false",
        "not read-only    | false",
        "something else   | false",
        "no object        | false",
      })
  void refusesAnotherConfigBeforeAnythingIsFetched(String there, boolean accepted)
      throws Exception {
    BundleOptions options = new BundleOptions(!there.startsWith("not"), Profile.IMAGE_RS, false);
    Path config = Files.createDirectories(directory()).resolve("config.json");
    switch (there) {
      case "another user" -> write(options, ",'config':{'User':'app'}");
      case "another command" -> write(options, ",'config':{'Cmd':['other']}");
      case "something else" -> Files.writeString(config, "{}");
      case "no object" -> Files.writeString(config, "[1");
      default -> write(options, "");
    }
    BundleWriter writer = new BundleWriter(BundleOptions.DEFAULT);
    if (accepted) {
      writer.check(directory(), Images.admitted(""));
    } else {
      assertEquals(
          "make bundle: %s: it is there with another content; remove it or ask for replacing it"
              .formatted(config),
          assertThrows(StoreException.class, () -> writer.check(directory(), Images.admitted("")))
              .getMessage());
    }
    new BundleWriter(new BundleOptions(true, Profile.IMAGE_RS, true))
        .check(directory(), Images.admitted(""));
  }

  @Test
  void refusesSettingsThatCannotBeWrittenBeforeAnythingIsFetched() {
    assertThrows(
        UnsafeContentException.class,
        () ->
            new BundleWriter(BundleOptions.DEFAULT)
                .check(directory(), Images.admitted(",'config':{'Volumes':{'/../x':{}}}")));
  }

  @Test
  void acceptsADirectoryThatIsNotThereOrEmpty() throws Exception {
    BundleWriter writer = new BundleWriter(BundleOptions.DEFAULT);
    writer.check(directory());
    Files.createDirectories(directory().resolve("rootfs"));
    writer.check(directory());
  }

  @Test
  void refusesEarlyWhatCannotBecomeABundle() throws Exception {
    Path rootfs = rootfs();
    assertRefused(
        "make bundle: %s: expected no or an empty directory; unmount it or name another bundle"
            .formatted(rootfs),
        directory());
    Path file = Files.createFile(temp.resolve("file"));
    assertRefused("make bundle: %s: it is no directory".formatted(file), file);
    Path linked = Files.createDirectories(temp.resolve("linked"));
    Files.createSymbolicLink(linked.resolve("rootfs"), temp);
    assertRefused("make bundle: %s/rootfs: it is no directory".formatted(linked), linked);
    Path taken = Files.createDirectories(temp.resolve("taken"));
    Files.createDirectory(taken.resolve("config.json"));
    assertRefused(
        "make bundle: %s/config.json: it is there and something else; remove it".formatted(taken),
        taken);
  }

  private static void assertRefused(String message, Path directory) {
    ImageException refusal =
        assertThrows(
            StoreException.class, () -> new BundleWriter(BundleOptions.DEFAULT).check(directory));
    assertEquals(message, refusal.getMessage());
  }

  @Test
  void discardsOnlyWhatItMade() throws Exception {
    BundleWriter writer = new BundleWriter(BundleOptions.DEFAULT);
    writer.prepare(directory());
    Files.createDirectory(directory().resolve("rootfs"));
    try (DirectoryRoot root = new DirectoryRoot(directory().resolve("rootfs"))) {
      writer.write(directory(), Images.admitted(""), root);
    }
    writer.discard(directory());
    assertEquals(false, Files.exists(directory()));

    Files.createDirectories(directory());
    Files.writeString(directory().resolve("config.json"), "mine");
    BundleWriter other = new BundleWriter(BundleOptions.DEFAULT);
    other.prepare(directory());
    other.discard(directory());
    assertEquals("mine", Files.readString(directory().resolve("config.json")));
  }
}
