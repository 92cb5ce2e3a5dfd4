package io.sealift.testing.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.codec.JdkGzip;
import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.NotFoundException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.policy.Policy;
import io.sealift.pull.ImageClient;
import io.sealift.pull.LayerReport;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.StoredImage;
import io.sealift.source.LayoutSource;
import io.sealift.store.Store;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.snapshot.PlainSnapshotter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images that are brought into the store, and nowhere else.
class StoredImageTest {

  private static final ImageName NAME = name("example.org/app:1");

  @TempDir Path scratch;

  private static ImageName name(String text) {
    try {
      return ImageName.parse(text);
    } catch (ImageException malformed) {
      throw new IllegalArgumentException(malformed);
    }
  }

  private static BuiltImage image(String content) {
    return new ImageBuilder().layer(new TarBuilder().file("f", content).build()).build();
  }

  private Path layout(String name, BuiltImage image) throws Exception {
    return new LayoutWriter().add(image).writeTo(scratch.resolve(name));
  }

  private ImageClient client(Path layout) {
    return ImageClient.builder()
        .sources(_ -> LayoutSource.directory(layout, null))
        .policy(Policy.insecureAcceptAnything("this test"))
        .snapshotter(new PlainSnapshotter())
        .workDir(scratch.resolve("store"))
        .decompressors(List.of(new JdkGzip()))
        .build();
  }

  private static StoredImage store(ImageClient client) throws Exception {
    return client.store(NAME, Platform.host(), ProgressListener.NONE);
  }

  private Store open() throws Exception {
    return Store.open(scratch.resolve("store"), new PlainSnapshotter());
  }

  @Test
  void isRecordedWithItsLayersAndStackedNowhere() throws Exception {
    BuiltImage built = image("content");
    ImageClient client = client(layout("one", built));
    StoredImage first = store(client);
    assertEquals(built.digest(), first.record().manifestDigest());
    assertEquals(List.of("docker://example.org/app:1"), first.record().names());
    assertEquals(List.of(false), first.layers().stream().map(LayerReport::cached).toList());
    assertEquals(List.of(true), store(client).layers().stream().map(LayerReport::cached).toList());
    try (Store store = open()) {
      assertEquals(List.of(), store.mounts());
      assertEquals(
          "content",
          Files.readString(
              store.layers(first.record()).getFirst().tree().directory().resolve("f")));
    }
  }

  /// The name led to an index, so it is the index that other machines know it by.
  @Test
  void isKnownByTheDigestOfTheIndexThatItsNameLedTo() throws Exception {
    BuiltImage index = ImageBuilder.index(Map.of(Platform.host(), image("content")));
    StoredImage stored = store(client(layout("one", index)));
    assertEquals(List.of("docker://example.org/app@" + index.digest()), stored.record().digests());
  }

  @Test
  void comesFromWhereTheClientIsSentTo() throws Exception {
    ImageClient client = client(layout("one", image("one")));
    BuiltImage other = image("other");
    Path layout = layout("other", other);
    StoredImage stored = store(client.from(_ -> LayoutSource.directory(layout, null)));
    assertEquals(other.digest(), stored.record().manifestDigest());
    assertThrows(
        NotFoundException.class,
        () -> store(client.from(_ -> LayoutSource.directory(scratch.resolve("nowhere"), null))));
  }

  @Test
  void isNotRecordedWhenALayerIsNotWhatItShouldBe() throws Exception {
    byte[] tar = new TarBuilder().file("f", "x").build();
    BuiltBlob layer =
        BuiltBlob.layer(tar, io.sealift.testing.Packing.GZIP, ImageBuilder.Form.OCI)
            .diffId("sha256:" + "0".repeat(64));
    ImageClient client = client(layout("one", new ImageBuilder().layer(layer).build()));
    assertThrows(IntegrityException.class, () -> store(client));
    try (Store store = open()) {
      assertEquals(List.of(), store.images());
      assertFalse(store.find("example.org/app:1").isPresent());
    }
  }
}
