package io.sealift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.linux.TreeFiles;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.Packing;
import io.sealift.testing.RegistryRequest;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.sign.CosignSigner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Images that are had from mirrors and other places, and what these can do about it. The logical
/// names are of hosts that are nowhere.
class MirrorsTest {

  private static final String NAME = "registry.example/ns/app:v1";
  private static final byte[] CONTENT = content();
  private static final BuiltImage IMAGE = image(CONTENT);
  private static final BuiltImage OTHER = image("other".getBytes(UTF_8));
  private static final BuiltBlob LAYER = IMAGE.layers().getFirst();

  @TempDir Path directory;

  private final InProcessRegistry first = InProcessRegistry.start();
  private final InProcessRegistry second = InProcessRegistry.start();
  private final InProcessRegistry primary = InProcessRegistry.start();

  private static byte[] content() {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static BuiltImage image(byte[] content) {
    BuiltBlob layer =
        BuiltBlob.layer(
            new TarBuilder().file("f", content).build(), Packing.TAR, ImageBuilder.Form.OCI);
    return new ImageBuilder().layer(layer).build();
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    primary.close();
  }

  private Path conf(String toml) throws Exception {
    return Files.writeString(
        directory.resolve("registries.conf"),
        toml.replace("FIRST", first.address())
            .replace("SECOND", second.address())
            .replace("PRIMARY", primary.address()));
  }

  /// Two mirrors before the location.
  private Path mirrors() throws Exception {
    return conf(
        """
        [[registry]]
        prefix = "registry.example"
        location = "PRIMARY/there"
        insecure = true
        [[registry.mirror]]
        location = "FIRST/one"
        insecure = true
        [[registry.mirror]]
        location = "SECOND"
        insecure = true
        """);
  }

  private Path tree() {
    return directory.resolve("tree");
  }

  private Run unpack(String name, Path conf, String... more) {
    List<String> line = new ArrayList<>(List.of("unpack", name, tree().toString()));
    line.add("--registries-conf=" + conf);
    line.addAll(List.of(more));
    if (line.stream().noneMatch(one -> one.startsWith("--progress"))) {
      line.add("--progress=none");
    }
    if (line.stream().noneMatch(one -> one.startsWith("--policy"))) {
      line.add("--insecure-policy");
    }
    return Run.of(line.toArray(String[]::new));
  }

  private void assertUnpacked(Run run) throws Exception {
    assertEquals(0, run.status(), run.err());
    assertArrayEquals(CONTENT, Files.readAllBytes(tree().resolve("f")));
  }

  /// Paths asked of a registry, without the question whether it is one and those of its layer.
  private static List<String> manifests(InProcessRegistry registry) {
    return registry.requests().stream()
        .map(RegistryRequest::path)
        .filter(path -> path.contains("/manifests/"))
        .toList();
  }

  @Test
  void theFirstPlaceThatHasItIsAsked() throws Exception {
    second.push("ns/app", "v1", IMAGE);
    primary.push("there/ns/app", "v1", IMAGE);
    assertUnpacked(unpack(NAME, mirrors()));
    assertEquals(List.of("/v2/one/ns/app/manifests/v1"), manifests(first));
    assertEquals(List.of("/v2/ns/app/manifests/v1"), manifests(second));
    assertEquals(List.of(), primary.requests());
  }

  @ParameterizedTest
  @CsvSource({"500", "429", "401", "403", "404"})
  void aPlaceThatRefusesIsFollowedByTheNextAtOnce(int status) throws Exception {
    first.plan("/one/ns/app", Fault.status(status, "no"));
    second.push("ns/app", "v1", IMAGE);
    assertUnpacked(unpack(NAME, mirrors()));
    assertEquals(1, manifests(first).size());
  }

  /// A mirror that says nothing, or stops in the middle of the layer.
  @ParameterizedTest
  @CsvSource({"manifest", "layer"})
  void aPlaceThatTakesTooLongIsFollowedByTheNext(String what) throws Exception {
    String part = what.equals("layer") ? "/blobs/" + LAYER.digest() : "/manifests/";
    first.push("one/ns/app", "v1", IMAGE).plan("/one/ns/app" + part, Fault.stall(100));
    second.push("ns/app", "v1", IMAGE);
    assertUnpacked(unpack(NAME, mirrors(), "--total-timeout=2s"));
    assertEquals(1, first.requests().stream().filter(r -> r.path().contains(part)).count());
  }

  @ParameterizedTest
  @CsvSource({"0", "fast", "1.5s", "''"})
  void aTimeThatIsNoneIsRefused(String time) throws Exception {
    Run run = unpack(NAME, mirrors(), "--read-timeout=" + time);
    assertEquals(2, run.status());
    assertTrue(run.err().contains("expected a time such as 15s, 500ms or 2m"), run.err());
  }

  @Test
  void aPlaceThatIsNotThereIsFollowedByTheNext() throws Exception {
    Path conf = mirrors();
    first.close();
    second.push("ns/app", "v1", IMAGE);
    assertUnpacked(unpack(NAME, conf));
  }

  @Test
  void aManifestWithAnotherDigestIsNeverAccepted() throws Exception {
    first.push("one/ns/app", IMAGE).push("one/ns/app", OTHER);
    first.plan("/manifests/", Fault.body(OTHER.document().bytes()));
    second.push("ns/app", "v1", IMAGE);
    assertUnpacked(unpack("registry.example/ns/app@" + IMAGE.digest(), mirrors()));
    assertEquals(1, manifests(first).size());
  }

  @Test
  void aPageThatIsNoManifestIsFollowedByTheNextPlace() throws Exception {
    first.plan("/manifests/", Fault.status(200, "<html>welcome</html>"));
    second.push("ns/app", "v1", IMAGE);
    assertUnpacked(unpack(NAME, mirrors()));
  }

  @Test
  void aBlobGoesOnWhereTheMirrorBrokeOff() throws Exception {
    first.push("one/ns/app", "v1", IMAGE);
    first.plan("/blobs/" + LAYER.digest(), Fault.cut(100_000));
    primary.push("there/ns/app", "v1", IMAGE);
    assertUnpacked(unpack(NAME, mirrors()));
    RegistryRequest rest =
        primary.requests().stream()
            .filter(request -> request.path().contains("/blobs/"))
            .findFirst()
            .orElseThrow();
    assertTrue(rest.header("range").matches("bytes=[1-9][0-9]*-"), rest.header("range"));
    assertEquals(List.of(), manifests(primary));
  }

  @Test
  void aBlobThatTheMirrorLacksComesFromElsewhere() throws Exception {
    first.push("one/ns/app", "v1", IMAGE);
    first.remove(LAYER.digest());
    second.push("ns/app", "v1", IMAGE);
    assertUnpacked(unpack(NAME, mirrors()));
  }

  /// What is put together from a bad beginning and a good end is no layer; whose fault it is nobody
  /// knows, so the one that gave the end is asked for all of it.
  @Test
  void aBlobThatAMirrorSpoiledAndBrokeOffComesFromTheNextAlone() throws Exception {
    byte[] spoiled = LAYER.bytes().clone();
    spoiled[2000] ^= 1;
    first.push("one/ns/app", "v1", IMAGE);
    first.plan("/blobs/" + LAYER.digest(), Fault.body(Arrays.copyOf(spoiled, 100_000)));
    second.push("ns/app", "v1", IMAGE);
    assertUnpacked(unpack(NAME, mirrors()));
    assertEquals(List.of("bytes=100000-", ""), rangesOfTheLayer(second));
    assertEquals(1, rangesOfTheLayer(first).size());
  }

  @Test
  void aBlobThatAMirrorSpoiledComesFromTheNextPlace() throws Exception {
    spoilLayer(first.push("one/ns/app", "v1", IMAGE), 2000);
    spoilLayer(second.push("ns/app", "v1", IMAGE), 200_000);
    primary.push("there/ns/app", "v1", IMAGE);
    Run run = unpack(NAME, mirrors(), "--progress=plain");
    assertUnpacked(run);
    for (InProcessRegistry each : List.of(first, second, primary)) {
      assertEquals(List.of(""), rangesOfTheLayer(each));
    }
    String told =
        "layer %s: fetched again, from another place; from %s/v2/one/ns/app: verify layer: "
            .formatted(LAYER.digest(), first.url());
    assertTrue(run.err().contains(told), run.err());
  }

  @Test
  void aBlobThatIsSpoiledEverywhereIsRefusedWithAllPlaces() throws Exception {
    spoilLayer(first.push("one/ns/app", "v1", IMAGE), 2000);
    second.push("ns/app", "v1", IMAGE).plan("/blobs/" + LAYER.digest(), Fault.status(404, ""));
    spoilLayer(primary.push("there/ns/app", "v1", IMAGE), 2000);
    Run run = unpack(NAME, mirrors());
    assertEquals(6, run.status(), run.err());
    String wrong = "verify layer: expected " + LAYER.digest() + ", got sha256:";
    for (String one :
        List.of(
            "sealift: fetch blob %s of %s: none of 3 places gave it"
                .formatted(LAYER.digest(), NAME),
            "; 1) from %s/v2/one/ns/app: %s".formatted(first.url(), wrong),
            "; 2) fetch blob %s of %s/v2/ns/app: ".formatted(LAYER.digest(), second.url()),
            "; 3) from %s/v2/there/ns/app: %s".formatted(primary.url(), wrong))) {
      assertTrue(run.err().contains(one), run.err());
    }
    assertFalse(Files.exists(tree()));
  }

  @Test
  void aConfigThatAMirrorSpoiledComesFromTheNextPlace() throws Exception {
    BuiltBlob config = IMAGE.blobs().getFirst();
    first.push("one/ns/app", "v1", IMAGE).plan("/blobs/" + config.digest(), Fault.spoiled(10));
    second.push("ns/app", "v1", IMAGE);
    assertUnpacked(unpack(NAME, mirrors()));
  }

  private static void spoilLayer(InProcessRegistry registry, int at) {
    registry.plan("/blobs/" + LAYER.digest(), Fault.spoiled(at));
  }

  private static List<String> rangesOfTheLayer(InProcessRegistry registry) {
    return registry.requests().stream()
        .filter(request -> request.path().endsWith("/blobs/" + LAYER.digest()))
        .map(request -> request.header("range"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    // what each place answers, and how it ends
    "404, 404, 404, 4",
    "500, 404, 404, 4",
    "404, 404, 403, 5",
    "401, 404, 404, 5",
    "404, 403, 500, 5",
    "bad, 404, 403, 6",
    "404, 404, bad, 6"
  })
  void whenAllFailEachIsToldAndTheMostTellingDecides(
      String one, String two, String three, int status) throws Exception {
    plan(first.push("one/ns/app", IMAGE), one);
    plan(second, two);
    plan(primary.push("there/ns/app", IMAGE), three);
    Run run = unpack("registry.example/ns/app@" + IMAGE.digest(), mirrors());
    assertEquals(status, run.status(), run.err());
    String said = run.err().replaceAll("sealift: warning: .* it does not speak TLS\n", "");
    assertTrue(
        said.startsWith(
            "sealift: find registry.example/ns/app@%s: none of 3 places gave it; 1) "
                .formatted(IMAGE.digest())),
        said);
    assertEquals(1, said.lines().count(), said);
    for (int number = 1; number <= 3; number++) {
      assertTrue(said.contains("; " + number + ") "), said);
    }
    assertTrue(said.contains(second.url() + "/v2/ns/app"), said);
  }

  private static void plan(InProcessRegistry registry, String what) {
    registry.plan(
        "/manifests/",
        switch (what) {
          case "bad" -> Fault.body(OTHER.document().bytes());
          case "500" -> Fault.status(501, "no");
          default -> Fault.status(Integer.parseInt(what), "no");
        });
  }

  @Test
  void aLayoutIsAPlaceByNameAndByDigest() throws Exception {
    Path cache = new LayoutWriter().add(IMAGE, NAME).writeTo(directory.resolve("cache"));
    Path conf =
        conf(
            """
            [[registry]]
            prefix = "registry.example"
            location = "PRIMARY"
            insecure = true
            [[registry.mirror]]
            location = "oci:%s"
            """
                .formatted(cache));
    assertUnpacked(unpack(NAME, conf));
    TreeFiles.remove(tree());
    assertUnpacked(unpack("registry.example/whatever@" + IMAGE.digest(), conf));
    assertEquals(List.of(), primary.requests());
    assertEquals(4, unpack("registry.example/other/app:v1", conf).status());
    assertEquals(List.of("/v2/other/app/manifests/v1"), manifests(primary));
  }

  @Test
  void aPasswordGoesToNoHostButTheOneThatTheNameMeans() throws Exception {
    String password = "hunter2-hunter2";
    try (InProcessRegistry one = InProcessRegistry.builder().basic("ada", password).start();
        InProcessRegistry two = InProcessRegistry.builder().bearer("ada", password).start();
        InProcessRegistry own = InProcessRegistry.builder().basic("ada", password).start()) {
      for (InProcessRegistry registry : List.of(one, two, own)) {
        registry.push("app", "v1", IMAGE);
      }
      Path conf =
          conf(
              """
              [[registry]]
              location = "%s"
              insecure = true
              [[registry.mirror]]
              location = "%s"
              insecure = true
              [[registry.mirror]]
              location = "%s"
              insecure = true
              """
                  .formatted(own.address(), one.address(), two.address()));
      assertUnpacked(unpack(own.name("app", "v1"), conf, "--creds=ada:" + password));
      for (InProcessRegistry mirror : List.of(one, two)) {
        assertTrue(!manifests(mirror).isEmpty(), "the mirror was asked");
        for (RegistryRequest request : mirror.requests()) {
          assertEquals("", request.header("authorization"), request.toString());
        }
      }
      assertTrue(own.requests().stream().anyMatch(one2 -> !one2.header("authorization").isEmpty()));
    }
  }

  @Test
  void aPasswordDoesNotGoWhereALocationLeads() throws Exception {
    try (InProcessRegistry elsewhere = InProcessRegistry.builder().basic("ada", "pw").start()) {
      elsewhere.push("ns/app", "v1", IMAGE);
      Path conf =
          conf(
              """
              [[registry]]
              prefix = "registry.example"
              location = "%s"
              insecure = true
              """
                  .formatted(elsewhere.address()));
      Run run = unpack(NAME, conf, "--creds=ada:pw");
      assertEquals(5, run.status(), run.err());
      for (RegistryRequest request : elsewhere.requests()) {
        assertEquals("", request.header("authorization"), request.toString());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // the policy knows the name that was asked for, whatever place served it
    "registry.example, 0",
    "registry.example/ns/app, 0",
    "FIRST, 3",
    "FIRST/one/ns/app, 3"
  })
  void thePolicyIsAskedAboutTheNameThatWasAskedFor(String scope, int status) throws Exception {
    first.push("one/ns/app", "v1", IMAGE);
    Path policy =
        Files.writeString(
            directory.resolve("policy.json"),
            """
            {"default": [{"type": "reject"}], "transports": {"docker": {
              "%s": [{"type": "insecureAcceptAnything"}]}}}
            """
                .formatted(scope.replace("FIRST", first.address())));
    Run run = unpack(NAME, mirrors(), "--policy=" + policy);
    assertEquals(status, run.status(), run.err());
  }

  @ParameterizedTest
  @CsvSource({"registry.example/ns/app, 0", "FIRST/one/ns/app, 3"})
  void aSignatureAtTheMirrorCountsWhenItIsOfTheNameThatWasAskedFor(String signed, int status)
      throws Exception {
    CosignSigner signer = CosignSigner.withNewKey();
    first.push("one/ns/app", "v1", IMAGE);
    first.push(
        "one/ns/app",
        CosignSigner.tag(IMAGE.digest()),
        signer.sign(IMAGE.digest(), signed.replace("FIRST", first.address())));
    Path key = Files.writeString(directory.resolve("cosign.pub"), signer.publicKey());
    Path policy =
        Files.writeString(
            directory.resolve("policy.json"),
            """
            {"default": [{"type": "sigstoreSigned", "keyPath": "%s",
              "signedIdentity": {"type": "matchRepository"}}]}
            """
                .formatted(key));
    Run run = unpack(NAME, mirrors(), "--policy=" + policy);
    assertEquals(status, run.status(), run.err());
  }

  /// As containers/image does: the settings of signature stores know the mirror's names.
  @Test
  @Tag("peers")
  void aLookasideIsAskedByWhatTheImageIsCalledAtTheMirror() throws Exception {
    first.push("one/ns/app", "v1", IMAGE);
    Path home =
        Files.createDirectory(
            directory.resolve("gnupg"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    for (String command :
        List.of(
            "--passphrase= --quick-generate-key ada@example.org rsa2048 sign never",
            "--output ring.gpg --export ada@example.org")) {
      ProcessBuilder gpg =
          new ProcessBuilder(("gpg --batch " + command).split(" ", -1))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("said").toFile());
      gpg.environment().put("GNUPGHOME", home.toString());
      assertEquals(0, gpg.start().waitFor(), command);
    }
    Path stores = Files.createDirectory(directory.resolve("registries.d"));
    Files.writeString(
        stores.resolve("stores.yaml"),
        """
        docker:
          registry.example:
            lookaside: file:///logical
          %s:
            lookaside: file:///physical
        """
            .formatted(first.address()));
    Path policy =
        Files.writeString(
            directory.resolve("policy.json"),
            """
            {"default": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "%s"}]}
            """
                .formatted(directory.resolve("ring.gpg")));
    Run run =
        Run.of(
            "verify",
            NAME,
            "--registries-conf=" + mirrors(),
            "--registries-d=" + stores,
            "--policy=" + policy);
    assertEquals(3, run.status(), run.err());
    assertTrue(
        run.out().contains("/physical/one/ns/app@sha256=" + IMAGE.digest().hex()), run.out());
    assertFalse(run.out().contains("/logical/"), run.out());
  }

  @Test
  void theStoreKnowsTheNameThatWasAskedForAndTheResultThePlace() throws Exception {
    first.push("one/ns/app", "v1", IMAGE);
    String store = "--work-dir=" + directory.resolve("store");
    Path conf = mirrors();
    Run pulled =
        Run.of(
            "pull",
            NAME,
            "--bundle=" + directory.resolve("bundle"),
            store,
            "--snapshotter=copy",
            "--insecure-policy",
            "--progress=none",
            "--output=json",
            "--registries-conf=" + conf);
    assertEquals(0, pulled.status(), pulled.err());
    assertTrue(
        pulled.out().contains("\"place\": \"%s/v2/one/ns/app\"".formatted(first.url()))
            || pulled.out().contains("\"place\":\"%s/v2/one/ns/app\"".formatted(first.url())),
        pulled.out());
    assertTrue(Run.of("images", store).out().contains("registry.example/ns/app"));
    Run inspected = Run.of("inspect", NAME, "--registries-conf=" + conf);
    assertTrue(inspected.out().contains("image       docker://" + NAME + "\n"), inspected.out());
    assertTrue(
        inspected.out().contains("place       " + first.url() + "/v2/one/ns/app\n"),
        inspected.out());
    assertEquals(0, Run.of("unmount", directory.resolve("bundle").toString(), store).status());
  }

  @Test
  void ofSeveralRegistriesThatAShortNameMayMeanTheFirstThatHasItCounts() throws Exception {
    second.push("app", "v1", IMAGE);
    Path conf =
        conf(
            """
            unqualified-search-registries = ["FIRST", "SECOND", "PRIMARY"]
            [[registry]]
            location = "FIRST"
            insecure = true
            [[registry]]
            location = "SECOND"
            insecure = true
            """);
    assertUnpacked(unpack("app:v1", conf));
    assertEquals(List.of("/v2/app/manifests/v1"), manifests(first));
    assertEquals(List.of(), primary.requests());
  }

  @Test
  void hostsOfContainerdAreToldWhichRegistryIsMeant() throws Exception {
    first.push("ns/app", "v1", IMAGE);
    second.push("ns/app", IMAGE);
    Path hosts = Files.createDirectories(directory.resolve("hosts/registry.example"));
    Files.writeString(
        hosts.resolve("hosts.toml"),
        """
        server = "%s"
        [host."%s"]
        capabilities = ["resolve"]
        [host."%s/v2"]
        capabilities = ["pull"]
        override_path = true
        [host."%s/v2".header]
        x-team = ["a", "b"]
        """
            .formatted(primary.url(), first.url(), second.url(), second.url()));
    Run run =
        Run.of(
            "unpack",
            NAME,
            tree().toString(),
            "--insecure-policy",
            "--progress=none",
            "--registry-hosts-dir=" + directory.resolve("hosts"));
    assertUnpacked(run);
    assertEquals("[GET /v2/ns/app/manifests/v1?ns=registry.example]", first.requests().toString());
    for (RegistryRequest request : second.requests()) {
      assertTrue(
          request.target().matches("/v2/ns/app/blobs/sha256:[0-9a-f]+\\?ns=registry.example"),
          request.toString());
      assertEquals("a, b", request.header("x-team"));
    }
    assertEquals(List.of(), primary.requests());
  }

  /// Insecure is what may do without TLS and without proof, not what does.
  @Test
  void anInsecurePlaceIsSpokenToWithTlsWhereItHasSome() throws Exception {
    try (InProcessRegistry tls = InProcessRegistry.builder().https().start()) {
      tls.push("app", "v1", IMAGE);
      Path authority = Files.write(directory.resolve("ca.pem"), tls.certificate());
      Path conf =
          conf("[[registry]]\nlocation = \"%s\"\ninsecure = true\n".formatted(tls.address()));
      Run run =
          Run.of(
              "inspect",
              tls.name("app", "v1"),
              "--registries-conf=" + conf,
              "--tls-ca=" + authority);
      assertEquals(0, run.status(), run.err());
      assertTrue(run.out().contains("place       " + tls.url() + "/v2/app\n"), run.out());
    }
  }

  @Test
  void whatIsBlockedIsRefusedBeforeAnythingIsAsked() throws Exception {
    Path conf = conf("[[registry]]\nlocation = \"PRIMARY\"\nblocked = true\n");
    Run run = unpack(primary.name("app", "v1"), conf);
    assertEquals(3, run.status());
    assertEquals(
        "sealift: find %s: %s is blocked, line 2 of %s; unblock it there, or use another registry\n"
            .formatted(primary.name("app", "v1"), primary.address(), conf),
        run.err());
    assertEquals(List.of(), primary.requests());
  }

  @Test
  void placesAreExplainedWithoutANetwork() throws Exception {
    Path conf = mirrors();
    Run run = Run.of("places", NAME, "--registries-conf=" + conf);
    assertEquals(
        """
        image  docker://registry.example/ns/app:v1
                 a full name
        1      FIRST/one/ns/app:v1, insecure
                 mirror 1 of registry.example, line 6 of CONF
        2      SECOND/ns/app:v1, insecure
                 mirror 2 of registry.example, line 9 of CONF
        3      PRIMARY/there/ns/app:v1, insecure
                 location of registry.example, line 2 of CONF
        """
            .replace("FIRST", first.address())
            .replace("SECOND", second.address())
            .replace("PRIMARY", primary.address())
            .replace("CONF", conf.toString()),
        run.out());
    assertEquals(0, Run.of("places", NAME, "--registries-conf=" + conf, "--output=json").status());
    assertEquals(List.of(), first.requests());
  }

  /// A prefix that is not anchored would send other people's registries to a mirror (image-rs).
  @Test
  void aNameThatOnlyContainsAPrefixIsNotMeant() throws Exception {
    Path conf = mirrors();
    for (String name :
        List.of("myregistry.example/ns/app:v1", "other.example/registry.example/ns/app:v1")) {
      Run run = Run.of(Map.of(), "places", name, "--registries-conf=" + conf);
      assertTrue(run.out().contains("1      " + name + "\n"), run.out());
      assertTrue(!run.out().contains("\n2 "), run.out());
    }
  }
}
