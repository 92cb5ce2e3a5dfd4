package io.sealift.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.MediaType;
import io.sealift.oci.Platform;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.source.LayerSource;
import io.sealift.source.ManifestBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every {@link ImageSource} does, wherever the bytes come from.
public abstract class ImageSourceContract {

  private static final int SIZE = 300_000;

  /// A source whose name leads to this image, of which it has what the image has.
  protected abstract ImageSource open(BuiltImage image) throws Exception;

  /// All bytes that are left.
  public static byte[] drain(BlobStream stream) throws Exception {
    return drain(stream, ByteBuffer.allocateDirect(64 * 1024));
  }

  private static byte[] drain(BlobStream stream, ByteBuffer buffer) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int begin = buffer.position();
    int limit = buffer.limit();
    for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
      assertTrue(count > 0, "at least one byte is read");
      assertEquals(begin + count, buffer.position(), "the position moves by what was read");
      assertEquals(limit, buffer.limit(), "the limit stays");
      byte[] bytes = new byte[count];
      buffer.get(begin, bytes);
      all.writeBytes(bytes);
      buffer.position(begin);
    }
    return all.toByteArray();
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /// An image of one layer that is these bytes.
  protected static BuiltImage imageOf(byte[] layer) {
    MediaType type = ImageBuilder.Form.OCI.layer(Packing.TAR.compression());
    return new ImageBuilder().layer(BuiltBlob.of(type, layer)).build();
  }

  private static Descriptor layer(BuiltImage image) throws Exception {
    return image.layers().getFirst().descriptor();
  }

  @Test
  public void givesTheManifestAsItWasWritten() throws Exception {
    BuiltImage image = imageOf(random(10));
    try (ImageSource source = open(image)) {
      ManifestBytes manifest = source.manifest();
      assertArrayEquals(image.document().bytes(), manifest.bytes());
      assertEquals(MediaType.OCI_MANIFEST, manifest.declared());
      assertEquals(image.digest(), manifest.digest());
    }
  }

  @Test
  public void givesTheManifestAsOftenAsItIsAskedFor() throws Exception {
    BuiltImage image = imageOf(random(10));
    try (ImageSource source = open(image)) {
      assertArrayEquals(source.manifest().bytes(), source.manifest().bytes());
    }
  }

  @Test
  public void givesAnIndexAndWhatItNames() throws Exception {
    BuiltImage child = imageOf(random(10));
    BuiltImage index = ImageBuilder.index(Map.of(Platform.host(), child));
    try (ImageSource source = open(index)) {
      assertArrayEquals(index.document().bytes(), source.manifest().bytes());
      ManifestBytes manifest = source.manifest(child.descriptor());
      assertArrayEquals(child.document().bytes(), manifest.bytes());
      assertEquals(MediaType.OCI_MANIFEST, manifest.declared());
    }
  }

  @Test
  public void doesNotFindWhatAnIndexNamesWithoutHavingIt() throws Exception {
    BuiltImage child = imageOf(random(10));
    BuiltImage index =
        ImageBuilder.index(
            ImageBuilder.Form.OCI,
            List.of(ImageBuilder.entry(child, Platform.host())),
            List.of(imageOf(random(11))));
    try (ImageSource source = open(index)) {
      assertThrows(NotFoundException.class, () -> source.manifest(child.descriptor()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 512, 65_535, 65_536, 65_537, SIZE, 3_000_000})
  public void givesABlobOfAnySize(int size) throws Exception {
    byte[] bytes = random(size);
    BuiltImage image = imageOf(bytes);
    try (ImageSource source = open(image);
        BlobStream stream = source.open(layer(image))) {
      assertArrayEquals(bytes, drain(stream));
      assertEquals(-1, stream.read(ByteBuffer.allocate(1)), "the end stays the end");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "heap, 1, 0",
    "heap, 700, 13",
    "direct, 1, 0",
    "direct, 700, 13",
    "direct, 999999, 1"
  })
  public void readsIntoAnyBuffer(String kind, int size, int begin) throws Exception {
    byte[] bytes = random(2_000);
    BuiltImage image = imageOf(bytes);
    ByteBuffer buffer =
        kind.equals("heap")
            ? ByteBuffer.allocate(begin + size + 5)
            : ByteBuffer.allocateDirect(begin + size + 5);
    try (ImageSource source = open(image);
        BlobStream stream = source.open(layer(image))) {
      assertArrayEquals(bytes, drain(stream, buffer.position(begin).limit(begin + size)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_536, SIZE - 1, SIZE})
  public void beginsInTheMiddle(int offset) throws Exception {
    byte[] bytes = random(SIZE);
    BuiltImage image = imageOf(bytes);
    try (ImageSource source = open(image);
        BlobStream stream = ((LayerSource.Ranged) source).open(layer(image), offset)) {
      byte[] expected = java.util.Arrays.copyOfRange(bytes, offset, SIZE);
      assertArrayEquals(expected, drain(stream));
    }
  }

  @Test
  public void hasABlobReadOnce() throws Exception {
    byte[] bytes = random(SIZE);
    BuiltImage image = imageOf(bytes);
    List<Optional<ImageException>> before = new ArrayList<>();
    try (ImageSource source = open(image)) {
      byte[] read =
          source.read(
              layer(image),
              (stream, failed) -> {
                before.add(Optional.ofNullable(failed));
                ByteBuffer all = ByteBuffer.allocate(SIZE + 1);
                while (stream.read(all) >= 0) {}
                stream.proved();
                return java.util.Arrays.copyOf(all.array(), all.position());
              });
      assertArrayEquals(bytes, read);
    }
    assertEquals(List.of(Optional.empty()), before);
  }

  @Test
  public void passesOnWhatIsWrongWithABlobThatProved() throws Exception {
    BuiltImage image = imageOf(random(10));
    UnsafeContentException unsafe = new UnsafeContentException("a bomb");
    List<BlobStream> read = new ArrayList<>();
    try (ImageSource source = open(image)) {
      Exception thrown =
          assertThrows(
              UnsafeContentException.class,
              () ->
                  source.read(
                      layer(image),
                      (stream, _) -> {
                        read.add(stream);
                        stream.proved();
                        throw unsafe;
                      }));
      assertSame(unsafe, thrown);
    }
    assertEquals(1, read.size());
  }

  @Test
  public void doesNotFindABlobThatIsNotThere() throws Exception {
    BuiltImage image = imageOf(random(10));
    Descriptor other = layer(imageOf(random(11)));
    try (ImageSource source = open(image)) {
      assertThrows(NotFoundException.class, () -> source.open(other));
      assertThrows(NotFoundException.class, () -> source.read(other, (_, _) -> ""));
    }
  }

  @Test
  public void hasSeveralBlobsOpenAtOnce() throws Exception {
    byte[] bytes = random(SIZE);
    BuiltImage image = imageOf(bytes);
    try (ImageSource source = open(image);
        BlobStream first = source.open(layer(image));
        BlobStream second = source.open(layer(image));
        BlobStream config = source.open(image.blobs().getFirst().descriptor())) {
      ByteBuffer begin = ByteBuffer.allocate(100);
      while (begin.hasRemaining()) {
        assertTrue(first.read(begin) > 0);
      }
      assertArrayEquals(bytes, drain(second));
      assertArrayEquals(image.blobs().getFirst().bytes(), drain(config));
      assertArrayEquals(java.util.Arrays.copyOfRange(bytes, 100, SIZE), drain(first));
    }
  }

  @Test
  public void isClosedAsOftenAsOneLikes() throws Exception {
    BuiltImage image = imageOf(random(10));
    ImageSource source = open(image);
    BlobStream stream = source.open(layer(image));
    stream.close();
    stream.close();
    source.close();
    source.close();
    assertFalse(source.place().isEmpty());
  }
}
