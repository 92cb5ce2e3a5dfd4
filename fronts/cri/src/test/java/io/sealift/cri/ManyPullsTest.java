package io.sealift.cri;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.TarBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many pulls at once: what they share, what they must not share, and what is left of them.
class ManyPullsTest {

  private static final int PULLS = 200;

  @TempDir Path directory;

  private final Load load = Load.ofGzip(200_000);

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.matches("(pull|layers|collection|call).*"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.walk(directory)) {
      return entries.filter(Files::isRegularFile).map(Path::toString).toList();
    }
  }

  @Test
  void eachLayerIsFetchedOnceAndNothingStays() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start()) {
      List<String> ids = load.push(registry);
      Set<String> layers = new HashSet<>();
      for (int i = 0; i < Load.IMAGES; i++) {
        load.image(i).layers().forEach(layer -> layers.add(layer.digest()));
      }
      assertEquals(Load.LAYERS, layers.size());
      warmUp(registry);
      long before = descriptors();
      try (TestNode node = new TestNode(directory, registry).started()) {
        assertEquals(Load.expected(ids, PULLS), Load.pull(node.client(), PULLS));
        Map<String, Long> fetched =
            registry.requests().stream()
                .map(request -> request.path().replaceFirst(".*/blobs/", ""))
                .filter(layers::contains)
                .collect(Collectors.groupingBy(digest -> digest, Collectors.counting()));
        assertEquals(layers.stream().collect(Collectors.toMap(l -> l, _ -> 1L)), fetched);
        assertEquals(Load.IMAGES, node.list().size());
        removeAll(node);
        assertEquals(List.of(), node.list());
        node.collected();
        for (String part : List.of("layers", "blobs", "images", "names", "staging", "mounts")) {
          assertEquals(List.of(), list(node.workDir.resolve(part)), part);
        }
      }
      assertEquals(Set.of(), threads());
      assertEquals(before, descriptors());
    }
  }

  /// What is opened once in a process and stays, such as libraries.
  private void warmUp(InProcessRegistry registry) throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("warm-up"));
    registry.push(
        "warm", "1", new ImageBuilder().layer(new TarBuilder().file("warm", "up").build()).build());
    try (TestNode node = new TestNode(elsewhere, registry).started()) {
      node.pull("registry.example/warm:1");
    }
  }

  private static void removeAll(TestNode node) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(Load.IMAGES)) {
      List<Future<?>> removals = new ArrayList<>();
      for (int i = 0; i < Load.IMAGES; i++) {
        String name = Load.name(i);
        removals.add(threads.submit(() -> node.remove(name)));
      }
      for (Future<?> removal : removals) {
        removal.get();
      }
    }
  }

  /// A registry that answers the manifest only when it is told to.
  private static CountDownLatch hold(InProcessRegistry registry, CountDownLatch asked) {
    CountDownLatch go = new CountDownLatch(1);
    registry.plan(
        "/manifests/1",
        1,
        Fault.redirect(
            307,
            target -> {
              asked.countDown();
              try {
                go.await();
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
              return target;
            }));
    return go;
  }

  private static long asked(InProcessRegistry registry) {
    return registry.requests().stream()
        .filter(request -> request.path().contains("/manifests/"))
        .count();
  }

  @Test
  void whoWantsTheSameAsTheSameSharesAPull() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start().push("app0", "1", load.image(0));
        TestNode node = new TestNode(directory, registry).started();
        ExecutorService threads = Executors.newCachedThreadPool()) {
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch go = hold(registry, asked);
      List<Future<String>> pulls = new ArrayList<>();
      pulls.add(threads.submit(() -> node.pull(Load.name(0))));
      asked.await();
      for (int i = 0; i < 5; i++) {
        pulls.add(threads.submit(() -> node.pull(Load.name(0))));
      }
      while (count(node, "pull is wanted") < 6) {
        Thread.onSpinWait();
      }
      go.countDown();
      Set<String> ids = new HashSet<>();
      for (Future<String> pull : pulls) {
        ids.add(pull.get());
      }
      assertEquals(1, ids.size());
      assertTrue(asked(registry) < 6, "asked " + asked(registry) + " times");
    }
  }

  private static long count(TestNode node, String event) {
    return node.logged().lines().filter(line -> line.contains(event)).count();
  }

  /// The pull goes on as long as anybody waits for it.
  @Test
  void oneWhoGoesAwayTakesNothingFromOthers() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start().push("app0", "1", load.image(0));
        TestNode node = new TestNode(directory, registry).started()) {
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch go = hold(registry, asked);
      Given first = new Given(node, Load.name(0));
      asked.await();
      Given second = new Given(node, Load.name(0));
      while (count(node, "pull is wanted") < 2) {
        Thread.onSpinWait();
      }
      first.call.cancel("gone", null);
      assertEquals(Status.Code.CANCELLED, first.ended.get().getCode());
      go.countDown();
      assertEquals(Status.Code.OK, second.ended.get().getCode());
      assertEquals(1, node.list().size());
    }
  }

  /// A call that is given up by its client, or by its deadline, ends what is done for it.
  @Test
  void aPullThatNobodyWaitsForEnds() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start().push("app0", "1", load.image(0));
        TestNode node = new TestNode(directory, registry).started()) {
      registry.plan("/blobs/" + load.image(0).layers().getLast().digest(), Fault.stall(1000));
      Given given = new Given(node, Load.name(0));
      while (count(node, "stage=fetching") == 0) {
        Thread.onSpinWait();
      }
      given.call.cancel("gone", null);
      assertEquals(Status.Code.CANCELLED, given.ended.get().getCode());
      while (count(node, "pull cancelled") == 0) {
        Thread.onSpinWait();
      }
      assertEquals(List.of(), node.list());
      assertEquals(List.of(), list(node.workDir.resolve("staging")));
      assertEquals(
          Status.Code.DEADLINE_EXCEEDED,
          new Given(
                  node,
                  Load.name(0),
                  CallOptions.DEFAULT.withDeadlineAfter(500, TimeUnit.MILLISECONDS))
              .ended
              .get()
              .getCode());
      while (count(node, "pull cancelled") < 2) {
        Thread.onSpinWait();
      }
      assertEquals(List.of(), list(node.workDir.resolve("staging")));
    }
  }

  /// Who asks as somebody else has the registry asked again.
  @Test
  void whoAsksAsAnotherSharesNoAnswer() throws Exception {
    try (InProcessRegistry registry = InProcessRegistry.start().push("app0", "1", load.image(0));
        TestNode node = new TestNode(directory, registry).started();
        ExecutorService threads = Executors.newCachedThreadPool()) {
      CountDownLatch asked = new CountDownLatch(1);
      CountDownLatch go = hold(registry, asked);
      Future<String> first = threads.submit(() -> node.pull(Load.name(0)));
      asked.await();
      String request =
          TestNode.image(Load.name(0)) + " auth { username: \"mallory\" password: \"x\" }";
      String other =
          TestNode.text(node.client().call("PullImage", request), "image_ref"); // meanwhile
      go.countDown();
      assertEquals(other, first.get());
      assertEquals(3, asked(registry)); // one of them the redirect
    }
  }

  /// A call that can be given up, and how it ended.
  private static final class Given {

    final ClientCall<byte[], byte[]> call;
    final CompletableFuture<Status> ended = new CompletableFuture<>();

    Given(TestNode node, String image) {
      this(node, image, CallOptions.DEFAULT);
    }

    Given(TestNode node, String image, CallOptions options) {
      call = node.client().begin("PullImage", options);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onClose(Status status, Metadata trailers) {
              ended.complete(status);
            }
          },
          new Metadata());
      call.request(2);
      call.sendMessage(CriClient.request("PullImage", TestNode.image(image)));
      call.halfClose();
    }
  }
}
