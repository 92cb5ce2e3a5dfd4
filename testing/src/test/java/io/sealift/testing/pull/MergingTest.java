package io.sealift.testing.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.IntegrityException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.policy.Policy;
import io.sealift.pull.ImageClient;
import io.sealift.pull.ProgressListener;
import io.sealift.source.LayoutSource;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.snapshot.PlainSnapshotter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How layers become one plain tree while others are still to come; the largest comes first.
class MergingTest {

  private static final String LARGE = "x".repeat(100_000);

  @TempDir Path scratch;

  private static byte[] tar(String name, String content) {
    return new TarBuilder().file("f", name).file(name, content).build();
  }

  private static BuiltImage image(byte[] lower, byte[] upper) {
    return new ImageBuilder().layer(lower, Packing.TAR).layer(upper, Packing.TAR).build();
  }

  private void unpack(BuiltImage image, ProgressListener progress) throws Exception {
    Path layout = new LayoutWriter().add(image).writeTo(scratch.resolve("layout"));
    ImageClient.builder()
        .sources(_ -> LayoutSource.directory(layout, null))
        .policy(Policy.insecureAcceptAnything("this test"))
        .snapshotter(new PlainSnapshotter())
        .workDir(scratch.resolve("store"))
        .concurrentLayers(1)
        .build()
        .unpack(
            ImageName.parse("example.org/app:1"),
            Platform.host(),
            scratch.resolve("place/tree"),
            progress);
  }

  /// Files of what is being merged, the way to it left out.
  private List<String> merged() {
    try (Stream<Path> below = Files.walk(scratch.resolve("place"))) {
      return below
          .filter(path -> path.toString().matches(".*/merged/[^/]+"))
          .map(path -> path.toString().replaceFirst(".*/", ""))
          .sorted()
          .toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// What is merged when the layer of each number begins to come.
  private ProgressListener noting(List<String> notes) {
    return new ProgressListener() {
      @Override
      public void layer(int index, Descriptor layer, Stage stage) {
        if (stage == Stage.FETCHING) {
          notes.add(index + " " + merged());
        }
      }
    };
  }

  @Test
  void aLayerIsMergedBeforeTheOnesAboveItCome() throws Exception {
    List<String> notes = new ArrayList<>();
    unpack(image(tar("lower", LARGE), tar("upper", "")), noting(notes));
    assertEquals(List.of("0 []", "1 [f, lower]"), notes);
    assertEquals("upper", Files.readString(scratch.resolve("place/tree/f")));
  }

  @Test
  void aLayerWaitsForTheOnesBelowIt() throws Exception {
    List<String> notes = new ArrayList<>();
    unpack(image(tar("lower", ""), tar("upper", LARGE)), noting(notes));
    assertEquals(List.of("1 []", "0 []"), notes);
    assertEquals("upper", Files.readString(scratch.resolve("place/tree/f")));
  }

  @Test
  void nothingIsLeftOfLayersThatWereMergedWhenAnotherOneDoesNotProve() throws Exception {
    BuiltImage image = image(tar("lower", LARGE), tar("upper", ""));
    String digest = image.layers().getLast().digest().substring("sha256:".length());
    List<String> notes = new ArrayList<>();
    ProgressListener spoiling =
        new ProgressListener() {
          @Override
          public void layer(int index, Descriptor layer, Stage stage) {
            noting(notes).layer(index, layer, stage);
            if (index == 1 && stage == Stage.FETCHING) {
              spoil(scratch.resolve("layout/blobs/sha256").resolve(digest));
            }
          }
        };
    assertThrows(IntegrityException.class, () -> unpack(image, spoiling));
    assertEquals(List.of("0 []", "1 [f, lower]"), notes);
    try (Stream<Path> left = Files.list(scratch.resolve("place"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  private static void spoil(Path blob) {
    try {
      byte[] bytes = Files.readAllBytes(blob);
      bytes[bytes.length - 1] ^= 1;
      Files.write(blob, bytes);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
