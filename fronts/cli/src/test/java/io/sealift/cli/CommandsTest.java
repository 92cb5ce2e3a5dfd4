package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every command on a small image of a registry in this process, layers copied, as root and as an
/// ordinary user.
class CommandsTest {

  @TempDir Path directory;

  private final BuiltImage image =
      new ImageBuilder()
          .layer(
              new TarBuilder()
                  .directory("etc")
                  .file("etc/motd", "old\n")
                  .file("etc/hosts", "127.0.0.1 localhost\n")
                  .symlink("etc/alias", "hosts")
                  .build(),
              Packing.GZIP)
          .layer(
              new TarBuilder().file("etc/.wh.motd", "").file("etc/tab\there", "x").build(),
              Packing.ZSTD)
          .config("Cmd", List.of("/bin/true"))
          .config("Env", List.of("PATH=/bin"))
          .build();

  private InProcessRegistry registry;
  private String name;

  @BeforeEach
  void serve() {
    registry = InProcessRegistry.start().push("app", "v1", image);
    name = registry.name("app", "v1");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Run in(String command, String... arguments) {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of(arguments));
    line.add("--work-dir=" + directory.resolve("store"));
    return Run.of(line.toArray(String[]::new));
  }

  private Run pull(String bundle, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                name,
                "--bundle=" + directory.resolve(bundle),
                "--plain-http",
                "--insecure-policy",
                "--snapshotter=copy"));
    arguments.addAll(List.of(more));
    return in("pull", arguments.toArray(String[]::new));
  }

  private static JsonObject object(Run run) throws Exception {
    return JsonReader.readObject(
        run.out().getBytes(StandardCharsets.UTF_8), "output", JsonLimits.DEFAULT);
  }

  private static List<JsonValue> array(Run run) throws Exception {
    JsonValue value =
        JsonReader.read(run.out().getBytes(StandardCharsets.UTF_8), "output", JsonLimits.DEFAULT);
    return ((JsonValue.Array) value).values();
  }

  private static JsonObject only(List<JsonValue> values) {
    assertEquals(1, values.size());
    return (JsonObject) values.getFirst();
  }

  @Test
  void pullPrintsTheDigestAloneAndItsProgressElsewhere() {
    Run run = pull("b");
    assertEquals(0, run.status(), run.err());
    assertEquals(image.digest() + "\n", run.out());
    assertTrue(run.err().contains("layer 1/2 "), run.err());
    assertTrue(run.err().contains("  stored in "), run.err());
    assertFalse(run.err().contains("\033"), run.err());
    Path rootfs = directory.resolve("b/rootfs");
    assertTrue(Files.exists(rootfs.resolve("etc/hosts")));
    assertFalse(Files.exists(rootfs.resolve("etc/motd")));
    assertTrue(Files.isRegularFile(directory.resolve("b/config.json")));
  }

  @Test
  void pullTellsAProgramWhatItDid() throws Exception {
    JsonObject first = object(pull("b", "--output=json", "--progress=none"));
    assertEquals("docker://" + name, first.string("image"));
    assertEquals(image.digest().toString(), first.string("digest"));
    assertEquals(directory.resolve("b").toString(), first.string("bundle"));
    assertEquals("copy", first.string("snapshotter"));
    assertFalse(first.bool("mounted", true));
    List<JsonObject> layers = first.objects("layers");
    assertEquals(2, layers.size());
    assertEquals(image.layers().get(0).diffId(), layers.get(0).string("diffId"));
    assertFalse(layers.get(0).bool("cached", true));
    assertEquals(
        "insecureAcceptAnything", first.objects("proofs").getFirst().string("requirement"));
    JsonObject again = object(pull("c", "--output=json"));
    assertTrue(again.objects("layers").get(0).bool("cached", false));
  }

  @Test
  void theStoreIsListedCollectedAndEmptied() throws Exception {
    pull("b");
    JsonObject listed = only(array(in("images", "--output=json")));
    assertEquals(List.of("docker://" + name), listed.strings("names"));
    assertEquals(image.digest().toString(), listed.string("digest"));
    assertEquals(2, listed.strings("layers").size());
    assertEquals(image.digest() + "\n", in("images", "--quiet").out());
    assertTrue(in("images").out().contains(image.digest().hex().substring(0, 12)));

    JsonObject mount = only(array(in("mounts", "--output=json")));
    assertTrue(mount.string("rootfs").endsWith("/b/rootfs"));
    assertTrue(mount.bool("complete", false));

    JsonObject sound = object(in("fsck", "--output=json"));
    assertTrue(sound.bool("clean", false));
    assertEquals(2, sound.integer("layers"));

    Run unmounted = in("unmount", directory.resolve("b").toString());
    assertEquals(0, unmounted.status(), unmounted.err());
    assertFalse(Files.exists(directory.resolve("b")));
    assertEquals(List.of(), array(in("mounts", "--output=json")));

    JsonObject removed = only(array(in("rm", name, "--keep-layers", "--output=json")));
    assertEquals(image.digest().toString(), removed.string("digest"));
    assertEquals(2, object(in("gc", "--output=json")).integer("layers"));
    assertEquals(List.of(), array(in("images", "--output=json")));
  }

  @Test
  void unusedImagesAreForgottenByAgeAndSizeButNoPinnedOnes() throws Exception {
    pull("b");
    JsonObject mounted = object(in("gc", "--max-size=0", "--output=json"));
    assertEquals(List.of(), mounted.objects("images"));
    Run left = in("gc", "--max-size=0");
    assertTrue(left.err().contains("are left, because what is mounted, pinned"), left.err());
    in("unmount", directory.resolve("b").toString());
    assertEquals("pinned " + image.digest() + "\n", in("pin", name).out());
    assertTrue(only(array(in("images", "--output=json"))).bool("pinned", false));
    assertTrue(in("images").out().contains(" yes"));
    assertEquals(0, object(in("gc", "--older-than=0s", "--output=json")).integer("layers"));
    assertEquals("unpinned " + image.digest() + "\n", in("pin", "--undo", name).out());

    assertEquals(0, object(in("gc", "--older-than=1h", "--output=json")).integer("layers"));
    assertEquals(0, object(in("gc", "--max-size=1G", "--output=json")).integer("layers"));
    JsonObject rehearsed =
        object(in("gc", "--older-than=0s", "--max-size=1K", "--dry-run", "--output=json"));
    assertTrue(rehearsed.bool("dryRun", false));
    assertEquals(2, rehearsed.integer("layers"));
    assertTrue(
        in("gc", "--older-than=0s", "--dry-run")
            .out()
            .startsWith("would remove " + image.digest()));
    assertEquals(1, array(in("images", "--output=json")).size());
    JsonObject removed = object(in("gc", "--max-size=1K", "--output=json"));
    assertEquals(2, removed.integer("layers"));
    assertEquals(0, removed.integer("remainingTarBytes"));
    assertEquals(
        List.of("docker://" + name), removed.objects("images").getFirst().strings("names"));
    assertEquals(List.of(), array(in("images", "--output=json")));
  }

  @Test
  void unmountLeavesWhatSomebodyPutIntoTheBundle() throws Exception {
    pull("b");
    Path note = Files.writeString(directory.resolve("b/note"), "mine");
    assertEquals(0, in("unmount", directory.resolve("b").toString()).status());
    assertTrue(Files.exists(note));
    assertFalse(Files.exists(directory.resolve("b/config.json")));
  }

  @Test
  void damageIsFoundWithStatusSixAndRepaired() throws Exception {
    pull("b", "--progress=none");
    in("unmount", directory.resolve("b").toString());
    try (var files = Files.walk(directory.resolve("store/layers"))) {
      Path hosts = files.filter(file -> file.endsWith("etc/hosts")).findFirst().orElseThrow();
      Files.writeString(hosts, "127.0.0.2 localhost\n");
    }
    Run found = in("fsck");
    assertEquals(6, found.status(), found.out() + found.err());
    assertTrue(found.out().contains(image.layers().get(0).diffId()), found.out());
    assertEquals(0, in("fsck", "--repair").status());
    assertEquals(0, in("fsck").status());
  }

  @Test
  void unpackMakesPlainFiles() throws Exception {
    Path tree = directory.resolve("tree");
    Run run = Run.of("unpack", name, tree.toString(), "--plain-http", "--insecure-policy");
    assertEquals(0, run.status(), run.err());
    assertEquals(image.digest() + "\n", run.out());
    assertEquals("127.0.0.1 localhost\n", Files.readString(tree.resolve("etc/alias")));
    assertFalse(Files.exists(tree.resolve("etc/motd")));
  }

  @Test
  void inspectShowsBytesAsTheyAre() {
    assertArrayEquals(
        image.document().bytes(),
        Run.of("inspect", name, "--plain-http", "--raw").out().getBytes(StandardCharsets.UTF_8));
    assertArrayEquals(
        image.blobs().getFirst().bytes(),
        Run.of("inspect", name, "--plain-http", "--raw-config")
            .out()
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void inspectShowsAnImageAtAGlance() throws Exception {
    Run run = Run.of("inspect", name, "--plain-http");
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().contains("digest      " + image.digest() + "\n"), run.out());
    assertTrue(run.out().contains("command     [\"/bin/true\"]\n"), run.out());
    assertTrue(run.out().contains("variable    PATH=/bin\n"), run.out());
    assertTrue(run.out().contains("  zstd\n"), run.out());
    JsonObject json = object(Run.of("inspect", name, "--plain-http", "--output=json"));
    assertEquals(List.of("/bin/true"), json.strings("cmd"));
    assertEquals(2, json.objects("layers").size());
  }

  @Test
  void inspectConvertsToTheOtherForm() throws Exception {
    byte[] tar = new TarBuilder().directory("a").build();
    registry.push("app", "gzip", new ImageBuilder().layer(tar, Packing.GZIP).build());
    String gzip = registry.name("app", "gzip");
    JsonObject docker = object(Run.of("inspect", gzip, "--plain-http", "--as=docker"));
    assertEquals(
        "application/vnd.docker.distribution.manifest.v2+json", docker.string("mediaType"));
    Run zstd = Run.of("inspect", name, "--plain-http", "--as=docker");
    assertEquals(1, zstd.status(), zstd.err());
    assertTrue(zstd.err().contains("zstd"), zstd.err());
  }

  @Test
  void controlCharactersOfAnImageDoNotReachTheTerminal() {
    registry.push(
        "app",
        "evil",
        new ImageBuilder()
            .layer(new TarBuilder().directory("a").build())
            .config("Cmd", List.of("x"))
            .config("WorkingDir", "/a\033[2J")
            .build());
    Run run = Run.of("inspect", registry.name("app", "evil"), "--plain-http");
    assertFalse(run.out().contains("\033"), run.out());
    assertTrue(run.out().contains("/a\\u001b[2J"), run.out());
  }

  @Test
  void lsListsWhatAContainerWouldSee() throws Exception {
    Run names = Run.of("ls", name, "/etc", "--plain-http", "--insecure-policy");
    assertEquals(0, names.status(), names.err());
    assertEquals("etc/alias\netc/hosts\netc/tab\\x09here\n", names.out());
    Run all = Run.of("ls", "-lR", name, "--plain-http", "--insecure-policy");
    assertTrue(all.out().contains("etc/alias -> hosts\n"), all.out());
    List<JsonValue> json =
        array(Run.of("ls", name, "etc", "--plain-http", "--insecure-policy", "--output=json"));
    assertEquals("symlink", ((JsonObject) json.getFirst()).string("type"));
    assertEquals(4, Run.of("ls", name, "/etc/motd", "--plain-http", "--insecure-policy").status());
  }

  @Test
  void catWritesAFileByteForByte() {
    Run run = Run.of("cat", name, "/etc/alias", "--plain-http", "--insecure-policy");
    assertEquals(0, run.status(), run.err());
    assertEquals("127.0.0.1 localhost\n", run.out());
  }

  @Test
  void verifySaysWhyAnImageMayEnter() throws Exception {
    Run run = Run.of("verify", name, "--plain-http", "--insecure-policy");
    assertEquals(0, run.status(), run.err());
    assertEquals(
        """
        image       docker://%1$s
        place       http://%2$s/v2/app
        digest      %3$s
        policy      --insecure-policy
        scope       default
        kind        plain, no signature

        1. insecureAcceptAnything holds
           demands    nothing: every image passes, signed or not
           because    accepted unseen by --insecure-policy

        admitted
        """
            .formatted(name, name.substring(0, name.indexOf('/')), image.digest()),
        run.out());
    JsonObject json =
        object(Run.of("verify", name, "--plain-http", "--insecure-policy", "--output=json"));
    assertEquals(image.digest().toString(), json.string("digest"));
  }

  @Test
  void theUsersOwnPolicyDecides() throws Exception {
    Path policy = directory.resolve("home/.config/containers/policy.json");
    Files.createDirectories(policy.getParent());
    Files.writeString(policy, "{\"default\":[{\"type\":\"reject\"}]}");
    Run run =
        Run.of(
            Map.of("HOME", directory.resolve("home").toString()), "verify", name, "--plain-http");
    assertEquals(3, run.status(), run.err());
    assertTrue(run.err().contains(policy.toString()), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @Test
  void doctorLooksAtEverything() throws Exception {
    List<JsonValue> findings = array(in("doctor", "--output=json"));
    List<String> topics = new ArrayList<>();
    for (JsonValue finding : findings) {
      JsonObject object = (JsonObject) finding;
      topics.add(object.string("topic"));
      assertTrue(List.of("good", "fallback", "bad").contains(object.string("state")));
      assertFalse(object.string("found").isEmpty(), object.string("topic"));
    }
    assertEquals(
        List.of(
            "java",
            "AOT cache",
            "kernel",
            "user",
            "user namespaces",
            "work directory",
            "gzip",
            "zstd",
            "digests",
            "overlay",
            "OCI runtime",
            "cgroups",
            "policy"),
        topics);
    assertTrue(in("doctor").out().contains("work directory   " + directory.resolve("store")));
  }

  @Test
  void doctorLeavesNothingBehind() {
    in("doctor");
    assertFalse(Files.exists(directory.resolve("store")));
  }
}
