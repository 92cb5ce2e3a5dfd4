package io.sealift.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.NotFoundException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.Reference;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.source.LayoutSource;
import io.sealift.source.Place;
import io.sealift.source.PlacesSource;
import io.sealift.verify.JcaHashing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Places that are layouts, some of which lack the image or have a part of it only.
class PlacesSourceTest {

  private static final String NAME = "registry.example/app:v1";
  private static final BuiltImage IMAGE = image("content");
  private static final BuiltImage OTHER = image("other");
  private static final BuiltBlob LAYER = IMAGE.layers().getFirst();

  @TempDir Path scratch;
  private final List<String> opened = new ArrayList<>();

  private static BuiltImage image(String content) {
    return new ImageBuilder().layer(new TarBuilder().file("f", content).build()).build();
  }

  private Place.Layout layout(String directory, BuiltImage image, @Nullable Digest digest)
      throws Exception {
    Path path = new LayoutWriter().add(image, NAME).writeTo(scratch.resolve(directory));
    return new Place.Layout(path, List.of(NAME), digest, directory);
  }

  private Place.Layout nowhere(@Nullable Digest digest) {
    return new Place.Layout(scratch.resolve("nowhere"), List.of(NAME), digest, "nowhere");
  }

  private ImageSource open(@Nullable Digest digest, Place... places) throws Exception {
    Reference name = Reference.parse(NAME);
    return PlacesSource.of(
        digest == null ? name : name.withDigest(digest),
        List.of(places),
        (place, last) -> {
          opened.add(place.why() + (last ? ", the last" : ""));
          return LayoutSource.directory((Place.Layout) place);
        },
        new JcaHashing());
  }

  private static Path blob(Place.Layout place, BuiltBlob blob) {
    return place.directory().resolve("blobs/" + blob.digest().replace(':', '/'));
  }

  @Nested
  class BehindAPlaceWithoutIt extends ImageSourceContract {
    @Override
    protected ImageSource open(BuiltImage image) throws Exception {
      return PlacesSourceTest.this.open(null, nowhere(null), layout("layout", image, null));
    }
  }

  @Test
  void aPlaceIsOpenedWhenItIsItsTurn() throws Exception {
    try (ImageSource source =
        open(null, nowhere(null), layout("a", IMAGE, null), layout("b", OTHER, null))) {
      assertEquals(List.of(), opened);
      assertArrayEquals(IMAGE.document().bytes(), source.manifest().bytes());
      assertEquals(List.of("nowhere", "a"), opened);
      assertEquals("oci:" + scratch.resolve("a"), source.place());
    }
  }

  @Test
  void oneThatHasOtherBytesUnderTheDigestIsPassedBy() throws Exception {
    Digest digest = IMAGE.descriptor().digest();
    Place.Layout spoiled = layout("a", IMAGE, digest);
    Files.write(blob(spoiled, IMAGE.document()), OTHER.document().bytes());
    try (ImageSource source = open(digest, spoiled, layout("b", IMAGE, digest))) {
      assertArrayEquals(IMAGE.document().bytes(), source.manifest().bytes());
      assertEquals("oci:" + scratch.resolve("b"), source.place());
    }
    try (ImageSource source = open(digest, spoiled, nowhere(digest))) {
      IntegrityException refused = assertThrows(IntegrityException.class, source::manifest);
      assertEquals(1, refused.getSuppressed().length);
    }
  }

  @Test
  void aBlobThatEndsTooSoonGoesOnElsewhere() throws Exception {
    Place.Layout cut = layout("a", IMAGE, null);
    Files.write(blob(cut, LAYER), Arrays.copyOf(LAYER.bytes(), 50));
    try (ImageSource source = open(null, cut, layout("b", IMAGE, null))) {
      source.manifest();
      try (BlobStream stream = source.open(LAYER.descriptor())) {
        assertArrayEquals(LAYER.bytes(), ImageSourceContract.drain(stream));
      }
    }
    assertEquals(List.of("a", "b, the last"), opened);
  }

  @Test
  void whatNoPlaceHasIsNotFoundWithAllOfThem() throws Exception {
    Descriptor unknown = OTHER.layers().getFirst().descriptor();
    try (ImageSource source = open(null, layout("a", IMAGE, null), layout("b", IMAGE, null))) {
      source.manifest();
      ImageException missing = assertThrows(NotFoundException.class, () -> source.open(unknown));
      String path = "blobs/" + unknown.digest().toString().replace(':', '/');
      assertEquals(
          "fetch blob %s of %s: none of 2 places gave it; 1) open %s in oci:%s: no such file; 2) open %s in oci:%s: no such file"
              .formatted(
                  unknown.digest(), NAME, path, scratch.resolve("a"), path, scratch.resolve("b")),
          missing.getMessage());
    }
  }

  @Test
  void theOnlyPlaceSpeaksForItself() throws Exception {
    NotFoundException missing =
        assertThrows(NotFoundException.class, () -> open(null, nowhere(null)));
    assertEquals(
        "open oci:%s: no such directory".formatted(scratch.resolve("nowhere")),
        missing.getMessage());
  }
}
