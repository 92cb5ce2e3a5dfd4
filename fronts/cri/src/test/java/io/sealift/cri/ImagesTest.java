package io.sealift.cri;

import static io.sealift.cri.TestNode.all;
import static io.sealift.cri.TestNode.has;
import static io.sealift.cri.TestNode.inside;
import static io.sealift.cri.TestNode.number;
import static io.sealift.cri.TestNode.text;
import static io.sealift.cri.TestNode.texts;
import static io.sealift.cri.TestNode.truth;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DynamicMessage;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.oci.Platform;
import io.sealift.overlay.AutoSnapshotter;
import io.sealift.store.Retention;
import io.sealift.store.Store;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How images are told of: identity, names, sizes, pins, what clients may call them, room.
class ImagesTest {

  private static final String APP = "registry.example/app:1";

  @TempDir Path directory;
  private InProcessRegistry registry;
  private TestNode node;

  private static BuiltImage image(String content) {
    return new ImageBuilder().layer(new TarBuilder().file("f", content).build()).build();
  }

  @BeforeEach
  void start() throws Exception {
    registry = InProcessRegistry.start().push("app", "1", image("one"));
    node = new TestNode(directory, registry).started();
  }

  @AfterEach
  void end() throws Exception {
    node.close();
    registry.close();
  }

  private DynamicMessage status(String image) {
    return node.status(image).orElseThrow(() -> new AssertionError("no image " + image));
  }

  @Test
  void theIdIsTheDigestOfTheConfigAndTheSizeThatOfAllThatCame() {
    BuiltImage app = image("one");
    String id = node.pull(APP);
    assertEquals(app.blobs().getFirst().digest(), id);
    DynamicMessage status = status(APP);
    assertEquals(
        app.document().bytes().length
            + app.blobs().stream().mapToLong(blob -> blob.bytes().length).sum(),
        number(status, "size"));
    assertEquals(List.of(APP), texts(status, "repo_tags"));
    assertEquals(List.of("registry.example/app@" + app.digest()), texts(status, "repo_digests"));
    assertFalse(has(status, "spec"));
    assertFalse(truth(status, "pinned"));
  }

  @Test
  void anImageThatANameLedToByAnIndexIsKnownByTheIndex() {
    BuiltImage index = ImageBuilder.index(Map.of(Platform.host(), image("of an index")));
    registry.push("multi", "1", index);
    String id = node.pull("registry.example/multi:1");
    String digest = "registry.example/multi@" + index.digest();
    assertEquals(List.of(digest), texts(status(id), "repo_digests"));
    assertEquals(id, text(status(digest), "id"));
    assertEquals(id, node.pull(digest));
    assertEquals(1, node.list().size());
  }

  @Test
  void ofATagAndADigestTheDigestCounts() {
    BuiltImage app = image("one");
    String both = APP.replace(":1", ":never@") + app.digest();
    String id = node.pull(both);
    assertEquals(List.of(), texts(status(id), "repo_tags"));
    assertEquals(
        List.of("registry.example/app@" + app.digest()), texts(status(id), "repo_digests"));
    assertEquals(id, text(status(both), "id"));
  }

  /// The same content packed in another way is another manifest with the same config.
  @Test
  void manifestsOfOneConfigAreOneImage() {
    byte[] tar = new TarBuilder().file("f", "one").build();
    BuiltImage other = new ImageBuilder().layer(tar, Packing.ZSTD).build();
    registry.push("app", "zstd", other);
    String id = node.pull(APP);
    assertEquals(id, node.pull("registry.example/app:zstd"));
    assertEquals(1, node.list().size());
    DynamicMessage status = status(id);
    assertEquals(List.of(APP, "registry.example/app:zstd"), texts(status, "repo_tags"));
    assertEquals(2, texts(status, "repo_digests").size());
    node.remove("registry.example/app:zstd");
    assertEquals(List.of(), node.list());
  }

  @Test
  void aTagThatIsPulledAgainIsTheNewImages() {
    String old = node.pull(APP);
    registry.push("app", "1", image("two"));
    String fresh = node.pull(APP);
    assertEquals(fresh, text(status(APP), "id"));
    assertEquals(List.of(), texts(status(old), "repo_tags"));
    assertEquals(1, texts(status(old), "repo_digests").size());
    assertEquals(List.of(fresh, old), node.ids());
  }

