package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sealift.oci.Descriptor;
import io.sealift.oci.DiffId;
import io.sealift.oci.Digest;
import io.sealift.oci.Document;
import io.sealift.oci.ImageConfig;
import io.sealift.oci.Manifest;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadStartTest {

  @Test
  void helpsTheCommandsThatReadLayersAndNoOther() {
    assertEquals(
        List.of("pull", "unpack", "ls", "cat"),
        Commands.NAMES.stream().filter(HeadStart::helps).toList());
  }

  @Test
  void itsSpecimensAreAnImageOfOneLayer() throws Exception {
    Digest zeroes = Digest.parse("sha256:" + "0".repeat(64));
    Manifest manifest = assertInstanceOf(Manifest.class, Document.parse(HeadStart.MANIFEST, null));
    assertEquals(zeroes, manifest.config().digest());
    assertEquals(List.of(zeroes), manifest.layers().stream().map(Descriptor::digest).toList());
    assertEquals(List.of(new DiffId(zeroes)), ImageConfig.parse(HeadStart.CONFIG).diffIds());
  }

  @Test
  void nothingOfItFails() {
    assertDoesNotThrow(HeadStart::all);
  }
}
