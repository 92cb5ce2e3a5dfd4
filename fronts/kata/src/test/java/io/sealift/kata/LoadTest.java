package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.overlay.AutoSnapshotter;
import io.sealift.store.ImageRecord;
import io.sealift.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many pulls at once: what they share is fetched once, and nothing is left when all is removed.
class LoadTest {

  @TempDir private Path dir;

  @Test
  void twoHundredPullsOfTwentyImages() throws Exception {
    try (TestGuest guest = new TestGuest(dir).start()) {
      Load load = new Load(guest.registry, guest.directory.resolve("containers"));
      load.push();
      load.pull(guest.socket);
      load.assertBundles();
      assertEquals(
          load.layers().stream().collect(Collectors.toMap(digest -> digest, _ -> 1)),
          fetched(guest, load.layers()));
      assertEquals(Load.PULLS, guest.mounts().size());

      load.unmount(guest.workDir);
      try (Store store = Store.open(guest.workDir, new AutoSnapshotter())) {
        for (ImageRecord image : store.images()) {
          store.remove(image, true);
        }
        assertEquals(List.of(), store.fsck(false).findings());
      }
      guest.server().close();
      assertEquals(List.of(), guest.mounts());
      assertEquals(List.of(), files(guest.workDir.resolve("layers")));
      assertEquals(List.of(), files(guest.workDir.resolve("blobs")));
      assertEquals(List.of(), descriptors(guest.directory));
      assertEquals(List.of(), threads());
    }
  }

  private static Map<String, Integer> fetched(TestGuest guest, Set<String> layers) {
    Map<String, Integer> fetched = new TreeMap<>();
    guest.registry.requests().stream()
        .filter(request -> request.method().equals("GET"))
        .map(request -> request.path().replaceFirst(".*/blobs/", ""))
        .filter(layers::contains)
        .forEach(digest -> fetched.merge(digest, 1, Integer::sum));
    return fetched;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (var all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /// Those of this process that lead below a directory.
  private static List<String> descriptors(Path directory) throws IOException {
    try (var all = Files.list(Path.of("/proc/self/fd"))) {
      return all.map(LoadTest::target)
          .filter(target -> target.startsWith(directory.toString()))
          .toList();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closed) {
      return "";
    }
  }

  /// Those that work on layers, which are the platform's; virtual ones ended with the server.
  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("layer"))
        .toList();
  }
}