  @Test
  void anImageIsFoundByWhateverItIsCalled() {
    String id = node.pull(APP);
    String digits = id.substring("sha256:".length());
    for (String name : List.of(id, digits, digits.substring(0, 12), digits.substring(0, 3), APP)) {
      assertEquals(id, text(status(name), "id"), name);
      assertEquals(
          1,
          all(node.client().call("ListImages", "filter { " + TestNode.image(name) + " }"), "images")
              .size());
    }
    for (String name :
        List.of(
            digits.substring(0, 2),
            "registry.example/app",
            "registry.example/app:2",
            "registry.example/APP:1",
            "app",
            "!")) {
      assertTrue(node.status(name).isEmpty(), name);
      assertEquals(
          0,
          all(node.client().call("ListImages", "filter { " + TestNode.image(name) + " }"), "images")
              .size());
    }
  }

  /// The name that was pulled comes before the digits of another image.
  @Test
  void digitsOfSeveralImagesAreNone() throws Exception {
    List<String> ids = new ArrayList<>();
    Random random = new Random(1);
    String digits = "";
    while (digits.isEmpty()) {
      registry.push("r", "1", image("random " + random.nextLong()));
      String id = node.pull("registry.example/r:1").substring("sha256:".length());
      String begin = id.substring(0, 3);
      digits = ids.stream().anyMatch(other -> other.startsWith(begin)) ? begin : "";
      ids.add(id);
    }
    String ambiguous = digits;
    for (String method : List.of("ImageStatus", "RemoveImage")) {
      StatusRuntimeException refused =
          assertThrows(
              StatusRuntimeException.class,
              () -> node.client().call(method, TestNode.image(ambiguous)));
      assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
    }
    assertEquals(ids.size(), node.list().size());
  }

  @Test
  void shortNamesMeanWhatTheSettingsSay() throws Exception {
    node.close();
    node = new TestNode(directory, registry);
    node.options.registriesConf =
        node.file(
            "short.conf",
            """
            unqualified-search-registries = ["nowhere.example", "registry.example"]
            [[registry]]
            prefix = "nowhere.example"
            location = "%1$s/nothing"
            insecure = true
            [[registry]]
            prefix = "registry.example"
            location = "%1$s"
            insecure = true
            """
                .formatted(registry.address()));
    node.started();
    String id = node.pull("app:1");
    assertEquals(List.of(APP), texts(status(id), "repo_tags"));
    assertEquals(id, text(status("app:1"), "id"));
    node.remove("app:1");
    assertEquals(List.of(), node.list());
  }

  @Test
  void whatIsPinnedIsToldSparedAndStillRemoved() throws Exception {
    registry.push("pause", "3.10", image("pause")).push("other", "1", image("other"));
    String pause = "registry.k8s.io/pause:3.10";
    node.pull(pause);
    node.pull(APP);
    node.pull("registry.example/other:1");
    assertTrue(truth(status(pause), "pinned"));
    assertFalse(truth(status(APP), "pinned"));
    node.configure(Map.of("sealift", Map.of("pinned_images", List.of(APP))));
    node.daemon().reload();
    assertTrue(truth(status(APP), "pinned"));
    assertEquals(2, node.list().stream().filter(image -> truth(image, "pinned")).count());
    try (Store store = Store.open(node.workDir, new AutoSnapshotter())) {
      assertEquals(1, store.gc(new Retention(Instant.MAX, 0L)).images().size());
    }
    assertEquals(2, node.list().size());
    node.remove(APP);
    assertTrue(node.status(APP).isEmpty());
  }

  @Test
  void everythingIsToldOfAnImageThatIsLookedAtClosely() throws Exception {
    BuiltImage built =
        new ImageBuilder()
            .layer(new TarBuilder().file("f", "1").build())
            .layer(new TarBuilder().file("g", "2").build())
            .config("Cmd", List.of("/bin/sh"))
            .build();
    registry.push("app", "closely", built);
    String name = "registry.example/app:closely";
    node.pull(name);
    DynamicMessage quiet = node.client().call("ImageStatus", TestNode.image(name));
    assertEquals(List.of(), all(quiet, "info"));
    DynamicMessage told =
        node.client().call("ImageStatus", TestNode.image(name) + " verbose: true");
    DynamicMessage entry = all(told, "info").getFirst();
    assertEquals("info", text(entry, "key"));
    JsonObject info =
        JsonReader.readObject(
            text(entry, "value").getBytes(StandardCharsets.UTF_8), "info", JsonLimits.DEFAULT);
    assertEquals(List.of("/bin/sh"), info.object("imageSpec").object("config").strings("Cmd"));
    assertTrue(info.string("chainID").matches("sha256:[0-9a-f]{64}"));
    assertEquals(built.digest().toString(), info.string("manifest"));
    assertEquals(built.layers().stream().map(BuiltBlob::diffId).toList(), info.strings("layers"));
    assertEquals("docker://" + name, info.objects("admissions").getFirst().string("name"));
  }

