package io.sealift.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.store.Check.Finding;
import io.sealift.verify.Hasher;
import io.sealift.verify.Hashing;
import io.sealift.verify.JcaHashing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of a store that somebody changed: they are refused with their place and what to do,
/// checking finds them, and repairing leaves a valid store.
class StoreCheckTest {

  private static final DiffId BASE = Samples.layer("base");

  @TempDir(factory = MemoryDirectory.class)
  Path scratch;

  private Path workDir;
  private Store store;
  private ImageRecord image;

  @BeforeEach
  void open() throws Exception {
    workDir = scratch.toRealPath().resolve("store");
    store = Store.open(workDir, new BareSnapshotter("bare"));
    image = Samples.put(store, "example.org/app:1", BASE);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aSoundStoreHasNoFindings() throws Exception {
    store.keep(store.mount(scratch.resolve("rootfs"), image));
    assertEquals(new Check(1, 2, 1, List.of(), List.of()), store.fsck(false));
  }

  /// What is done to which file, the subject of the first finding, and how much is left of one
  /// image, two blobs, one layer and two names, of which one is by digest, after the repair.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "IMAGE    | delete  |           | 0 2 1 0",
        "IMAGE    | garbage | image     | 0 2 1 0",
        "IMAGE    | other   | image     | 0 2 1 0",
        "IMAGE    | link    | image     | 0 2 1 0",
        "IMAGE    | dir     | image     | 0 2 1 0",
        "MANIFEST | delete  | image     | 0 1 1 0",
        "MANIFEST | garbage | path      | 0 1 1 0",
        "CONFIG   | delete  | image     | 0 1 1 0",
        "CONFIG   | garbage | path      | 0 1 1 0",
        "CONFIG   | huge    | path      | 0 1 1 0",
        "LAYER    | delete  | layer     | 0 2 0 0",
        "LAYER    | garbage | layer     | 0 2 0 0",
        "LAYER    | huge    | layer     | 0 2 0 0",
        "SPLIT    | delete  | layer     | 0 2 0 0",
        "SPLIT    | garbage | layer     | 0 2 0 0",
        "SPLIT    | other   | layer     | 0 2 0 0",
        "TREE     | delete  | layer     | 0 2 0 0",
        "EXTRA    | garbage | layer     | 0 2 0 0",
        "NAME     | delete  |           | 1 2 1 1",
        "NAME     | garbage | path      | 1 2 1 1",
        "NAME     | other   | path      | 1 2 1 1",
        "NAME     | link    | path      | 1 2 1 1",
      })
  void findsAndRepairs(String which, String how, String subject, String left) throws Exception {
    Path file = file(which);
    damage(file, how);
    List<Finding> found = store.fsck(false).findings();
    assertTrue(found.stream().noneMatch(Finding::repaired), found.toString());
    if (subject == null) {
      assertEquals(which.equals("IMAGE") ? 2 : 0, found.size(), found.toString());
    } else {
      String expected =
          switch (subject) {
            case "image" -> "image " + image.manifestDigest();
            case "layer" -> "layer " + BASE;
            default -> file.toString();
          };
      assertEquals(expected, found.getFirst().subject(), found.toString());
    }
    Check repaired = store.fsck(true);
    assertEquals(found.size(), repaired.findings().size());
    assertTrue(repaired.sound(), repaired.findings().toString());
    assertEquals(List.of(), store.fsck(false).findings());
    assertEquals(left, left());
    Samples.put(store, "example.org/app:1", BASE);
    assertEquals(new Check(1, 2, 1, List.of(), List.of()), store.fsck(false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "blobs/sha256/README",
        "layers/sha512/1",
        "images/sha256/0123.json",
        "images/sha256/.hidden",
        "names/example.org",
        "mounts/meta_store.json"
      })
  void straysDisturbNobodyAndAreRemoved(String stray) throws Exception {
    Files.writeString(workDir.resolve(stray), "?");
    assertEquals(List.of(image), store.images());
    assertTrue(store.gc().isNothing());
    assertEquals(
        List.of(
            new Finding(
                workDir.resolve(stray).toString(),
                "it does not belong there",
                "run 'sealift fsck --repair' to remove it; nothing else needs it",
                false)),
        store.fsck(false).findings());
    assertTrue(store.fsck(true).sound());
    assertTrue(store.fsck(false).clean());
    assertEquals(List.of(image), store.images());
  }

  @Test
  void aBrokenLayerThatIsInUseIsLeftUntilItIsNot() throws Exception {
    Path rootfs = scratch.toRealPath().resolve("rootfs");
    store.keep(store.mount(rootfs, image));
    Files.delete(file("SPLIT"));
    Check check = store.fsck(true);
    assertEquals(
        new Finding(
            "layer " + BASE,
            "its tar split is missing",
            "run 'sealift unmount %s', which uses it, then 'sealift fsck --repair'"
                .formatted(rootfs.getParent()),
            false),
        check.findings().getFirst());
    assertFalse(check.sound());
    assertTrue(store.unmount(rootfs));
    assertTrue(store.fsck(true).sound());
    assertTrue(store.fsck(false).clean());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"manifest\":\"sha256:../../x\",\"layers\":[]}",
        "{\"manifest\":1}",
        "{\"manifest\":\"M\",\"imageId\":\"sha256:12\",\"layers\":[]}",
        "{\"manifest\":\"M\",\"imageId\":\"M\",\"layers\":[\"../../etc\"]}",
        "{\"manifest\":\"M\",\"imageId\":\"M\",\"layers\":[],\"compressedBytes\":1e99}",
        "{\"manifest\":\"M\",\"imageId\":\"M\",\"layers\":[],\"compressedBytes\":1,\"tarBytes\":1,\"pulled\":\"now\"}",
        "{\"manifest\":\"M\",\"manifest\":\"M\"}",
      })
  void hostileRecordsAreRefusedWithTheirPlace(String json) throws Exception {
    Path file = file("IMAGE");
    Files.writeString(file, json.replace("\"M\"", "\"" + image.manifestDigest() + "\""));
    String message = assertThrows(StoreException.class, () -> store.images()).getMessage();
    assertTrue(message.startsWith("read " + file + ": read "), message);
    assertTrue(message.endsWith("; run 'sealift fsck --repair'"), message);
    assertThrows(StoreException.class, () -> store.gc());
    assertTrue(store.layer(BASE).isPresent());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"rootfs\":\"etc\"",
        "\"rootfs\":\"/etc/../etc\"",
        "\"rootfs\":\"/etc\\u0000\"",
        "\"rootfs\":\"/somewhere/else\"",
        "\"rootfs\":7",
      })
  void hostileMountsAreRefusedAndNothingIsUnmounted(String member) throws Exception {
    Path rootfs = scratch.resolve("rootfs");
    store.keep(store.mount(rootfs, image));
    Path file;
    try (Stream<Path> files = Files.list(workDir.resolve("mounts"))) {
      file = files.filter(Mounts::isMount).findFirst().orElseThrow();
    }
    String json = Files.readString(file);
    Files.writeString(
        file, json.replaceFirst("\"rootfs\": \"[^\"]*\"", member.replace("\\", "\\\\")));
    String message = assertThrows(StoreException.class, () -> store.unmount(rootfs)).getMessage();
    assertTrue(message.startsWith("read " + file + ": read mount"), message);
    assertThrows(StoreException.class, () -> store.gc());
    assertTrue(store.fsck(true).sound());
    assertEquals(List.of(), store.mounts());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"tarBytes\":-1}",
        "{\"tarBytes\":1,\"implied\":[\"../x\"]}",
        "{\"tarBytes\":1,\"implied\":[\"a%00b\"]}",
        "{\"tarBytes\":1,\"implied\":[\"a%2\"]}",
        "{\"tarBytes\":1,\"implied\":[\"a%zz\"]}",
        "{\"tarBytes\":1,\"implied\":[\"é\"]}",
        "{\"tarBytes\":1,\"pendingLinks\":[{\"path\":\"a\"}]}",
      })
  void hostileLayerFilesAreRefused(String json) throws Exception {
    Path file = file("LAYER");
    Files.writeString(file, json);
    String message = assertThrows(StoreException.class, () -> store.layer(BASE)).getMessage();
    assertTrue(message.startsWith("read " + file + ": "), message);
  }

  private Path file(String which) throws IOException {
    return switch (which) {
      case "IMAGE" -> workDir.resolve("images/sha256/" + image.manifestDigest().hex() + ".json");
      case "MANIFEST" -> workDir.resolve("blobs/sha256/" + image.manifestDigest().hex());
      case "CONFIG" -> workDir.resolve("blobs/sha256/" + image.imageId().hex());
      case "LAYER" -> layer().resolve("layer.json");
      case "SPLIT" -> layer().resolve("split");
      case "TREE" -> layer().resolve("tree");
      case "EXTRA" -> layer().resolve("tree/extra");
      default -> {
        try (Stream<Path> names = Files.list(workDir.resolve("names"))) {
          yield names.findFirst().orElseThrow();
        }
      }
    };
  }

  private Path layer() {
    return workDir.resolve("layers/sha256/" + BASE.digest().hex());
  }

  private void damage(Path file, String how) throws Exception {
    switch (how) {
      case "garbage" -> Files.writeString(file, "{\"x");
      case "other" -> {
        ImageRecord other = Samples.put(store, "example.org/other:1", Samples.layer("other"));
        byte[] bytes = Files.readAllBytes(alike(file, other));
        store.remove(other, true);
        Files.write(file, bytes);
      }
      case "link" -> {
        Path elsewhere = scratch.resolve("elsewhere");
        Files.move(file, elsewhere);
        Files.createSymbolicLink(file, elsewhere);
      }
      case "huge" -> {
        try (var channel =
            java.nio.channels.FileChannel.open(file, java.nio.file.StandardOpenOption.WRITE)) {
          channel.write(java.nio.ByteBuffer.allocate(1), 1L << 32);
        }
      }
      case "dir" -> {
        Files.delete(file);
        Files.createDirectories(file.resolve("x"));
      }
      default -> new BareSnapshotter("bare").remove(file);
    }
  }

  /// What the file is for another image, of another layer.
  private Path alike(Path file, ImageRecord other) {
    if (file.endsWith("split")) {
      return workDir.resolve(
          "layers/sha256/" + other.layers().getFirst().digest().hex() + "/split");
    }
    return file.startsWith(workDir.resolve("names"))
        ? workDir.resolve("names").resolve(Names.fileName("docker://example.org/other:1"))
        : workDir.resolve("images/sha256/" + other.manifestDigest().hex() + ".json");
  }

  private String left() throws IOException {
    return "%d %d %d %d"
        .formatted(count("images"), count("blobs"), count("layers"), count("names"));
  }

  private long count(String what) throws IOException {
    Path directory = workDir.resolve(what);
    try (Stream<Path> entries =
        Files.list(what.equals("names") ? directory : directory.resolve("sha256"))) {
      return entries.count();
    }
  }

  /// Whatever moment of a check another pull or removal falls into, nothing sound is found broken.
  @TestFactory
  Stream<DynamicTest> whatOthersDoMeanwhileIsNoFinding() throws Exception {
    AtomicInteger digests = new AtomicInteger();
    store.fsck(false, interrupting(_ -> digests.incrementAndGet()));
    assertEquals(3, digests.get());
    return IntStream.rangeClosed(1, digests.get())
        .boxed()
        .flatMap(at -> Stream.of("pull", "remove").map(what -> disturbed(what, at)));
  }

  private DynamicTest disturbed(String what, int at) {
    return DynamicTest.dynamicTest(
        what + " at digest " + at,
        () -> {
          for (ImageRecord left : store.images()) {
            store.remove(left, true);
          }
          Samples.put(store, "example.org/app:1", BASE);
          DiffId fresh = Samples.layer(what + at);
          Hashing hashing =
              interrupting(count -> {
                if (count == at && what.equals("pull")) {
                  Samples.put(store, "example.org/other:" + at, fresh);
                } else if (count == at) {
                  store.remove(store.find("example.org/app:1").orElseThrow(), true);
                }
              });
          assertEquals(List.of(), store.fsck(false, hashing).findings());
        });
  }

  private interface Disturbance {
    void happen(int count) throws Exception;
  }

  /// Something happens before the n-th digest is begun.
  private static Hashing interrupting(Disturbance disturbance) {
    AtomicInteger count = new AtomicInteger();
    Hashing hashing = new JcaHashing();
    return new Hashing() {
      @Override
      public String name() {
        return hashing.name();
      }

      @Override
      public Hasher open(DigestAlgorithm algorithm) {
        try {
          disturbance.happen(count.incrementAndGet());
        } catch (Exception failed) {
          throw new IllegalStateException(failed);
        }
        return hashing.open(algorithm);
      }
    };
  }
}
