package io.sealift.cri;

import static io.sealift.cri.TestNode.has;
import static io.sealift.cri.TestNode.inside;
import static io.sealift.cri.TestNode.number;
import static io.sealift.cri.TestNode.text;
import static io.sealift.cri.TestNode.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DynamicMessage;
import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.TarBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What Kubernetes' conformance suite asks of an image service (kubernetes-sigs/cri-tools,
/// `pkg/validate/image*.go`), on images of the same names made here.
class ConformanceTest {

  private static final String PREFIX = "gcr.io/k8s-staging-cri-tools/";
  private static final String FOLDER = "k8s-staging-cri-tools/";

  private static final String TAGGED = PREFIX + "test-image-tag:test";
  private static final String UNTAGGED = PREFIX + "test-image-latest";
  private static final BuiltImage BY_DIGEST = image("digest");
  private static final String DIGESTED = PREFIX + "test-image-digest@" + BY_DIGEST.digest();

  private static final List<String> DIFFERENT =
      List.of(
          PREFIX + "test-image-1:latest",
          PREFIX + "test-image-2:latest",
          PREFIX + "test-image-3:latest");

  private static final List<String> SAME =
      List.of(
          PREFIX + "test-image-tags:1", PREFIX + "test-image-tags:2", PREFIX + "test-image-tags:3");

  private static final List<String> PAUSE =
      List.of("registry.k8s.io/pause:3.9", "k8s.gcr.io/pause:3.9");

  @TempDir Path directory;
  private InProcessRegistry registry;
  private TestNode node;

  private static BuiltImage image(String content) {
    return builder(content).build();
  }

  private static ImageBuilder builder(String content) {
    return new ImageBuilder().layer(new TarBuilder().file("content", content).build());
  }

  private static BuiltImage user(String user) {
    return builder(user).config("User", user).build();
  }

  @BeforeEach
  void start() throws Exception {
    registry =
        InProcessRegistry.start()
            .push(FOLDER + "test-image-tag", "test", image("tag"))
            .push(FOLDER + "test-image-tag", "all", image("all"))
            .push(FOLDER + "test-image-latest", "latest", image("latest"))
            .push(FOLDER + "test-image-digest", BY_DIGEST)
            .push(FOLDER + "test-image-user-uid", "latest", user("1002"))
            .push(FOLDER + "test-image-user-uid-group", "latest", user("1003:users"))
            .push(FOLDER + "test-image-user-username", "latest", user("www-data"))
            .push(FOLDER + "test-image-user-username-group", "latest", user("www-data:100"));
    for (int i = 1; i <= 3; i++) {
      registry.push(FOLDER + "test-image-" + i, "latest", image("one of three: " + i));
      registry.push(FOLDER + "test-image-tags", Integer.toString(i), image("tags"));
    }
    registry.push("pause", "3.9", image("pause"));
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

  /// Pulls an image, compares what it is called, and removes it.
  private void checkPulled(String image, List<String> tags) {
    node.remove(image);
    String id = node.pull(image);
    DynamicMessage status = status(image);
    assertEquals(id, text(status, "id"));
    assertTrue(number(status, "size") > 0);
    assertEquals(tags, texts(status, "repo_tags"));
    assertEquals(1, texts(status, "repo_digests").size());
    node.remove(image);
    assertTrue(node.status(image).isEmpty());
  }

  @Test
  void anImageWithATagIsPulledAndRemoved() {
    checkPulled(TAGGED, List.of(TAGGED));
  }

  @Test
  void anImageWithoutATagIsTheLatest() {
    checkPulled(UNTAGGED, List.of(UNTAGGED + ":latest"));
  }

  @Test
  void anImageByDigestHasNoTag() {
    node.pull(DIGESTED);
    assertEquals(List.of(DIGESTED), texts(status(DIGESTED), "repo_digests"));
    checkPulled(DIGESTED, List.of());
  }

  @Test
  void aPullIsOverWithItsTime() {
    registry.plan("/manifests/", Fault.stall(0));
    StatusRuntimeException late =
        assertThrows(
            StatusRuntimeException.class,
            () ->
                node.client()
                    .call(
                        "PullImage",
                        TestNode.image(TAGGED),
                        CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.MILLISECONDS)));
    assertEquals(Status.Code.DEADLINE_EXCEEDED, late.getStatus().getCode());
    assertEquals(List.of(), node.list());
  }

