package io.sealift.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.StoreException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.MediaType;
import io.sealift.oci.Reference;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.source.LayerSource;
import io.sealift.source.ManifestBytes;
import io.sealift.source.Place;
import io.sealift.source.PlacesSource;
import io.sealift.verify.ExpectedBytes;
import io.sealift.verify.JcaHashing;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which of several places is asked for a blob, from which byte on, until one proves. Each place
/// does one thing to it, whenever it is asked:
///
/// | | what it gives |
/// |---|---|
/// | `good` | the blob |
/// | `bad` | as many bytes, of which each is another one |
/// | `long` | the blob and one byte more |
/// | `half` | the first half, and then the connection breaks |
/// | `badhalf` | the same, of wrong bytes |
/// | `short` | the first half, and then its end |
/// | `none` | nothing: the connection breaks at once |
/// | `missing` | it says that it has no such blob |
class PlacesBlobTest {

  private static final int SIZE = 1000;
  private static final byte[] BYTES = random();
  private static final BuiltBlob BLOB = BuiltBlob.of(MediaType.OCI_CONFIG, BYTES);
  private static final JcaHashing HASHING = new JcaHashing();

  private final List<String> asked = new ArrayList<>();
  private final List<String> before = new ArrayList<>();

  private static byte[] random() {
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static Place place(String does) throws Exception {
    return Place.Repository.of(Reference.parse(does + ".example/app:v1"));
  }

  private PlacesSource source(String... does) throws Exception {
    List<Place> places = new ArrayList<>();
    for (String one : does) {
      places.add(place(one));
    }
    return (PlacesSource)
        PlacesSource.of(
            Reference.parse("registry.example/app:v1"),
            places,
            (place, _) -> new Acting(place.where().replaceFirst("\\..*", "")),
            HASHING);
  }

  private byte[] read(BlobStream stream, @Nullable ImageException failed) throws ImageException {
    before.add(failed == null ? "" : failed.getMessage());
    try {
      byte[] bytes = ImageSourceContract.drain(stream);
      ExpectedBytes.of("layer", BLOB.descriptor()).check(bytes, HASHING);
      stream.proved();
      return bytes;
    } catch (ImageException thrown) {
      throw thrown;
    } catch (Exception impossible) {
      throw new AssertionError(impossible);
    }
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        // places | asked, each with the byte it begins at | how often it was read
        "good bad           | good 0                          | 1",
        "bad good           | bad 0, good 0                   | 2",
        "long good          | long 0, good 0                  | 2",
        "bad long good      | bad 0, long 0, good 0           | 3",
        "missing good bad   | missing 0, good 0               | 1",
        "bad missing good   | bad 0, missing 0, good 0        | 2",
        "half good          | half 0, good 500                | 1",
        "short good         | short 0, good 500               | 1",
        "none good          | none 0, good 0                  | 1",
        "none bad good      | none 0, bad 0, good 0           | 2",
        "badhalf good       | badhalf 0, good 500, good 0     | 2",
        "badhalf bad good   | badhalf 0, bad 500, bad 0, good 0 | 3",
        "badhalf half good  | badhalf 0, half 500, good 500, good 0 | 2",
        "half bad good      | half 0, bad 500, bad 0, good 0  | 3",
      },
      delimiter = '|')
  void oneAfterTheOtherIsAskedUntilItProves(String places, String expected, int reads)
      throws Exception {
    try (PlacesSource source = source(places.split(" ", -1))) {
      assertArrayEquals(BYTES, source.read(BLOB.descriptor(), this::read));
    }
    assertEquals(expected, String.join(", ", asked));
    assertEquals(reads, before.size());
    assertEquals("", before.getFirst());
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        // places | asked | what it amounts to
        "bad bad2           | bad 0, bad2 0                   | 6",
        "bad missing        | bad 0, missing 0                | 6",
        "missing bad        | missing 0, bad 0                | 6",
        "bad half           | bad 0, half 0                   | 6",
        "half bad           | half 0, bad 500, bad 0          | 6",
        "bad short          | bad 0, short 0                  | 6",
        "half none          | half 0, none 500                | 1",
        "half missing       | half 0, missing 500             | 4",
      },
      delimiter = '|')
  void noneIsAskedTwiceForTheSameAndAllAreTold(String places, String expected, int status)
      throws Exception {
    try (PlacesSource source = source(places.split(" ", -1))) {
      ImageException failed =
          assertThrows(ImageException.class, () -> source.read(BLOB.descriptor(), this::read));
      assertEquals(status, failed.exitStatus(), failed.getMessage());
      assertTrue(
          failed
              .getMessage()
              .startsWith(
                  "fetch blob %s of registry.example/app:v1: none of 2 places gave it; 1) "
                      .formatted(BLOB.digest())),
          failed.getMessage());
      for (String place : places.split(" ", -1)) {
        assertTrue(failed.getMessage().contains("acting " + place + ":"), failed.getMessage());
      }
    }
    assertEquals(expected, String.join(", ", asked));
  }

  @Test
  void everyPlaceIsToldWithWhatItGave() throws Exception {
    try (PlacesSource source = source("badhalf", "long")) {
      ImageException failed =
          assertThrows(IntegrityException.class, () -> source.read(BLOB.descriptor(), this::read));
      String more = "verify layer %s: expected %d bytes, got more".formatted(BLOB.digest(), SIZE);
      assertEquals(
          "fetch blob %s of registry.example/app:v1: none of 2 places gave it; 1) acting badhalf: broken; 2) from acting badhalf and acting long: %s; 3) from acting long: %s"
              .formatted(BLOB.digest(), more, more),
          failed.getMessage());
    }
  }

  @Test
  void theReaderIsToldWhyItBeginsAnew() throws Exception {
    try (PlacesSource source = source("long", "good")) {
      source.read(BLOB.descriptor(), this::read);
    }
    String why =
        "from acting long: verify layer %s: expected 1000 bytes, got more".formatted(BLOB.digest());
    assertEquals(List.of("", why), before);
  }

  /// A bad content under the right digest is bad wherever it comes from.
  @Test
  void whatIsWrongWithABlobThatProvedIsItsOwnFault() throws Exception {
    UnsafeContentException unsafe = new UnsafeContentException("a bomb");
    try (PlacesSource source = source("good", "good2")) {
      ImageException thrown =
          assertThrows(
              UnsafeContentException.class,
              () ->
                  source.read(
                      BLOB.descriptor(),
                      (stream, _) -> {
                        stream.proved();
                        throw unsafe;
                      }));
      assertSame(unsafe, thrown);
    }
    assertEquals(List.of("good 0"), asked);
  }

  /// A full disk is no fault of a place.
  @Test
  void aFailureOfTheReadersOwnEndsIt() throws Exception {
    StoreException full = new StoreException("write: no space left");
    try (PlacesSource source = source("good", "good2")) {
      ImageException thrown =
          assertThrows(
              StoreException.class,
              () ->
                  source.read(
                      BLOB.descriptor(),
                      (_, _) -> {
                        throw full;
                      }));
      assertSame(full, thrown);
    }
    assertEquals(List.of("good 0"), asked);
  }

  @Test
  void aClosedSourceAsksNoOtherPlace() throws Exception {
    PlacesSource source = source("bad", "good");
    ImageException thrown =
        assertThrows(
            ImageException.class,
            () ->
                source.read(
                    BLOB.descriptor(),
                    (stream, before) -> {
                      source.close();
                      return read(stream, before);
                    }));
    assertTrue(
        thrown.getMessage().contains("good.example/app:v1: closed meanwhile"), thrown.getMessage());
    assertEquals(List.of("bad 0"), asked);
  }

  /// A place that does what its name says.
  private final class Acting implements ImageSource, LayerSource.Ranged {

    private final String does;

    Acting(String does) {
      this.does = does;
    }

    @Override
    public String place() {
      return "acting " + does;
    }

    @Override
    public BlobStream open(Descriptor blob) throws ImageException {
      return open(blob, 0);
    }

    @Override
    public BlobStream open(Descriptor blob, long offset) throws ImageException {
      asked.add(does + " " + offset);
      byte[] content = BYTES.clone();
      if (does.startsWith("bad")) {
        for (int i = 0; i < SIZE; i++) {
          content[i] ^= 1;
        }
      }
      return switch (does) {
        case "missing" -> throw new NotFoundException("acting missing: no such blob");
        case "long" -> new Bytes(Arrays.copyOf(content, SIZE + 1), offset, false);
        case "half", "badhalf" -> new Bytes(Arrays.copyOf(content, SIZE / 2), offset, true);
        case "short" -> new Bytes(Arrays.copyOf(content, SIZE / 2), offset, false);
        case "none" -> new Bytes(new byte[0], 0, true);
        default -> new Bytes(content, offset, false);
      };
    }

    private final class Bytes implements BlobStream {

      private final ByteBuffer content;
      private final boolean breaks;

      Bytes(byte[] content, long offset, boolean breaks) {
        int begin = Math.min(content.length, (int) offset);
        this.content = ByteBuffer.wrap(content, begin, content.length - begin);
        this.breaks = breaks;
      }

      @Override
      public int read(ByteBuffer into) throws ImageException {
        if (content.hasRemaining()) {
          int count = Math.min(content.remaining(), Math.min(into.remaining(), 64));
          into.put(content.slice(content.position(), count));
          content.position(content.position() + count);
          return count;
        }
        if (breaks) {
          throw TransferException.lasting("acting " + does + ": broken", null);
        }
        return -1;
      }

      @Override
      public void close() {}
    }

    @Override
    public ManifestBytes manifest() {
      throw new IllegalStateException("nobody asks");
    }

    @Override
    public ManifestBytes manifest(Descriptor child) throws InterruptedIOException {
      throw new InterruptedIOException("nobody asks");
    }

    @Override
    public Optional<ManifestBytes> tagged(String tag) {
      return Optional.empty();
    }

    @Override
    public List<Descriptor> referrers(Digest subject, int limit) {
      return List.of();
    }

    @Override
    public List<byte[]> simpleSignatures(Digest manifest, int limit, int maxBytes) {
      return List.of();
    }

    @Override
    public void close() {}
  }
}
