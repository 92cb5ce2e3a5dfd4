package io.sealift.testing.pull;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.browse.ImageListing;
import io.sealift.bundle.BundleOptions;
import io.sealift.codec.JdkGzip;
import io.sealift.crypt.LayerKeys;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.oci.Reference;
import io.sealift.policy.Policy;
import io.sealift.pull.ImageClient;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.PullRequest;
import io.sealift.source.LayoutSource;
import io.sealift.source.Place;
import io.sealift.source.PlacesSource;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.crypt.LayerEncryptor;
import io.sealift.testing.crypt.OpenKeys;
import io.sealift.testing.snapshot.PlainSnapshotter;
import io.sealift.unpack.UnpackLimits;
import io.sealift.verify.JcaHashing;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Images of two places, of which the first has other bytes than it says in the place of a blob.
class SpoiledPlacesTest {

  private static final String NAME = "registry.example/app:v1";
  private static final byte[] CONTENT = random(700_000);
  private static final byte[] TAR = new TarBuilder().file("f", CONTENT).build();
  private static final byte[] OTHER_TAR =
      new TarBuilder().file("evil", random(900_000)).file("f", "other").build();

  @TempDir Path scratch;
  private final List<String> notes = new ArrayList<>();
  private Path base = Path.of("");
  private UnpackLimits limits = UnpackLimits.DEFAULT;

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /// A layer, and what the first place has instead of it.
  ///
  /// @param ends whether it only ends too early: what is missing is looked for elsewhere
  @SuppressWarnings("ArrayRecordComponent")
  record Spoiled(String what, BuiltBlob layer, byte[] bytes, boolean ends) {

    Spoiled(String what, BuiltBlob layer, byte[] bytes) {
      this(what, layer, bytes, false);
    }

    @Override
    public String toString() {
      return what;
    }
  }

  static List<Spoiled> spoiled() {
    BuiltBlob gzip = gzip(TAR);
    BuiltBlob plain = plain(TAR);
    BuiltBlob encrypted = encrypted();
    int near = gzip.bytes().length - 6;
    byte[] page = "<html>welcome</html>".getBytes(StandardCharsets.US_ASCII);
    return List.of(
        new Spoiled("no byte of a tar comes out of it", gzip, flipped(gzip.bytes(), 20)),
        new Spoiled("a checksum after all files is wrong", gzip, flipped(gzip.bytes(), near)),
        new Spoiled("nothing that one knows", gzip, page),
        new Spoiled("a checksum of the tar is wrong", plain, flipped(TAR, 5)),
        new Spoiled("only the digest tells", plain, flipped(TAR, 100_000)),
        new Spoiled("a sound layer with one more file", gzip, gzip(OTHER_TAR).bytes()),
        new Spoiled("longer", plain, Arrays.copyOf(TAR, TAR.length + 1)),
        new Spoiled("encrypted", encrypted, flipped(encrypted.bytes(), 5000)),
        new Spoiled("cut", plain, Arrays.copyOf(TAR, 300_000), true),
        new Spoiled("nothing at all", gzip, new byte[0], true));
  }

  private static BuiltBlob gzip(byte[] tar) {
    return BuiltBlob.layer(tar, Packing.GZIP, ImageBuilder.Form.OCI);
  }

  private static BuiltBlob plain(byte[] tar) {
    return BuiltBlob.layer(tar, Packing.TAR, ImageBuilder.Form.OCI);
  }

  private static BuiltBlob encrypted() {
    return OpenKeys.wrap(new LayerEncryptor(gzip(TAR), 1)).build();
  }

  private static byte[] flipped(byte[] bytes, int at) {
    byte[] flipped = bytes.clone();
    flipped[at] ^= 1;
    return flipped;
  }

  private static BuiltImage image(BuiltBlob layer) {
    return new ImageBuilder().layer(layer).build();
  }

  /// @param bytes in the place of the blob
  private Place layout(String directory, BuiltImage image, BuiltBlob blob, byte[] bytes)
      throws Exception {
    base = scratch.toRealPath();
    Path path = new LayoutWriter().add(image, NAME).writeTo(base.resolve(directory));
    Files.write(path.resolve("blobs/" + blob.digest().replace(':', '/')), bytes);
    return new Place.Layout(path, List.of(NAME), null, directory);
  }

  private ImageClient client(Place... places) throws Exception {
    Reference name = Reference.parse(NAME);
    return ImageClient.builder()
        .sources(_ ->
            PlacesSource.of(
                name,
                List.of(places),
                (place, _) -> LayoutSource.directory((Place.Layout) place),
                new JcaHashing()))
        .policy(Policy.insecureAcceptAnything("this test"))
        .snapshotter(new PlainSnapshotter())
        .workDir(base.resolve("store"))
        .decompressors(List.of(new JdkGzip()))
        .keys(new LayerKeys(List.of(OpenKeys.INSTANCE)))
        .limits(limits)
        .build();
  }

  private ImageClient client(Spoiled spoiled) throws Exception {
    BuiltImage image = image(spoiled.layer);
    return client(
        layout("first", image, spoiled.layer, spoiled.bytes),
        layout("second", image, spoiled.layer, spoiled.layer.bytes()));
  }

  private Path bundle() {
    return base.resolve("bundle");
  }

  private void pull(ImageClient client) throws Exception {
    client.pull(
        new PullRequest(ImageName.parse(NAME), bundle(), Platform.host(), BundleOptions.DEFAULT),
        listener());
  }

