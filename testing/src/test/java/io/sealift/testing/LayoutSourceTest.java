package io.sealift.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.source.LayoutSource;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutSourceTest {

  @TempDir Path scratch;

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static BuiltImage image(String content) {
    return new ImageBuilder().layer(new TarBuilder().file("f", content).build()).build();
  }

  @Nested
  class Directory extends ImageSourceContract {
    @Override
    protected ImageSource open(BuiltImage image) throws Exception {
      return LayoutSource.directory(
          new LayoutWriter().add(image).writeTo(scratch.resolve("layout")), null);
    }
  }

  @Nested
  class Archive extends ImageSourceContract {
    @Override
    protected ImageSource open(BuiltImage image) throws Exception {
      return LayoutSource.archive(
          new LayoutWriter().add(image).writeArchive(scratch.resolve("layout.tar")), null);
    }
  }

  enum Kind {
    DIRECTORY,
    ARCHIVE;

    LayoutSource open(LayoutWriter layout, Path scratch, @Nullable String name) throws Exception {
      return this == DIRECTORY
          ? LayoutSource.directory(layout.writeTo(scratch.resolve("layout")), name)
          : LayoutSource.archive(layout.writeArchive(scratch.resolve("layout.tar")), name);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DIRECTORY, org.opencontainers.image.ref.name",
    "DIRECTORY, io.containerd.image.name",
    "ARCHIVE, org.opencontainers.image.ref.name",
  })
  void findsAnImageByItsName(Kind kind, String annotation) throws Exception {
    LayoutWriter layout =
        new LayoutWriter()
            .add(image("one"), Map.of(annotation, "one"))
            .add(image("two"), Map.of(annotation, "two"));
    try (LayoutSource source = kind.open(layout, scratch, "two")) {
      assertArrayEquals(image("two").document().bytes(), source.manifest().bytes());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', expected one image%c found 2; names: one%c two",
    "three, no single image named 'three'%c found 0; names: one%c two",
  })
  void saysWhichNamesThereAre(String name, String message) throws Exception {
    LayoutWriter layout = new LayoutWriter().add(image("one"), "one").add(image("two"), "two");
    try (LayoutSource source = Kind.DIRECTORY.open(layout, scratch, name.isEmpty() ? null : name)) {
      NotFoundException missing = assertThrows(NotFoundException.class, source::manifest);
      assertEquals(
          "open oci:" + scratch.resolve("layout") + ": " + message.replace("%c", ","),
          missing.getMessage());
    }
  }

  @Test
  void followsLinksThatDeduplicatingToolsMake() throws Exception {
    BuiltImage image = image("linked");
    Path layout = new LayoutWriter().add(image).writeTo(scratch.resolve("layout"));
    BuiltBlob layer = image.layers().getFirst();
    Path blob = layout.resolve("blobs/sha256/" + layer.descriptor().digest().hex());
    Path pool = Files.createDirectory(layout.resolve("pool"));
    Files.move(blob, pool.resolve("layer"));
    Files.createSymbolicLink(blob, Path.of("../../pool/layer"));
    try (LayoutSource source = LayoutSource.directory(layout, null);
        BlobStream stream = source.open(layer.descriptor())) {
      assertArrayEquals(layer.bytes(), ImageSourceContract.drain(stream));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"DIRECTORY", "ARCHIVE"})
  void doesNotFindALayoutThatIsNotThere(Kind kind) {
    Path nowhere = scratch.resolve("nowhere");
    assertThrows(
        NotFoundException.class,
        () ->
            (kind == Kind.DIRECTORY
                    ? LayoutSource.directory(nowhere, null)
                    : LayoutSource.archive(nowhere, null))
                .close());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "oci-layout | {\"imageLayoutVersion\":\"2.0.0\"} | UnsupportedImageException",
        "oci-layout | {} | UnsafeContentException",
        "oci-layout | not JSON | UnsafeContentException",
      })
  void refusesAnotherLayout(String path, String content, String failure) {
    LayoutWriter layout = new LayoutWriter().add(image("x")).file(path, utf8(content));
    for (Kind kind : Kind.values()) {
      ImageException refused =
          assertThrows(ImageException.class, () -> kind.open(layout, scratch, null).close());
      assertEquals(failure, refused.getClass().getSimpleName());
    }
  }

  @Test
  void refusesAHeaderOfMoreThanItsBound() {
    LayoutWriter layout = new LayoutWriter().file("oci-layout", new byte[4097]);
    UnsafeContentException refused =
        assertThrows(
            UnsafeContentException.class, () -> Kind.DIRECTORY.open(layout, scratch, null).close());
    assertEquals(
        "read oci-layout in oci:" + scratch + "/layout: more than the 4096 bytes allowed",
        refused.getMessage());
  }

  @Test
  void refusesAVersionThatItDoesNotKnow() {
    LayoutWriter layout =
        new LayoutWriter().file("oci-layout", utf8("{\"imageLayoutVersion\":\"2.0.0\"}"));
    UnsupportedImageException refused =
        assertThrows(
            UnsupportedImageException.class,
            () -> Kind.DIRECTORY.open(layout, scratch, null).close());
    assertEquals(
        "open oci:" + scratch + "/layout: layout version '2.0.0', expected 1.0.0",
        refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"DIRECTORY", "ARCHIVE"})
  void endsAReadOfAnInterruptedThread(Kind kind) throws Exception {
    BuiltImage image = image("interrupted");
    try (LayoutSource source = kind.open(new LayoutWriter().add(image), scratch, null);
        BlobStream stream = source.open(image.layers().getFirst().descriptor())) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedIOException.class, () -> stream.read(ByteBuffer.allocate(10)));
    } finally {
      assertEquals(true, Thread.interrupted());
    }
  }

  @Test
  void failsWhenAnArchiveHasGone() throws Exception {
    BuiltImage image = image("gone");
    LayoutSource source = Kind.ARCHIVE.open(new LayoutWriter().add(image), scratch, null);
    try (source) {
      byte[] manifest = source.manifest().bytes();
      assertArrayEquals(image.document().bytes(), manifest);
      Files.delete(scratch.resolve("layout.tar"));
      assertThrows(
          TransferException.class, () -> source.open(image.layers().getFirst().descriptor()));
    }
  }
}