  @Test
  void aStreamOfImagesTellsTheSameAsTheListing() {
    assertEquals(List.of(), node.client().stream("StreamImages", ""));
    node.pull(APP);
    registry.push("app", "2", image("two"));
    node.pull("registry.example/app:2");
    List<DynamicMessage> streamed = new ArrayList<>();
    node.client().stream("StreamImages", "")
        .forEach(message -> streamed.addAll(all(message, "images")));
    assertEquals(node.list(), streamed);
    assertEquals(2, streamed.size());
    List<DynamicMessage> one =
        node.client().stream("StreamImages", "filter { " + TestNode.image(APP) + " }");
    assertEquals(List.of(status(APP)), all(one.getFirst(), "images"));
  }

  /// Room is told as it is: more with an image, as before without it.
  @Test
  void roomIsMeasuredWithEachChange() throws Exception {
    Instant before = Instant.now();
    long[] empty = room();
    assertEquals(0, empty[0] - room()[0]);
    BuiltImage large =
        new ImageBuilder().layer(new TarBuilder().file("f", "x".repeat(3_000_000)).build()).build();
    registry.push("large", "1", large);
    node.pull("registry.example/large:1");
    long[] full = room();
    assertTrue(full[0] - empty[0] >= 3_000_000, "bytes: " + (full[0] - empty[0]));
    assertTrue(full[1] > empty[1]);
    node.remove("registry.example/large:1");
    assertTrue(room()[0] - empty[0] < 1_000_000);
    DynamicMessage answer = node.client().call("ImageFsInfo", "");
    assertEquals(1, all(answer, "image_filesystems").size());
    assertEquals(all(answer, "image_filesystems"), all(answer, "container_filesystems"));
    DynamicMessage usage = all(answer, "image_filesystems").getFirst();
    assertEquals(node.workDir.toString(), text(inside(usage, "fs_id"), "mountpoint"));
    long nanos = number(usage, "timestamp");
    assertTrue(nanos >= before.getEpochSecond() * 1_000_000_000L);
  }

  /// Bytes and inodes.
  private long[] room() {
    DynamicMessage usage =
        all(node.client().call("ImageFsInfo", ""), "image_filesystems").getFirst();
    return new long[] {
      number(inside(usage, "used_bytes"), "value"), number(inside(usage, "inodes_used"), "value")
    };
  }

  @Test
  void theRuntimeIsThereAndReadyAsFarAsImagesGo() {
    DynamicMessage version = node.client().call("Version", "version: \"v1\"");
    assertEquals("sealift", text(version, "runtime_name"));
    assertEquals("1.2.3", text(version, "runtime_version"));
    assertEquals("v1", text(version, "runtime_api_version"));
    DynamicMessage status = node.client().call("Status", "verbose: true");
    List<DynamicMessage> conditions = all(inside(status, "status"), "conditions");
    assertEquals(
        List.of("RuntimeReady", "NetworkReady"),
        conditions.stream().map(condition -> text(condition, "type")).toList());
    assertTrue(conditions.stream().allMatch(condition -> truth(condition, "status")));
    assertTrue(text(all(status, "info").getFirst(), "value").contains(node.workDir.toString()));
    assertEquals(List.of(), all(node.client().call("Status", ""), "info"));
  }

  @Test
  void aRuntimeHandlerThatIsNamedIsServed() throws Exception {
    node.close();
    node = new TestNode(directory, registry);
    node.options.runtimeHandlers = List.of("kata");
    node.started();
    DynamicMessage pulled =
        node.client()
            .call("PullImage", "image { image: \"" + APP + "\" runtime_handler: \"kata\" }");
    assertEquals(text(pulled, "image_ref"), text(status(APP), "id"));
    assertEquals(
        List.of("", "kata"),
        all(node.client().call("Status", ""), "runtime_handlers").stream()
            .map(handler -> text(handler, "name"))
            .toList());
  }

  /// Whom an image is for is in the log, where nothing of it can forge a line.
  @Test
  void thePodThatAnImageIsForIsLogged() {
    node.client()
        .call(
            "PullImage",
            "image { image: \""
                + APP
                + "\" user_specified_image: \"app\" } sandbox_config { metadata { name: \"p\\nlevel"
                + "=error\" namespace: \"default\" uid: \"1-2\" } }");
    String line =
        node.logged()
            .lines()
            .filter(text -> text.contains("pull is wanted"))
            .findFirst()
            .orElseThrow();
    assertTrue(line.contains("namespace=default") && line.contains("pod_uid=1-2"), line);
    assertTrue(node.logged().lines().noneMatch(text -> text.startsWith("level")), line);
  }
}
