package io.sealift.testing.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.bundle.BundleOptions;
import io.sealift.codec.JdkGzip;
import io.sealift.failure.StoreException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.policy.Policy;
import io.sealift.pull.ImageClient;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.PullRequest;
import io.sealift.source.LayoutSource;
import io.sealift.store.Store;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.snapshot.PlainSnapshotter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pulls into places where something is already.
class BundlePullTest {

  @TempDir Path scratch;
  private final List<ProgressListener.Stage> stages = new ArrayList<>();
  private Path layout = Path.of("");
  private Path bundle = Path.of("");
  private Path workDir = Path.of("");

  @BeforeEach
  void build() throws Exception {
    Path base = scratch.toRealPath();
    bundle = base.resolve("bundle");
    workDir = base.resolve("store");
    layout =
        new LayoutWriter()
            .add(new ImageBuilder().layer(new TarBuilder().file("f", "content").build()).build())
            .writeTo(base.resolve("layout"));
  }

  private void pull() throws Exception {
    pull(BundleOptions.DEFAULT);
  }

  private void pull(BundleOptions options) throws Exception {
    ImageClient client =
        ImageClient.builder()
            .sources(_ -> LayoutSource.directory(layout, null))
            .policy(Policy.insecureAcceptAnything("this test"))
            .snapshotter(new PlainSnapshotter())
            .workDir(workDir)
            .decompressors(List.of(new JdkGzip()))
            .build();
    ProgressListener listener =
        new ProgressListener() {
          @Override
          public void layer(int index, Descriptor layer, Stage stage) {
            stages.add(stage);
          }
        };
    client.pull(
        new PullRequest(ImageName.parse("oci:" + layout), bundle, Platform.host(), options),
        listener);
  }

  private String refusal() {
    return assertThrows(StoreException.class, this::pull).getMessage();
  }

  /// What a process leaves that dies after everything was made, and before that is written down.
  private void die() throws Exception {
    pull();
    try (Store store = Store.open(workDir, new PlainSnapshotter())) {
      Path rootfs = bundle.resolve("rootfs");
      Path kept = Files.move(rootfs, scratch.resolve("kept"));
      store.unmount(rootfs);
      store.mount(rootfs, store.images().getFirst());
      Files.move(kept, rootfs);
    }
    stages.clear();
  }

  @Test
  void aBundleOfAPullThatDiedIsMadeAgain() throws Exception {
    die();
    pull();
    assertEquals("content", Files.readString(bundle.resolve("rootfs/f")));
    assertTrue(Files.exists(bundle.resolve("config.json")));
    try (Store store = Store.openExisting(workDir, new PlainSnapshotter())) {
      assertTrue(store.mounts().getFirst().kept());
    }
  }

  @Test
  void aBundleThatIsThereIsRefusedBeforeAnythingIsFetched() throws Exception {
    pull();
    stages.clear();
    String message = refusal();
    assertTrue(
        message.startsWith("mount %s/rootfs: a root file system of image sha256:".formatted(bundle))
            && message.endsWith(" is there; run 'sealift unmount %s' first".formatted(bundle)),
        message);
    assertEquals(List.of(), stages);
    assertEquals("content", Files.readString(bundle.resolve("rootfs/f")));
  }

  @Test
  void aBundleWhoseFilesWereRemovedByHandIsRefusedAndNothingIsMade() throws Exception {
    pull();
    new PlainSnapshotter().remove(bundle);
    String message = refusal();
    assertTrue(message.contains("run 'sealift unmount %s' first".formatted(bundle)), message);
    assertFalse(Files.exists(bundle));
  }

  @Test
  void anotherConfigIsRefusedBeforeAnythingIsFetched() throws Exception {
    Files.createDirectories(bundle);
    Files.writeString(bundle.resolve("config.json"), "{}");
    assertEquals(
        "make bundle: %s/config.json: it is there with another content; remove it or ask for replacing it"
            .formatted(bundle),
        refusal());
    assertEquals(List.of(), stages);
    assertFalse(Files.exists(bundle.resolve("rootfs")));
    pull(new BundleOptions(true, BundleOptions.Profile.IMAGE_RS, true));
    assertTrue(Files.size(bundle.resolve("config.json")) > 2);
  }
}
