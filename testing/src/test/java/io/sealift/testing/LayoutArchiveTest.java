package io.sealift.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.ImageException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.MediaType;
import io.sealift.source.BlobStream;
import io.sealift.source.LayoutSource;
import io.sealift.testing.TarMember.Dialect;
import io.sealift.testing.TarMember.Sparse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Layouts in tars of every dialect are found where they lie in the file.
class LayoutArchiveTest {

  private static final String HEX = "0123456789abcdef".repeat(4);

  @TempDir Path scratch;

  private String blob(TarBuilder tar) throws Exception {
    Path file = Files.write(scratch.resolve("layout.tar"), tar.build());
    Descriptor blob = Descriptor.of(MediaType.OCI_INDEX, Digest.parse("sha256:" + HEX), 5);
    ByteBuffer bytes = ByteBuffer.allocate(100);
    try (LayoutSource source = LayoutSource.archive(file, null);
        BlobStream stream = source.open(blob)) {
      while (stream.read(bytes) >= 0) {}
    }
    return new String(bytes.array(), 0, bytes.position(), UTF_8);
  }

  @ParameterizedTest
  @CsvSource({"V7, ''", "USTAR, ./", "GNU, /", "PAX, .//", "STAR, ''"})
  void findsABlobInEveryDialect(Dialect dialect, String before) throws Exception {
    TarBuilder tar =
        new TarBuilder(dialect)
            .directory(before + "blobs")
            .file(before + "blobs/large", new byte[100_000])
            .file(before + "blobs/sha256/" + HEX, "older")
            .add(TarMember.file(before + "blobs/sha256/" + HEX, "bytes").pax("mtime", "1.5"))
            .file(before + "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
    assertEquals("bytes", blob(tar));
  }

  @Test
  void refusesWhatTheTarReaderRefuses() {
    Path file = scratch.resolve("layout.tar");
    String message =
        assertThrows(
                ImageException.class,
                () -> blob(new TarBuilder().add(TarMember.file("f", "").claimChecksum(1))))
            .getMessage();
    assertEquals(
        "read %s as tar: member at byte 0: expected the checksum 3845, found 1".formatted(file),
        message);
  }

  @Test
  void refusesContentThatIsCutOff() {
    Path file = scratch.resolve("layout.tar");
    String message =
        assertThrows(
                ImageException.class,
                () -> blob(new TarBuilder().add(TarMember.file("f", "").claimSize(1 << 20))))
            .getMessage();
    assertEquals(
        "read %s as tar: member at byte 0: expected 1048576 more bytes of content, found the end"
            .formatted(file),
        message);
  }

  @Test
  void refusesSparseFiles() {
    Path file = scratch.resolve("layout.tar");
    TarMember sparse =
        TarMember.file("index.json", "").sparse(Sparse.PAX_1_0, 100, new TreeMap<>());
    String message =
        assertThrows(ImageException.class, () -> blob(new TarBuilder().add(sparse))).getMessage();
    assertEquals(
        "read %s: index.json: expected a plain file, found a sparse one".formatted(file), message);
  }
}
