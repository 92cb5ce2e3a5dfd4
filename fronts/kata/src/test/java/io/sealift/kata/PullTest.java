package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.oci.Platform;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.SocketRelay;
import io.sealift.testing.TarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pulls as the Kata agent asks for them.
class PullTest {

  @TempDir private Path dir;
  private TestGuest guest;
  private TestAgent agent;

  @BeforeEach
  void start() throws Exception {
    guest = new TestGuest(dir).start();
    agent = guest.agent();
  }

  @AfterEach
  void end() throws Exception {
    agent.close();
    guest.close();
  }

  @Test
  void aBundleIsThereWhenTheAnswerIs() throws Exception {
    BuiltImage image = guest.push("app", "one");
    Path bundle = guest.bundle("c1");
    TestAgent.Reply reply = agent.pull(guest.name("app"), bundle);
    assertEquals("0", reply.toString());
    assertEquals(image.digest().toString(), reply.digest());
    assertEquals("one", Files.readString(bundle.resolve("rootfs/etc/os-release")));
    assertTrue(
        Files.readString(bundle.resolve("config.json")).contains("\"args\":[\"/bin/true\"]"));
  }

  /// As a host offers one to its guest.
  @Test
  void aRegistryMayBeBehindASocket() throws Exception {
    guest.push("app", "one");
    Path socket = guest.directory.resolve("registry.sock");
    try (SocketRelay _ = new SocketRelay(socket, guest.registry.address());
        TestGuest other = new TestGuest(Files.createDirectory(guest.directory.resolve("other")))) {
      other.options.add("--registry-socket=host.invalid=" + socket);
      try (TestAgent asking = other.start().agent()) {
        assertEquals("0", asking.pull("host.invalid/app", other.bundle("c1")).toString());
      }
      assertEquals("one", Files.readString(other.bundle("c1").resolve("rootfs/etc/os-release")));
    }
  }

  @Test
  void theDigestIsThatOfThePlatform() throws Exception {
    BuiltImage image = TestGuest.image("one");
    BuiltImage index =
        ImageBuilder.index(
            Map.of(
                Platform.host(),
                image,
                new Platform("linux", "mips", ""),
                TestGuest.image("other")));
    guest.registry.push("multi", "latest", index);
    assertEquals(
        image.digest().toString(), agent.pull(guest.name("multi"), guest.bundle("c1")).digest());
  }

  @Test
  void aDirectoryThatTheAgentMadeIsTaken() throws Exception {
    guest.push("app", "one");
    Path bundle = Files.createDirectories(guest.bundle("c1"));
    assertEquals("0", agent.pull(guest.name("app"), bundle).toString());
  }

  @Test
  void twoContainersHaveTheSameImage() throws Exception {
    guest.push("app", "one");
    int first = agent.sendPull(guest.name("app"), guest.bundle("c1"), 0);
    int second = agent.sendPull(guest.name("app"), guest.bundle("c2"), 0);
    assertEquals(agent.answer(first).digest(), agent.answer(second).digest());
    for (String container : List.of("c1", "c2")) {
      assertEquals(
          "one", Files.readString(guest.bundle(container).resolve("rootfs/etc/os-release")));
    }
  }

  @Test
  void whatWasPulledMayBeAskedForAgain() throws Exception {
    guest.push("app", "one");
    Path bundle = guest.bundle("c1");
    String digest = agent.pull(guest.name("app"), bundle).digest();
    Files.writeString(bundle.resolve("rootfs/mark"), "still the same");
    assertEquals(digest, agent.pull(guest.name("app"), bundle).digest());
    assertEquals("still the same", Files.readString(bundle.resolve("rootfs/mark")));
    assertEquals(1, guest.mounts().size());
  }

  @Test
  void aBundleThatStandsIsSubjectToThePolicyOfNow() throws Exception {
    guest.push("app", "one");
    Path bundle = guest.bundle("c1");
    assertEquals("0", agent.pull(guest.name("app"), bundle).toString());
    guest.policy("{\"default\":[{\"type\":\"reject\"}]}");
    guest.daemon().reload();
    assertTrue(agent.pull(guest.name("app"), bundle).toString().startsWith("13 [CDH] [ERROR]: "));
    assertEquals("one", Files.readString(bundle.resolve("rootfs/etc/os-release")));
  }

  @Test
  void anIdenticalConfigIsTakenAndAnotherOneRefusedBeforeAnythingIsMounted() throws Exception {
    guest.push("app", "one");
    guest.registry.push(
        "changed",
        "latest",
        new ImageBuilder()
            .layer(new TarBuilder().file("f", "x").build())
            .config("Cmd", List.of("/bin/false"))
            .build());
    Path bundle = guest.bundle("c1");
    agent.pull(guest.name("app"), bundle);
    guest.unmount(bundle);
    assertTrue(Files.exists(bundle.resolve("config.json")));
    assertEquals("0", agent.pull(guest.name("app"), bundle).toString());
    guest.unmount(bundle);

    TestAgent.Reply refused = agent.pull(guest.name("changed"), bundle);
    assertEquals(
        "13 [CDH] [ERROR]: make bundle: %s/config.json: it is there with another content; remove it or ask for replacing it"
            .formatted(bundle),
        refused.toString());
    assertFalse(Files.exists(bundle.resolve("rootfs")));
    assertEquals(List.of(), guest.mounts());
  }

