package io.sealift.browse;

import static io.sealift.browse.Script.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.TreeSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileExtractorTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private String extracted() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private FileExtractor extractor(FileContent wanted) throws Exception {
    return new FileExtractor(wanted, Channels.newChannel(out), 100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      textBlock =
          """
          file a one; file b two; file c three                    ! b ! two
          file a one; file a two                                  ! a ! two
          link l -> d; file l/x one; file y two                   ! d/x ! one
          file a one; hard h = a; file b two                      ! h ! one
          hard h = a; file b two; file a one                      ! h ! one
          dir d; fifo d/p; file a ''                              ! a ! ''
          file a one || file b two                                ! a ! one
          file a one || file b x; file a two                      ! a ! two
          """)
  void givesWhatTheListingFound(String script, String path, String content) throws Exception {
    FileContent wanted =
        Script.listing(script.replace("''", "")).content(bytes(path)).orElseThrow();
    try (FileExtractor extractor = extractor(wanted)) {
      Script.drive(script.replace("''", "").split(" \\|\\| ", -1)[wanted.layer()], extractor);
    }
    assertEquals(content, extracted());
  }

  @Test
  void fillsHolesWithZeros() throws Exception {
    try (FileExtractor extractor = extractor(new FileContent(0, 0, 12))) {
      try (TreeSink.Body body = extractor.file(Script.path("f"), Script.attributes(0644), 12)) {
        body.write(ByteBuffer.wrap(bytes("ab")), 3);
        body.write(ByteBuffer.wrap(bytes("c")), 5);
        body.write(ByteBuffer.wrap(bytes("d")), 8);
      }
      extractor.finish();
    }
    assertEquals("\0\0\0abc\0\0d\0\0\0", extracted());
  }

  @Test
  void boundsTheFile() {
    assertEquals(
        "extract file: 101 bytes are more than the 100 allowed",
        assertThrows(UnsafeContentException.class, () -> extractor(new FileContent(0, 0, 101)))
            .getMessage());
  }

  @Test
  void refusesAnotherLayerThanTheOneListed() throws Exception {
    try (FileExtractor extractor = extractor(new FileContent(0, 2, 3))) {
      assertEquals(
          "extract file: expected more than 2 files in the layer, found 1; it is not the one that was listed",
          assertThrows(StoreException.class, () -> Script.drive("file a one", extractor))
              .getMessage());
    }
    try (FileExtractor extractor = extractor(new FileContent(0, 0, 4))) {
      assertEquals(
          "extract a: expected 4 bytes, found 3; the layer is not the one that was listed",
          assertThrows(StoreException.class, () -> Script.drive("file a one", extractor))
              .getMessage());
    }
    assertEquals("", extracted());
  }

  @Test
  void saysWhenItsChannelFails() throws Exception {
    WritableByteChannel broken =
        new WritableByteChannel() {
          @Override
          public int write(ByteBuffer bytes) throws IOException {
            throw new IOException("Broken pipe");
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    try (FileExtractor extractor = new FileExtractor(new FileContent(0, 0, 3), broken, 3)) {
      assertEquals(
          "extract file: write: java.io.IOException: Broken pipe",
          assertThrows(StoreException.class, () -> Script.drive("file a one", extractor))
              .getMessage());
    }
  }
}
