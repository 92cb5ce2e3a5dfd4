package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.linux.TreeFiles;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.TarMember;
import io.sealift.testing.TarMember.Sparse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Configs and account files that would make a container of more than it seems: there is no bundle
/// of them. Their files can be unpacked all the same.
class HostileConfigsTest {

  @TempDir Path directory;

  private final InProcessRegistry registry = InProcessRegistry.start();
  private WorkDir work = new WorkDir(Path.of(""));
  private Canary canary;

  @BeforeEach
  void canary() throws Exception {
    work = new WorkDir(directory.resolve("store"));
    canary = Canary.in(directory.resolve("canary"));
  }

  @AfterEach
  void nothingElseIsTouched() throws Exception {
    registry.close();
    canary.assertUntouched();
  }

  private static TarBuilder passwd(String lines) {
    return new TarBuilder().file("etc/passwd", lines);
  }

  private static Function<String, BuiltImage> user(
      String user, Function<String, TarBuilder> layer) {
    return canary ->
        new ImageBuilder().layer(layer.apply(canary).build()).config("User", user).build();
  }

  private static Function<String, BuiltImage> with(String member, Object value) {
    return _ -> new ImageBuilder().layer(passwd("").build()).config(member, value).build();
  }

  static Stream<Arguments> images() {
    return Stream.of(
        Arguments.of(
            "a user beyond 31 bits",
            user("2147483648", _ -> passwd("")),
            "resolve user '2147483648': number out of range, expected 0 to 2147483647"),
        Arguments.of(
            "a user that wraps to root",
            user("4294967296", _ -> passwd("")),
            "resolve user '4294967296': number out of range, expected 0 to 2147483647"),
        Arguments.of(
            "a negative user",
            user("-1", _ -> passwd("")),
            "resolve user '-1': a name or number has no sign"),
        Arguments.of(
            "a group beyond 31 bits",
            user("1:2147483648", _ -> passwd("")),
            "resolve user '1:2147483648': number out of range, expected 0 to 2147483647"),
        Arguments.of(
            "a name for a user beyond 31 bits",
            user("u", _ -> passwd("u:x:4294967296:0::/:\n")),
            "resolve user 'u': uid 4294967296 in the image's files is out of range, expected 0 to 2147483647"),
        Arguments.of(
            "accounts of this machine, by their directory",
            user("bird", canary -> new TarBuilder().symlink("etc", canary)),
            "resolve user 'bird': the image's /etc/passwd has no user of this name"),
        Arguments.of(
            "accounts of this machine, by their file",
            user("bird", canary -> new TarBuilder().symlink("etc/passwd", canary + "/passwd")),
            "resolve user 'bird': the image's /etc/passwd has no user of this name"),
        Arguments.of(
            "accounts of this machine, by /proc",
            user(
                "bird",
                canary ->
                    new TarBuilder().symlink("etc/passwd", "/proc/self/root" + canary + "/passwd")),
            "resolve user 'bird': the image's /etc/passwd has no user of this name"),
        Arguments.of(
            "accounts that are waited for",
            user("bird", _ -> new TarBuilder().fifo("etc/passwd")),
            "resolve user 'bird': the image's /etc/passwd has no user of this name"),
        Arguments.of(
            "accounts that lead in a circle",
            user("bird", _ -> new TarBuilder().symlink("etc/passwd", "passwd")),
            "resolve user 'bird': the image's /etc/passwd has no user of this name"),
        Arguments.of(
            "accounts of ten gigabytes",
            user(
                "bird",
                _ ->
                    new TarBuilder()
                        .add(
                            TarMember.file("etc/passwd", "")
                                .sparse(Sparse.PAX_1_0, 10L << 30, new TreeMap<>()))),
            "read etc/passwd: more than 16777216 bytes"),
        Arguments.of(
            "a volume that leads out",
            with("Volumes", Map.of("/../../etc", Map.of())),
            "read volume '/../../etc': expected a path without .."),
        Arguments.of(
            "a volume over everything",
            with("Volumes", Map.of("/", Map.of())),
            "read volume '/': it would hide the whole image"),
        Arguments.of(
            "a variable with a NUL",
            with("Env", List.of("A=b\0c")),
            "write bundle: environment entry 'A=b\\x00c' of the image has a NUL"),
        Arguments.of(
            "a working directory with a NUL",
            with("WorkingDir", "/a\0b"),
            "read working directory '/a\\x00b': a path has no NUL"));
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @MethodSource("images")
  void areRefusedAndOnlyTheirFilesUnpacked(
      String name, Function<String, BuiltImage> image, String message) throws Exception {
    registry.push("app", "v1", image.apply(canary.toString()));
    Path bundle = directory.resolve("bundle");
    Run pulled = work.pull(registry.name("app", "v1"), bundle, "--snapshotter=copy");
    assertEquals("sealift: " + canary.in(message) + "\n", pulled.err(), name);
    assertEquals(7, pulled.status());
    assertFalse(Files.exists(bundle));
    work.assertSoundAndUndone();
    Path tree = directory.resolve("tree");
    WorkDir.made(work.unpack(registry.name("app", "v1"), tree));
    TreeFiles.remove(tree);
  }

  @Test
  void aNumberIsNoNameOfAnAccount() throws Exception {
    BuiltImage image = user("1000", _ -> passwd("1000:x:0:0::/:\nroot:x:0:0::/:\n")).apply("");
    JsonObject process = process(image);
    assertEquals(1000, process.object("user").integer("uid"));
    assertEquals(0, process.object("user").integer("gid"));
  }

  @Test
  void aWorkingDirectoryStaysInside() throws Exception {
    assertEquals("/etc", process(with("WorkingDir", "/a/../../../etc").apply("")).string("cwd"));
  }

  private JsonObject process(BuiltImage image) throws Exception {
    registry.push("app", "v1", image);
    Path bundle = directory.resolve("bundle");
    WorkDir.made(work.pull(registry.name("app", "v1"), bundle, "--snapshotter=copy"));
    byte[] config = Files.readAllBytes(bundle.resolve("config.json"));
    work.assertSoundAndUndone(bundle);
    return JsonReader.readObject(config, "config.json", JsonLimits.DEFAULT).object("process");
  }
}
