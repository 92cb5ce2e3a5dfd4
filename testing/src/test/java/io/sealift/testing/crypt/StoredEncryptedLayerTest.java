package io.sealift.testing.crypt;

import static io.sealift.pull.ProgressListener.Stage.CACHED;
import static io.sealift.pull.ProgressListener.Stage.COMMITTING;
import static io.sealift.pull.ProgressListener.Stage.FETCHING;
import static io.sealift.pull.ProgressListener.Stage.STORED;
import static io.sealift.pull.ProgressListener.Stage.WAITING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.bundle.BundleOptions;
import io.sealift.codec.JdkGzip;
import io.sealift.crypt.KeyUnwrapper;
import io.sealift.crypt.LayerKeys;
import io.sealift.failure.AuthenticationException;
import io.sealift.failure.IntegrityException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.policy.Policy;
import io.sealift.pull.ImageClient;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.ProgressListener.Stage;
import io.sealift.pull.PullRequest;
import io.sealift.source.LayoutSource;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.snapshot.PlainSnapshotter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is in the store under the diff_id of an encrypted layer, and who gets it.
class StoredEncryptedLayerTest {

  private static final BuiltBlob SECRET = layer("secret");
  private static final List<KeyUnwrapper> KEYS = List.of(OpenKeys.INSTANCE);
  private static final List<Stage> BROUGHT = List.of(WAITING, FETCHING, COMMITTING, STORED);

  @TempDir Path scratch;
  private final List<Stage> stages = new ArrayList<>();
  private int pulls;

  private static BuiltBlob layer(String content) {
    return BuiltBlob.layer(
        new TarBuilder().file("motd", content).build(), Packing.GZIP, ImageBuilder.Form.OCI);
  }

  private static BuiltBlob encrypted(BuiltBlob layer, long seed) {
    return OpenKeys.wrap(new LayerEncryptor(layer, seed)).build();
  }

  private static BuiltImage image(BuiltBlob layer) {
    return new ImageBuilder().layer(layer).build();
  }

  /// An image whose config names the secret layer, and whose manifest names another one.
  private static BuiltImage claiming(BuiltBlob layer) {
    return image(layer.diffId(SECRET.diffId()));
  }

  /// @return what the bundle shows in the file that the layer has
  private String pull(BuiltImage image, List<KeyUnwrapper> keys) throws Exception {
    Path base = scratch.toRealPath();
    Path place = base.resolve("pull" + pulls++);
    Path layout = new LayoutWriter().add(image).writeTo(place.resolve("layout"));
    ImageClient client =
        ImageClient.builder()
            .sources(_ -> LayoutSource.directory(layout, null))
            .policy(Policy.insecureAcceptAnything("this test"))
            .snapshotter(new PlainSnapshotter())
            .workDir(base.resolve("store"))
            .decompressors(List.of(new JdkGzip()))
            .keys(new LayerKeys(keys))
            .build();
    stages.clear();
    ProgressListener listener =
        new ProgressListener() {
          @Override
          public void layer(int index, Descriptor layer, Stage stage) {
            stages.add(stage);
          }
        };
    ImageName name = ImageName.parse("oci:" + layout);
    Path bundle = place.resolve("bundle");
    client.pull(new PullRequest(name, bundle, Platform.host(), BundleOptions.DEFAULT), listener);
    return Files.readString(bundle.resolve("rootfs/motd"));
  }

  @Test
  void isTakenAgainWithItsKey() throws Exception {
    assertEquals("secret", pull(image(encrypted(SECRET, 1)), KEYS));
    assertEquals(BROUGHT, stages);
    assertEquals("secret", pull(image(encrypted(SECRET, 1)), KEYS));
    assertEquals(List.of(WAITING, CACHED), stages);
  }

  @Test
  void isRefusedWithoutItsKey() throws Exception {
    pull(image(encrypted(SECRET, 1)), KEYS);
    String message =
        assertThrows(
                AuthenticationException.class, () -> pull(image(encrypted(SECRET, 1)), List.of()))
            .getMessage();
    assertTrue(message.contains("(plain: nothing here opens such keys)"), message);
  }

  @Test
  void isNotGivenToAPlainImageThatOnlyNamesIt() throws Exception {
    pull(image(encrypted(SECRET, 1)), KEYS);
    assertThrows(IntegrityException.class, () -> pull(claiming(layer("bait")), List.of()));
  }

  @Test
  void isNotGivenToAnImageWithAKeyOfItsOwn() throws Exception {
    pull(image(encrypted(SECRET, 1)), KEYS);
    assertThrows(IntegrityException.class, () -> pull(claiming(encrypted(layer("bait"), 2)), KEYS));
  }

  @Test
  void isGivenToWhoeverBringsItAgain() throws Exception {
    pull(image(encrypted(SECRET, 1)), KEYS);
    assertEquals("secret", pull(image(SECRET), List.of()));
    assertEquals(BROUGHT, stages);
    assertEquals("secret", pull(image(encrypted(SECRET, 2)), KEYS));
    assertEquals(BROUGHT, stages);
    assertEquals("secret", pull(image(encrypted(SECRET, 1)), KEYS));
    assertEquals(List.of(WAITING, CACHED), stages);
  }

  @Test
  void needsItsKeyAlsoWhenItIsThereInPlain() throws Exception {
    pull(image(SECRET), List.of());
    assertThrows(AuthenticationException.class, () -> pull(image(encrypted(SECRET, 1)), List.of()));
    assertEquals("secret", pull(image(encrypted(SECRET, 1)), KEYS));
    assertEquals(BROUGHT, stages);
    assertEquals("secret", pull(image(SECRET), List.of()));
    assertEquals(List.of(WAITING, CACHED), stages);
  }
}