  @Test
  void anotherImageDoesNotTakeABundlesPlace() throws Exception {
    guest.push("app", "one");
    guest.push("other", "two");
    Path bundle = guest.bundle("c1");
    agent.pull(guest.name("app"), bundle);
    TestAgent.Reply refused = agent.pull(guest.name("other"), bundle);
    assertTrue(
        refused.toString().startsWith("13 [CDH] [ERROR]: mount %s/rootfs: ".formatted(bundle)),
        refused.toString());
    assertEquals("one", Files.readString(bundle.resolve("rootfs/etc/os-release")));
  }

  @Test
  void aRegistrationThatAReBootLeftIsForgotten() throws Exception {
    guest.push("app", "one");
    Path bundle = guest.bundle("c1");
    agent.pull(guest.name("app"), bundle);
    io.sealift.store.Mount mount = guest.mounts().getFirst();
    forgetMount(mount);
    assertEquals("0", agent.pull(guest.name("app"), bundle).toString());
    assertEquals("one", Files.readString(bundle.resolve("rootfs/etc/os-release")));
    assertEquals(1, guest.mounts().size());
  }

  /// What is left of a root file system when the machine was started again.
  private static void forgetMount(io.sealift.store.Mount mount) throws Exception {
    new io.sealift.overlay.AutoSnapshotter().unstack(mount.rootfs(), mount.work());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          missing,  BUNDLE, "13 [CDH] [ERROR]: fetch manifest latest of http://REGISTRY/v2/missing: MANIFEST_UNKNOWN: "
          @,        BUNDLE, "13 [CDH] [ERROR]: read reference "
          app,      "",     "13 [CDH] [ERROR]: read bundle_path: expected an absolute path without '..'"
          app,      rel/c1, "13 [CDH] [ERROR]: read bundle_path: expected an absolute path without '..'"
          app,      /a/../b,"13 [CDH] [ERROR]: read bundle_path: expected an absolute path without '..'"
          app,      /,      "13 [CDH] [ERROR]: read bundle_path: expected an absolute path without '..'"
          """)
  void failuresAreToldAsADataHubTellsOfThem(String repository, String bundle, String beginning)
      throws Exception {
    guest.push("app", "one");
    String image = repository.equals("@") ? "no such@name" : guest.name(repository);
    Path place = bundle.equals("BUNDLE") ? guest.bundle("c1") : Path.of(bundle);
    String reply = agent.pull(image, place).toString();
    String expected = beginning.replace("REGISTRY", guest.registry.address());
    assertTrue(reply.startsWith(expected), reply);
    assertFalse(Files.exists(guest.bundle("c1")));
  }

  /// The message says what would have been needed.
  @Test
  void anImageForWhichThereIsNoRoomIsRefusedAndOthersAreNot() throws Exception {
    guest.registry.push(
        "large",
        "latest",
        new ImageBuilder().layer(new TarBuilder().file("f", new byte[3 << 20]).build()).build());
    guest.push("app", "one");
    guest.settings(
        "image_security_policy = '''%s'''".formatted(TestGuest.ACCEPT),
        "sealift.store_limit = '2M'");
    guest.daemon().reload();
    String refused = agent.pull(guest.name("large"), guest.bundle("c1")).toString();
    assertTrue(refused.startsWith("13 [CDH] [ERROR]: "), refused);
    assertTrue(refused.contains("room"), refused);
    assertFalse(Files.exists(guest.bundle("c1")));
    assertEquals("0", agent.pull(guest.name("app"), guest.bundle("c2")).toString());
  }

  @ParameterizedTest
  @CsvSource({"oci:/etc", "oci-archive:/etc/passwd", "docker://REGISTRY/app"})
  void onlyNamesOfRegistriesAreTaken(String name) throws Exception {
    guest.push("app", "one");
    String image = name.replace("REGISTRY", guest.registry.address());
    String reply = agent.pull(image, guest.bundle("c1")).toString();
    assertTrue(reply.startsWith("13 [CDH] [ERROR]: "), reply);
    assertFalse(Files.exists(guest.bundle("c1")));
  }

  @Test
  void whatIsThereOfAFailedPullIsTheDirectoryThatWasThereBefore() throws Exception {
    guest.push("app", "one");
    String digest = TestGuest.image("one").layers().getFirst().descriptor().digest().toString();
    guest.registry.remove(digest);
    Path bundle = Files.createDirectories(guest.bundle("c1"));
    Files.writeString(bundle.resolve("of-the-agent"), "");
    String reply = agent.pull(guest.name("app"), bundle).toString();
    assertTrue(reply.startsWith("13 [CDH] [ERROR]: "), reply);
    try (var entries = Files.list(bundle)) {
      assertEquals(List.of(bundle.resolve("of-the-agent")), entries.toList());
    }
    assertEquals(List.of(), guest.mounts());
  }
}