  @Test
  void theStatusIsTheSameByIdTagAndDigest() {
    String image = PREFIX + "test-image-tag:all";
    String id = node.pull(image);
    DynamicMessage status = status(id);
    List<String> names = new ArrayList<>(texts(status, "repo_tags"));
    names.addAll(texts(status, "repo_digests"));
    assertEquals(2, names.size());
    for (String name : names) {
      assertEquals(status, status(name));
    }
    assertEquals(List.of(status), node.list());
  }

  @ParameterizedTest
  @CsvSource({
    "test-image-user-uid, 1002, ''",
    "test-image-user-uid-group, 1003, ''",
    "test-image-user-username, 0, www-data",
    "test-image-user-username-group, 0, www-data",
  })
  void theUserIsToldAsTheImageSaysIt(String image, long uid, String username) {
    node.pull(PREFIX + image);
    DynamicMessage status = status(PREFIX + image);
    assertEquals(username.isEmpty(), has(status, "uid"));
    if (username.isEmpty()) {
      assertEquals(uid, number(inside(status, "uid"), "value"));
    }
    assertEquals(username, text(status, "username"));
  }

  @Test
  void differentImagesAreListedEachWithItsTag() {
    DIFFERENT.forEach(node::pull);
    List<DynamicMessage> images = node.list();
    assertEquals(3, images.size());
    assertEquals(3, Set.copyOf(node.ids()).size());
    for (DynamicMessage image : images) {
      assertEquals(1, texts(image, "repo_tags").size());
      assertTrue(DIFFERENT.contains(texts(image, "repo_tags").getFirst()));
    }
  }

  @Test
  void anImageUnderThreeTagsIsListedOnceWithThem() {
    SAME.forEach(node::pull);
    assertEquals(1, node.list().size());
    assertEquals(SAME, texts(node.list().getFirst(), "repo_tags"));
  }

  @Test
  void removalByOneTagRemovesAll() {
    Set<String> ids = new TreeSet<>();
    SAME.forEach(name -> ids.add(node.pull(name)));
    assertEquals(1, ids.size());
    node.remove(SAME.get(1));
    SAME.forEach(name -> assertTrue(node.status(name).isEmpty(), name));
    assertTrue(node.status(ids.iterator().next()).isEmpty());
    assertEquals(List.of(), node.list());
  }

  @Test
  void oneImageOfTwoRegistriesIsOneImage() {
    String id = node.pull(PAUSE.getFirst());
    assertEquals(id, node.pull(PAUSE.getLast()));
    assertEquals(1, node.list().size());
    assertEquals(List.of(PAUSE.getLast(), PAUSE.getFirst()), texts(status(id), "repo_tags"));
    assertEquals(2, texts(status(id), "repo_digests").size());
    assertEquals(status(PAUSE.getFirst()), status(PAUSE.getLast()));
    node.remove(PAUSE.getLast());
    assertTrue(node.status(PAUSE.getFirst()).isEmpty());
  }

  @Test
  void whatWasPulledOrRemovedIsSeenAtOnce() {
    for (int i = 0; i < 5; i++) {
      String id = node.pull(TAGGED);
      assertEquals(List.of(id), node.ids());
      assertEquals(id, text(status(TAGGED), "id"));
      node.remove(TAGGED);
      assertEquals(List.of(), node.ids());
      assertTrue(node.status(TAGGED).isEmpty());
      assertTrue(node.status(id).isEmpty());
    }
  }

  @Test
  void removalIsIdempotent() {
    String id = node.pull(TAGGED);
    node.remove(id);
    node.remove(id);
    node.remove(TAGGED);
    node.remove(PREFIX + "never-was:1");
    node.remove("sha256:" + "0".repeat(64));
    assertEquals(List.of(), node.list());
  }

  @Test
  void fiveMayRemoveAnImageAtOnce() throws Exception {
    String id = node.pull(TAGGED);
    try (ExecutorService threads = Executors.newFixedThreadPool(5)) {
      List<Future<Boolean>> removals = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        removals.add(
            threads.submit(() -> {
              node.remove(id);
              return node.status(id).isPresent() || node.ids().contains(id);
            }));
      }
      for (Future<Boolean> removal : removals) {
        assertFalse(removal.get());
      }
    }
  }

  @Test
  void theIdOfAPullIsThatOfTheStatusAndTheListing() {
    for (String image : DIFFERENT) {
      String id = node.pull(image);
      assertEquals(id, text(status(image), "id"));
      assertEquals(id, text(status(id), "id"));
      assertTrue(node.ids().contains(id));
    }
  }
}