  private ProgressListener listener() {
    return new ProgressListener() {
      @Override
      public void note(String text) {
        notes.add(text);
      }
    };
  }

  private static List<String> names(Path directory) throws Exception {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private void assertTold(Spoiled spoiled) {
    if (spoiled.ends) {
      assertEquals(List.of(), notes);
      return;
    }
    assertEquals(1, notes.size(), notes.toString());
    String begin =
        "layer %s: fetched again, from another place; from oci:%s"
            .formatted(spoiled.layer.digest(), base);
    assertTrue(notes.getFirst().startsWith(begin), notes.getFirst());
  }

  @ParameterizedTest
  @MethodSource("spoiled")
  void aLayerIsPulledFromTheNextAndNothingOfTheFirstIsLeft(Spoiled spoiled) throws Exception {
    pull(client(spoiled));
    assertArrayEquals(CONTENT, Files.readAllBytes(bundle().resolve("rootfs/f")));
    assertFalse(Files.exists(bundle().resolve("rootfs/evil")));
    assertEquals(List.of(), names(base.resolve("store/staging")));
    assertEquals(1, names(base.resolve("store/layers/sha256")).size());
    assertTold(spoiled);
  }

  @ParameterizedTest
  @MethodSource("spoiled")
  void aLayerIsUnpackedFromTheNext(Spoiled spoiled) throws Exception {
    Path tree = scratch.resolve("tree");
    client(spoiled).unpack(ImageName.parse(NAME), Platform.host(), tree, listener());
    assertEquals(List.of("f"), names(tree));
    assertArrayEquals(CONTENT, Files.readAllBytes(tree.resolve("f")));
    assertEquals(List.of("first", "second", "tree"), names(scratch));
    assertTold(spoiled);
  }

  @ParameterizedTest
  @MethodSource("spoiled")
  void aLayerIsListedAndReadFromTheNext(Spoiled spoiled) throws Exception {
    ImageClient client = client(spoiled);
    ImageName name = ImageName.parse(NAME);
    ImageListing listing = client.list(name, Platform.host(), listener());
    assertTrue(listing.stat("f".getBytes(StandardCharsets.US_ASCII)).isPresent());
    assertFalse(listing.stat("evil".getBytes(StandardCharsets.US_ASCII)).isPresent());
    assertTold(spoiled);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    client.cat(
        name,
        Platform.host(),
        "f".getBytes(StandardCharsets.US_ASCII),
        content,
        ProgressListener.NONE);
    assertArrayEquals(CONTENT, content.toByteArray());
  }

  @ParameterizedTest
  @MethodSource("spoiled")
  void oneThatIsSpoiledEverywhereIsRefusedAndNothingIsLeft(Spoiled spoiled) throws Exception {
    BuiltImage image = image(spoiled.layer);
    ImageClient client =
        client(
            layout("first", image, spoiled.layer, spoiled.bytes),
            layout("second", image, spoiled.layer, spoiled.bytes));
    String message = assertThrows(IntegrityException.class, () -> pull(client)).getMessage();
    assertTrue(
        message.startsWith(
            "fetch blob %s of %s: none of 2 places gave it; 1) "
                .formatted(spoiled.layer.digest(), NAME)),
        message);
    assertTrue(message.contains("oci:" + base.resolve("first")), message);
    assertTrue(message.contains("oci:" + base.resolve("second")), message);
    assertEquals(List.of(), names(base.resolve("store/staging")));
    assertFalse(Files.exists(bundle()));
  }

  @Test
  void aConfigComesFromTheNext() throws Exception {
    BuiltBlob layer = gzip(TAR);
    BuiltImage image = image(layer);
    BuiltBlob config =
        image.blobs().stream()
            .filter(blob -> !image.layers().contains(blob))
            .findFirst()
            .orElseThrow();
    pull(
        client(
            layout("first", image, config, flipped(config.bytes(), 20)),
            layout("second", image, layer, layer.bytes())));
    assertArrayEquals(CONTENT, Files.readAllBytes(bundle().resolve("rootfs/f")));
  }

  /// It is as bad everywhere: its digest says so.
  @Test
  void badContentUnderTheRightDigestIsNotFetchedAgain() throws Exception {
    limits =
        new UnpackLimits(
            100_000, 100_000, 1000, 1 << 20, 100, 255, 4096, 1 << 20, 1 << 16, 1 << 16);
    BuiltBlob layer = plain(TAR);
    BuiltImage image = image(layer);
    ImageClient client =
        client(
            layout("first", image, layer, layer.bytes()),
            layout("second", image, layer, layer.bytes()));
    String message = assertThrows(UnsafeContentException.class, () -> pull(client)).getMessage();
    assertFalse(message.contains("places"), message);
    assertEquals(List.of(), notes);
    assertEquals(List.of(), names(base.resolve("store/staging")));
  }

  @Test
  void aBadDiffIdIsNotFetchedAgain() throws Exception {
    BuiltBlob layer = gzip(TAR).diffId(gzip(OTHER_TAR).diffId());
    BuiltImage image = image(layer);
    ImageClient client =
        client(
            layout("first", image, layer, layer.bytes()),
            layout("second", image, layer, layer.bytes()));
    String message = assertThrows(IntegrityException.class, () -> pull(client)).getMessage();
    assertTrue(message.startsWith("verify unpacked layer: "), message);
    assertEquals(List.of(), notes);
  }
}
