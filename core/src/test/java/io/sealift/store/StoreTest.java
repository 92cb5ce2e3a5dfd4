package io.sealift.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import io.sealift.policy.Proof;
import io.sealift.policy.Signature;
import io.sealift.snapshot.Snapshotter;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.TreeSummary.Loss;
import io.sealift.unpack.TreeSummary.PendingLink;
import io.sealift.unpack.TreeSummary.WithheldMode;
import io.sealift.unpack.UnpackLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreTest {

  private static final DiffId BASE = Samples.layer("base");
  private static final DiffId TOP = Samples.layer("top");

  @TempDir(factory = MemoryDirectory.class)
  Path scratch;

  private Path workDir;
  private Store store;

  @BeforeEach
  void open() throws Exception {
    workDir = scratch.resolve("work/dir");
    store = Store.open(workDir, new BareSnapshotter("bare"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void isMadeForItsOwnerAlone() throws Exception {
    assertEquals("1\n", Files.readString(workDir.resolve("format")));
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(workDir)));
  }

  @Test
  void anotherFormatIsRefused() throws Exception {
    store.close();
    Files.writeString(workDir.resolve("format"), "2\n");
    assertEquals(
        "open store %s: format '2', expected 1; use the version of this program that made it, or choose another store with --work-dir"
            .formatted(workDir),
        assertThrows(StoreException.class, this::open).getMessage());
  }

  @Test
  void aDirectoryOfSomebodyElseIsRefused() throws Exception {
    Path home = Files.createDirectory(scratch.resolve("home"));
    Files.writeString(home.resolve("letter"), "dear");
    assertEquals(
        "make store %s: expected an empty directory, found 'letter' in it; choose another one with --work-dir"
            .formatted(home),
        assertThrows(StoreException.class, () -> Store.open(home, new BareSnapshotter("bare")))
            .getMessage());
  }

  @Test
  void aNewFileSystemsDirectoryIsTaken() throws Exception {
    Path disk = Files.createDirectory(scratch.resolve("disk"));
    Files.createDirectory(disk.resolve("lost+found"));
    try (Store other = Store.open(disk, new BareSnapshotter("bare"))) {
      assertEquals(List.of(), other.fsck(false).findings());
    }
  }

  @Test
  void lookingForAStoreThatIsNotThereFindsNothingAndMakesNothing() throws Exception {
    Path absent = scratch.resolve("absent");
    try (Store none = Store.openExisting(absent, new BareSnapshotter("bare"))) {
      assertEquals(List.of(), none.images());
      assertEquals(List.of(), none.mounts());
      assertEquals(Collected.NOTHING, none.gc());
      assertEquals(Optional.empty(), none.layer(BASE));
      assertTrue(none.fsck(true).clean());
      assertFalse(none.unmount(scratch));
      assertEquals(
          "write to store %s: there is none; pull an image first".formatted(absent),
          assertThrows(StoreException.class, () -> none.lease(BASE, () -> {})).getMessage());
    }
    assertFalse(Files.exists(absent));
  }

  @Test
  void aLayerIsThereOnceItIsCommittedAndAllOfItIsKept() throws Exception {
    byte[] every = new byte[255];
    for (int b = 1; b < 256; b++) {
      every[b - 1] = (byte) (b == '/' ? 'x' : b);
    }
    LayerPath odd = LayerPath.of(every, UnpackLimits.DEFAULT);
    LayerPath plain = path("a/b");
    TreeSummary summary =
        new TreeSummary(
            List.of(plain, odd),
            List.of(new PendingLink(odd, plain), new PendingLink(plain, odd)),
            List.of(new WithheldMode(odd, 0), new WithheldMode(plain, 01077)),
            List.of(new Loss("owner", 3, odd, "this process is not root")));
    try (LayerLease lease = store.lease(BASE, () -> {})) {
      assertEquals(Optional.empty(), lease.present());
      assertEquals(lease.tree(), lease.tree());
      try (Stream<Path> entries = Files.list(lease.tree())) {
        assertEquals(0, entries.count());
      }
      lease.split().write("headers".getBytes(StandardCharsets.UTF_8));
      assertEquals(Optional.empty(), store.layer(BASE));
      StoredLayer stored = lease.commit(summary, 4096, null);
      assertEquals(Optional.of(stored), lease.present());
    }
    StoredLayer found = store.layer(BASE).orElseThrow();
    assertEquals(summary, found.tree().summary());
    assertEquals(4096, found.tarBytes());
    assertEquals("headers", Files.readString(found.tree().directory().resolveSibling("split")));
  }

  @Test
  void whatIsNotCommittedIsRemoved() throws Exception {
    Path tree;
    try (LayerLease lease = store.lease(BASE, () -> {})) {
      tree = lease.tree();
      Files.writeString(tree.resolve("half"), "way");
    }
    assertFalse(Files.exists(tree));
    assertEquals(Optional.empty(), store.layer(BASE));
  }

  @Test
  void aDiscardedLayerBeginsAnew() throws Exception {
    Path first;
    try (LayerLease lease = store.lease(BASE, () -> {})) {
      lease.discard();
      first = lease.tree();
      Files.writeString(first.resolve("half"), "way");
      lease.split().write("half".getBytes(StandardCharsets.UTF_8));
      lease.discard();
      assertFalse(Files.exists(first));
      lease.discard();
      Files.writeString(lease.tree().resolve("whole"), "way");
      lease.split().write("whole".getBytes(StandardCharsets.UTF_8));
      lease.commit(TreeSummary.NOTHING, 1, null);
    }
    Path tree = store.layer(BASE).orElseThrow().tree().directory();
    try (Stream<Path> entries = Files.list(tree)) {
      assertEquals(List.of(tree.resolve("whole")), entries.toList());
    }
    assertEquals("whole", Files.readString(tree.resolveSibling("split")));
  }

  @Test
  void anInterruptedThreadStillCommitsAndStaysInterrupted() throws Exception {
    try (LayerLease lease = store.lease(BASE, () -> {})) {
      lease.tree();
      Thread.currentThread().interrupt();
      lease.commit(TreeSummary.NOTHING, 1, null);
      assertTrue(Thread.interrupted());
    }
    assertTrue(store.layer(BASE).isPresent());
  }

  @Test
  void aTreeHasTheModeThatARootHasUnlessItsLayerSaysOtherwise() throws Exception {
    try (LayerLease lease = store.lease(BASE, () -> {})) {
      assertEquals(
          "rwxr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(lease.tree())));
    }
  }

  @Test
  void anImageIsRecordedAsItWasAdmitted() throws Exception {
    ImageRecord image = Samples.put(store, "example.org/app:1", BASE, TOP, BASE);
    assertEquals(List.of("docker://example.org/app:1"), image.names());
    assertEquals(List.of("docker://example.org/app@" + image.manifestDigest()), image.digests());
    assertEquals(List.of(BASE, TOP, BASE), image.layers());
    assertEquals(300, image.compressedBytes());
    assertEquals(1028 + 1027 + 1028, image.tarBytes());
    Admission admission = image.admissions().getFirst();
    assertEquals("docker://example.org/app:1", admission.name());
    assertEquals("this test", admission.policy());
    assertEquals("default", admission.scope());
    assertEquals("plain+unsigned", admission.kind());
    assertEquals(
        List.of(new Proof("insecureAcceptAnything", "accepted unseen by this test", null)),
        admission.proofs());
    assertEquals(List.of(image), store.images());
    assertEquals(
        List.of(BASE, TOP, BASE), store.layers(image).stream().map(StoredLayer::diffId).toList());
    byte[] manifest =
        Files.readAllBytes(workDir.resolve("blobs/sha256/" + image.manifestDigest().hex()));
    assertEquals(image.manifestDigest(), Samples.digest(manifest));
  }

  @Test
  void documentsAreKeptAsTheyWereReceived() throws Exception {
    ImageRecord image = Samples.put(store, "example.org/app:1", BASE);
    assertEquals(image.manifestDigest(), Samples.digest(store.manifest(image)));
    assertEquals(image.imageId(), Samples.digest(store.config(image)));
    store.remove(image, true);
    assertEquals(
        "read manifest %s: it is not in the store %s; pull the image again"
            .formatted(image.manifestDigest(), workDir),
        assertThrows(StoreException.class, () -> store.manifest(image)).getMessage());
  }

  @Test
  void whatImagesTakeIsToldWithEachLayerOnce() throws Exception {
    UsageMeter meter = new UsageMeter();
    assertEquals(new Snapshotter.Usage(0, 0), meter.measure(store));
    ImageRecord one = Samples.put(store, "example.org/one:1", BASE);
    long ofOne = meter.measure(store).bytes();
    ImageRecord two = Samples.put(store, "example.org/two:1", BASE, TOP);
    long ofBoth = meter.measure(store).bytes();
    long blockEach = 2 * 4096;
    assertTrue(blockEach < ofOne && ofOne + blockEach < ofBoth);
    store.remove(one, false);
    assertEquals(ofBoth, meter.measure(store).bytes());
    store.gc();
    assertEquals(ofBoth - blockEach, meter.measure(store).bytes());
    store.remove(two, false);
    assertEquals(blockEach, meter.measure(store).bytes());
    store.gc();
    assertEquals(0, meter.measure(store).bytes());
  }

  @Test
  void oneWhoRecordsAnImageAndOneWhoForgetsItComeOneAfterTheOther() throws Exception {
    ImageRecord image = Samples.put(store, "example.org/app:1", BASE);
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      boolean records = i % 2 == 0;
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  for (int n = 0; n < 20; n++) {
                    if (records) {
                      Samples.put(store, "example.org/app:1", BASE);
                    } else {
                      store.remove(image, false);
                    }
                  }
                } catch (Throwable failed) {
                  failures.add(failed);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), failures);
    Optional<ImageRecord> left = store.find("example.org/app:1");
    assertEquals(left.stream().toList(), store.images());
    assertEquals(List.of(), store.fsck(false).findings());
    store.remove(image, false);
    try (Stream<Path> names = Files.list(workDir.resolve("names"))) {
      assertEquals(0, names.count());
    }
  }

  @Test
  void anImageWhoseLayersAreNotThereIsNotRecorded() throws Exception {
    StoredLayer layer = Samples.put(store, BASE);
    store.gc();
    String message =
        assertThrows(
                StoreException.class,
                () ->
                    store.record(Samples.image("example.org/app:1", List.of(BASE)), List.of(layer)))
            .getMessage();
    assertEquals(
        "read layer %s: it is not in the store %s; pull the image again".formatted(BASE, workDir),
        message);
    assertEquals(List.of(), store.images());
  }

  @Test
  void aNameThatIsPulledAgainStandsForTheNewImage() throws Exception {
    ImageRecord old = Samples.put(store, "example.org/app:1", BASE);
    ImageRecord fresh = Samples.put(store, "example.org/app:1", BASE, TOP);
    assertEquals(Optional.of(fresh), store.find("example.org/app:1"));
    ImageRecord nameless = store.find(old.manifestDigest().toString()).orElseThrow();
    assertEquals(List.of(), nameless.names());
    assertEquals(List.of("docker://example.org/app@" + old.manifestDigest()), nameless.digests());
    assertEquals(Optional.of(nameless), store.find("example.org/app@" + old.manifestDigest()));
  }

  @Test
  void anImageHasAllItsNames() throws Exception {
    Samples.put(store, "example.org/b:1", BASE);
    ImageRecord image = Samples.put(store, "example.org/a:1", BASE);
    assertEquals(List.of("docker://example.org/a:1", "docker://example.org/b:1"), image.names());
    assertEquals(List.of(image), store.images());
  }

  @ParameterizedTest
  @CsvSource({
    "docker://example.org/app:1, one",
    "example.org/app:1, one",
    "docker://docker.io/library/app:latest, two",
    "app, two",
    "library/app, two",
    "example.org/app:2, none",
    "APP, none",
    "'', none",
  })
  void isFoundByName(String wanted, String found) throws Exception {
    ImageRecord one = Samples.put(store, "example.org/app:1", BASE);
    ImageRecord two = Samples.put(store, "app", TOP);
    Optional<ImageRecord> expected =
        switch (found) {
          case "one" -> Optional.of(one);
          case "two" -> Optional.of(two);
          default -> Optional.empty();
        };
    assertEquals(expected, store.find(wanted));
  }

  @ParameterizedTest
  @CsvSource({"64, true", "12, true", "6, true", "5, false"})
  void isFoundBySixDigitsOrMore(int digits, boolean found) throws Exception {
    ImageRecord image = Samples.put(store, "example.org/app:1", BASE);
    for (String hex : List.of(image.manifestDigest().hex(), image.imageId().hex())) {
      String first = hex.substring(0, digits);
      assertEquals(found, store.find(first).isPresent(), first);
      assertEquals(found, store.find("sha256:" + first).isPresent(), first);
      assertFalse(store.find("sha512:" + first).isPresent(), first);
    }
  }

  @Test
  void digitsOfSeveralImagesAreRefusedWithAllOfThem() throws Exception {
    ImageRecord one = Samples.put(store, "example.org/app:1", BASE);
    ImageRecord two = Samples.put(store, "example.org/app:2", TOP);
    Search search = new Search(List.of(alike(one, "000000a"), alike(two, "000000b")));
    assertTrue(search.find("000000a").isPresent());
    String message =
        assertThrows(BadReferenceException.class, () -> search.find("000000")).getMessage();
    assertTrue(message.startsWith("find image '000000': expected one, it fits sha256:000000a"));
    assertTrue(message.endsWith("use more digits of one of these"), message);
  }

  @Test
  void everyAdmissionIsRememberedTheLastOneFirst() throws Exception {
    Samples.put(store, "example.org/app:1", BASE);
    Samples.put(store, "example.org/app:2", BASE);
    ImageRecord image = Samples.put(store, "example.org/app:1", BASE);
    assertEquals(
        List.of(
            "docker://example.org/app:1",
            "docker://example.org/app:2",
            "docker://example.org/app:1"),
        image.admissions().stream().map(Admission::name).toList());
    for (int more = 0; more < 40; more++) {
      image = Samples.put(store, "example.org/app:" + more, BASE);
    }
    assertEquals(32, image.admissions().size());
    assertEquals("docker://example.org/app:39", image.admissions().getFirst().name());
    assertEquals(List.of(image), store.images());
  }

  @Test
  void anAdmissionIsReadAsItWasWritten() throws Exception {
    ImageRecord image = Samples.put(store, "example.org/app:1", BASE);
    Signature.Claim claim = new Signature.Claim(image.manifestDigest(), "example.org/app:1");
    Signature.Claim bare = new Signature.Claim(image.manifestDigest(), null);
    Admission admission =
        new Admission(
            "docker://example.org/app:1",
            image.pulled(),
            "/p.json",
            "docker:example.org",
            "plain+signed",
            List.of(
                new Proof("signedBy", "good", new Signature.Proven("here", "Ada", claim)),
                new Proof("sigstoreSigned", "good", new Signature.Proven("there", "Bob", bare)),
                new Proof("insecureAcceptAnything", "unseen", null)));
    ImageRecord signed = with(image, List.of(admission));
    assertEquals(
        signed,
        ImageFile.read(
            ImageFile.write(signed),
            image.manifestDigest(),
            Stream.concat(image.names().stream(), image.digests().stream())
                .map(name -> new Names.Entry(name, image.manifestDigest(), false))
                .toList(),
            image.lastUsed()));
  }

  @Test
  void recordsOfManyLongAdmissionsStayBounded() throws Exception {
    ImageRecord image = Samples.put(store, "example.org/app:1", BASE);
    Proof proof = new Proof("signedBy", "\u0001".repeat(400), null);
    Admission admission =
        new Admission("n", image.pulled(), "p", "s", "k", java.util.Collections.nCopies(64, proof));
    byte[] bytes = ImageFile.write(with(image, java.util.Collections.nCopies(32, admission)));
    assertTrue(bytes.length <= ImageFile.MAX_BYTES);
    assertFalse(
        ImageFile.read(bytes, image.manifestDigest(), List.of(), Instant.EPOCH)
            .admissions()
            .isEmpty());
  }

  private static ImageRecord with(ImageRecord image, List<Admission> admissions) {
    return new ImageRecord(
        image.manifestDigest(),
        image.imageId(),
        image.names(),
        image.digests(),
        image.layers(),
        image.compressedBytes(),
        image.tarBytes(),
        image.pulled(),
        image.lastUsed(),
        image.pinned(),
        admissions);
  }

  private static ImageRecord alike(ImageRecord image, String start) {
    String hex = start + image.imageId().hex().substring(start.length());
    return new ImageRecord(
        new io.sealift.oci.Digest(image.imageId().algorithm(), hex),
        image.imageId(),
        image.names(),
        image.digests(),
        image.layers(),
        0,
        0,
        image.pulled(),
        image.lastUsed(),
        image.pinned(),
        image.admissions());
  }

  @Test
  void aRemovedImageIsForgottenAndItsLayersGoWhenCollected() throws Exception {
    ImageRecord one = Samples.put(store, "example.org/app:1", BASE, TOP);
    ImageRecord two = Samples.put(store, "example.org/app:2", BASE);
    Removal removal = store.remove(one, false);
    assertTrue(removal.collected().isNothing());
    assertEquals(Optional.empty(), store.find("example.org/app:1"));
    assertTrue(store.layer(TOP).isPresent());
    Collected collected = store.gc();
    assertEquals(1, collected.layers());
    assertEquals(2, collected.blobs());
    assertTrue(collected.bytes() > 500);
    assertEquals(Optional.empty(), store.layer(TOP));
    assertTrue(store.layer(BASE).isPresent());
    assertEquals(List.of(two), store.images());
    assertEquals(1, store.remove(two, true).collected().layers());
    assertEquals(Optional.empty(), store.layer(BASE));
    assertTrue(store.gc().isNothing());
  }

  @Test
  void collectionSparesWhatALiveMountNeeds() throws Exception {
    ImageRecord image = Samples.put(store, "example.org/app:1", BASE);
    Path rootfs = scratch.resolve("bundle/rootfs");
    store.keep(store.mount(rootfs, image));
    assertTrue(store.remove(image, true).collected().isNothing());
    assertTrue(store.layer(BASE).isPresent());
    assertTrue(store.unmount(rootfs));
    assertEquals(1, store.gc().layers());
  }

  @Test
  void aMountIsListedUntilItIsUndone() throws Exception {
    ImageRecord image = Samples.put(store, "example.org/app:1", BASE);
    Path rootfs = scratch.toRealPath().resolve("bundle/rootfs");
    Mount mount = store.mount(rootfs, image);
    assertTrue(mount.work().startsWith(workDir.resolve("mounts")));
    assertTrue(Files.isDirectory(mount.work()));
    assertEquals(new Mount(rootfs, mount.work(), image.manifestDigest(), "bare", false), mount);
    store.keep(mount);
    assertEquals(
        List.of(new Mount(rootfs, mount.work(), image.manifestDigest(), "bare", true)),
        store.mounts());
    Files.createDirectories(rootfs.resolve("etc"));
    assertTrue(store.unmount(rootfs));
    assertFalse(Files.exists(rootfs));
    assertFalse(Files.exists(mount.work()));
    assertEquals(List.of(), store.mounts());
    assertFalse(store.unmount(rootfs));
  }

  @Test
  void aPlaceIsTheSameHoweverItsPathIsWritten() throws Exception {
    ImageRecord image = Samples.put(store, "example.org/app:1", BASE);
    Files.createDirectory(scratch.resolve("bundle"));
    Files.createSymbolicLink(scratch.resolve("link"), scratch.resolve("bundle"));
    store.keep(store.mount(scratch.resolve("bundle/rootfs"), image));
    assertThrows(StoreException.class, () -> store.mount(scratch.resolve("link/rootfs"), image));
    assertTrue(store.unmount(scratch.resolve("bundle/../link/./rootfs")));
  }

  @Test
  void aRootFileSystemThatLivesIsNotReplaced() throws Exception {
    ImageRecord image = Samples.put(store, "example.org/app:1", BASE);
    Path rootfs = scratch.toRealPath().resolve("rootfs");
    Mount begun = store.mount(rootfs, image);
    String expected =
        "mount %s: a root file system of image %s is there; run 'sealift unmount %s' first"
            .formatted(rootfs, image.manifestDigest(), rootfs.getParent());
    try (Store other = Store.open(workDir, new BareSnapshotter("bare"))) {
      assertRefused(expected, other, rootfs, image);
      store.keep(begun);
      store.close();
      assertRefused(expected, other, rootfs, image);
    }
  }

  private static void assertRefused(String message, Store store, Path rootfs, ImageRecord image) {
    assertEquals(
        message, assertThrows(StoreException.class, () -> store.reclaim(rootfs)).getMessage());
    assertEquals(
        message, assertThrows(StoreException.class, () -> store.mount(rootfs, image)).getMessage());
  }

  @Test
  void whatAStoreThatIsClosedDidNotKeepIsReclaimed() throws Exception {
    ImageRecord image = Samples.put(store, "example.org/app:1", BASE);
    Path rootfs = scratch.resolve("rootfs");
    store.mount(rootfs, image);
    Files.createDirectories(rootfs.resolve("half"));
    store.close();
    try (Store other = Store.open(workDir, new BareSnapshotter("bare"))) {
      for (int i = 0; i < 2; i++) {
        other.reclaim(rootfs);
        assertFalse(Files.exists(rootfs));
        assertEquals(List.of(), other.mounts());
      }
    }
  }

  @Test
  void whatOthersMadeSinceIsNotReclaimed() throws Exception {
    ImageRecord image = Samples.put(store, "example.org/app:1", BASE);
    Path rootfs = scratch.toRealPath().resolve("bundle/rootfs");
    store.mount(rootfs, image);
    Files.createDirectories(rootfs.resolve("of-others"));
    store.close();
    try (Store other = Store.open(workDir, new BareSnapshotter("bare"))) {
      assertRefused(
          "mount %s: expected what a pull that died made there, found something of others; move it away, or run 'sealift unmount %s' to remove it"
              .formatted(rootfs, rootfs.getParent()),
          other,
          rootfs,
          image);
      assertTrue(Files.exists(rootfs.resolve("of-others")));
      assertTrue(other.unmount(rootfs));
      assertFalse(Files.exists(rootfs));
    }
  }

  @Test
  void whatAStoreThatIsClosedDidNotKeepIsReplaced() throws Exception {
    ImageRecord image = Samples.put(store, "example.org/app:1", BASE);
    Path rootfs = scratch.resolve("rootfs");
    store.mount(rootfs, image);
    Files.createDirectories(rootfs.resolve("half"));
    store.close();
    try (Store other = Store.open(workDir, new BareSnapshotter("bare"))) {
      other.keep(other.mount(rootfs, image));
      assertFalse(Files.exists(rootfs));
      assertEquals(1, other.mounts().size());
    }
  }

  @Test
  void whatAnotherSnapshotterStackedIsLeftAlone() throws Exception {
    ImageRecord image = Samples.put(store, "example.org/app:1", BASE);
    Path rootfs = scratch.toRealPath().resolve("rootfs");
    store.keep(store.mount(rootfs, image));
    try (Store other = Store.open(workDir, new BareSnapshotter("other"))) {
      assertEquals(
          "unmount %s: stacked by bare, expected other; use --snapshotter bare".formatted(rootfs),
          assertThrows(StoreException.class, () -> other.unmount(rootfs)).getMessage());
      assertEquals(1, other.mounts().size());
    }
  }

  @Test
  void openingRemovesWhatNobodyAliveIsMaking() throws Exception {
    Path staging = workDir.resolve("staging");
    Files.createDirectories(staging.resolve("00112233445566/tree/deep"));
    Files.writeString(staging.resolve("stray"), "");
    try (LayerLease lease = store.lease(BASE, () -> {});
        Store other = Store.open(workDir, new BareSnapshotter("bare"))) {
      Path living = lease.tree();
      Samples.put(other, TOP);
      try (Store third = Store.open(workDir, new BareSnapshotter("bare"))) {
        assertTrue(Files.exists(living));
        assertTrue(third.layer(TOP).isPresent());
      }
    }
    try (Stream<Path> left = Files.list(staging)) {
      assertEquals(1, left.count());
    }
  }

  private static LayerPath path(String text) throws Exception {
    return LayerPath.of(text.getBytes(StandardCharsets.UTF_8), UnpackLimits.DEFAULT);
  }
}
