package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.NotFoundException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Document;
import io.sealift.oci.Manifest;
import io.sealift.oci.MediaType;
import io.sealift.oci.Reference;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.source.LayerSource;
import io.sealift.source.ManifestBytes;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.DockerRegistry;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.ImageSourceContract;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A registry that others made, filled by a tool that others made.
@Tag("peers")
class DockerRegistryTest {

  private static final BuiltImage IMAGE =
      new ImageBuilder()
          .layer(new TarBuilder().file("a", "x".repeat(1_000_000)).build(), Packing.GZIP)
          .layer(new TarBuilder().file("b", "y").build(), Packing.TAR)
          .config("Cmd", List.of("/bin/true"))
          .build();

  @TempDir static Path scratch;

  private static DockerRegistry registry;

  @BeforeAll
  static void fill() throws Exception {
    registry = DockerRegistry.start(scratch);
    Path layout = new LayoutWriter().add(IMAGE, "v1").writeTo(scratch.resolve("layout"));
    copy("oci:" + layout + ":v1", "oci", "oci");
    copy("oci:" + layout + ":v1", "docker", "v2s2");
  }

  private static void copy(String from, String tag, String format) throws Exception {
    Process skopeo =
        new ProcessBuilder(
                "skopeo",
                "copy",
                "--quiet",
                "--insecure-policy",
                "--retry-times",
                "5",
                "--dest-tls-verify=false",
                "--format",
                format,
                from,
                "docker://" + registry.address() + "/app:" + tag)
            .redirectErrorStream(true)
            .start();
    String said = new String(skopeo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, skopeo.waitFor(), said);
  }

  @AfterAll
  static void stop() {
    registry.close();
  }

  private static ImageSource open(String tag) throws Exception {
    return RegistryClient.builder()
        .plainHttp(true)
        .build()
        .open(Reference.parse(registry.address() + "/app:" + tag));
  }

  /// The two forms, as the tool calls them.
  enum Form {
    OCI,
    DOCKER;

    MediaType manifest() {
      return this == OCI ? MediaType.OCI_MANIFEST : MediaType.DOCKER_MANIFEST;
    }
  }

  @ParameterizedTest
  @EnumSource
  void givesEverythingOfAnImage(Form form) throws Exception {
    try (ImageSource source = open(form.name().toLowerCase(Locale.ROOT))) {
      ManifestBytes found = source.manifest();
      assertEquals(form.manifest(), found.declared());
      Manifest manifest = (Manifest) Document.parse(found.bytes(), found.declared());
      assertEquals(2, manifest.layers().size());
      assertEquals(
          IMAGE.layers().getFirst().digest(), manifest.layers().getFirst().digest().toString());
      byte[] expected = IMAGE.layers().getFirst().bytes();
      assertArrayEquals(expected, Setting.read(source, manifest.layers().getFirst()));
      try (BlobStream rest =
          ((LayerSource.Ranged) source).open(manifest.layers().getFirst(), 700)) {
        assertArrayEquals(
            Arrays.copyOfRange(expected, 700, expected.length), ImageSourceContract.drain(rest));
      }
      assertEquals(manifest.config().size(), Setting.read(source, manifest.config()).length);
    }
  }

  @Test
  void doesNotFindWhatIsNotThere() throws Exception {
    try (ImageSource source = open("nothing")) {
      NotFoundException missing = assertThrows(NotFoundException.class, source::manifest);
      assertTrue(
          missing.getMessage().endsWith("MANIFEST_UNKNOWN: manifest unknown (status 404)"),
          missing.getMessage());
    }
  }

  @Test
  void doesNotFindABlobThatIsNotThere() throws Exception {
    Descriptor other =
        new ImageBuilder()
            .layer(new TarBuilder().file("c", "z").build())
            .build()
            .layers()
            .getFirst()
            .descriptor();
    try (ImageSource source = open("oci")) {
      NotFoundException missing = assertThrows(NotFoundException.class, () -> source.open(other));
      assertTrue(missing.getMessage().contains("BLOB_UNKNOWN"), missing.getMessage());
    }
  }
}
