package io.sealift.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.codec.Compression;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypeTest {

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          application/vnd.oci.image.layer.v1.tar,                                NONE, false, false
          application/vnd.oci.image.layer.v1.tar+gzip,                           GZIP, false, false
          application/vnd.oci.image.layer.v1.tar+zstd,                           ZSTD, false, false
          application/vnd.oci.image.layer.v1.tar+encrypted,                      NONE, false, true
          application/vnd.oci.image.layer.v1.tar+gzip+encrypted,                 GZIP, false, true
          application/vnd.oci.image.layer.v1.tar+zstd+encrypted,                 ZSTD, false, true
          application/vnd.oci.image.layer.nondistributable.v1.tar,               NONE, true,  false
          application/vnd.oci.image.layer.nondistributable.v1.tar+gzip,          GZIP, true,  false
          application/vnd.oci.image.layer.nondistributable.v1.tar+zstd,          ZSTD, true,  false
          application/vnd.oci.image.layer.nondistributable.v1.tar+gzip+encrypted, GZIP, true, true
          application/vnd.docker.image.rootfs.diff.tar,                          NONE, false, false
          application/vnd.docker.image.rootfs.diff.tar.gzip,                     GZIP, false, false
          application/vnd.docker.image.rootfs.diff.tar.zstd,                     ZSTD, false, false
          application/vnd.docker.image.rootfs.foreign.diff.tar,                  NONE, true,  false
          application/vnd.docker.image.rootfs.foreign.diff.tar.gzip,             GZIP, true,  false
          """)
  void knowsLayers(String name, Compression compression, boolean foreign, boolean encrypted) {
    MediaType type = MediaType.parse(name);
    assertEquals(true, type.isLayer());
    assertEquals(true, type.announces(compression));
    assertEquals(foreign, type.isForeign());
    assertEquals(encrypted, type.isEncrypted());
    for (Compression other : Compression.values()) {
      assertEquals(other == compression, type.announces(other));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "application/vnd.oci.image.layer.nydus.blob.v1",
    "application/vnd.oci.image.config.v1+json",
    "application/octet-stream",
    "application/vnd.dev.cosign.simplesigning.v1+json",
  })
  void knowsWhatIsNoLayer(String name) {
    assertEquals(false, MediaType.parse(name).isLayer());
  }

  @ParameterizedTest
  @CsvSource({
    "'application/json; charset=utf-8', application/json",
    "' Application/VND.OCI.Image.Manifest.v1+JSON ', application/vnd.oci.image.manifest.v1+json",
    "';', ''",
  })
  void dropsParametersAndCase(String text, String name) {
    assertEquals(name, MediaType.parse(text).name());
  }
}
