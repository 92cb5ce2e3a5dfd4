package io.sealift.cli;

import static io.sealift.cli.Attack.image;
import static io.sealift.cli.Attack.layer;
import static io.sealift.cli.Attack.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.oci.MediaType;
import io.sealift.oci.Platform;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.TarBuilder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Indexes that lead nowhere, and configs that say something else of the layers than the manifest.
class HostileIndexesTest extends HostileContract {

  private static final BuiltBlob LAYER = layer(new TarBuilder().file("f", "x"));
  private static final BuiltBlob OTHER = layer(new TarBuilder().file("g", "y"));
  private static final BuiltImage SOUND = image(new TarBuilder().file("f", "x"));
  private static final Platform FOREIGN =
      new Platform(
          "linux", Platform.host().architecture().equals("s390x") ? "amd64" : "s390x", null);
  private static final String ZEROS = "sha256:" + "0".repeat(64);

  static Stream<Attack> attacks() {
    return Stream.concat(indexes(), diffIds());
  }

  private static Stream<Attack> indexes() {
    BuiltImage deep = SOUND;
    for (int i = 0; i < 4; i++) {
      deep =
          ImageBuilder.index(
              ImageBuilder.Form.OCI, List.of(ImageBuilder.entry(deep, null)), List.of(deep));
    }
    BuiltImage swapped = index(SOUND);
    return Stream.of(
        refused(
                "indexes inside each other",
                7,
                "resolve NAME: more than 3 indexes inside each other")
            .by(deep),
        refused(
                "an index that names itself",
                6,
                "verify manifest " + ZEROS + ": expected 1000 bytes, got 238")
            .by(cycle()),
        refused(
                "more entries than any index has",
                7,
                "read manifest: /manifests has 10001 entries, more than the 10000 allowed")
            .by(entries(10_001)),
        refused(
                "a hundred thousand entries",
                7,
                "read manifest v1 of PLACE: more than the 4194304 bytes allowed")
            .by(entries(100_000)),
        refused(
                "a child of another digest",
                6,
                "verify manifest %s: expected %d bytes, got 2"
                    .formatted(SOUND.digest(), SOUND.document().size()))
            .by(
                new BuiltImage(
                    swapped.document(),
                    List.of(),
                    List.of(SOUND.document(SOUND.document().bytes("{}".getBytes(UTF_8)))))),
        refused(
                "only another architecture",
                4,
                "resolve NAME: no image for %s; there is %s".formatted(Platform.host(), FOREIGN))
            .by(ImageBuilder.index(Map.of(FOREIGN, SOUND))),
        refused(
                "an entry that lies about its architecture",
                1,
                "resolve NAME: the image is for %s, expected %s; choose another with --platform"
                    .formatted(FOREIGN, Platform.host()))
            .by(index(new ImageBuilder().platform(FOREIGN).layer(LAYER).build())));
  }

  private static BuiltImage index(BuiltImage child) {
    return ImageBuilder.index(Map.of(Platform.host(), child));
  }

  private static BuiltImage entries(int count) {
    Map<String, Object> entry = ImageBuilder.entry(SOUND, null);
    return ImageBuilder.index(
        ImageBuilder.Form.OCI, Collections.nCopies(count, entry), List.of(SOUND));
  }

  /// An index whose only entry has the digest under which the index itself is served.
  private static BuiltImage cycle() {
    Map<String, Object> self =
        Map.of("mediaType", MediaType.OCI_INDEX.name(), "digest", ZEROS, "size", 1000);
    BuiltImage index = ImageBuilder.index(ImageBuilder.Form.OCI, List.of(self), List.of());
    return new BuiltImage(
        index.document(), List.of(), List.of(index.document(index.document().digest(ZEROS))));
  }

  private static Stream<Attack> diffIds() {
    return Stream.of(
        refused(
                "another diff_id",
                6,
                "verify unpacked layer: expected DIFFID, got " + LAYER.diffId())
            .by(LAYER.diffId(ZEROS)),
        refused("diff_ids in another order", 6, "verify unpacked layer: expected …")
            .by(
                new ImageBuilder()
                    .layer(LAYER.diffId(OTHER.diffId()))
                    .layer(OTHER.diffId(LAYER.diffId()))
                    .build()),
        refused(
                "fewer diff_ids than layers",
                7,
                "resolve NAME: the manifest has 1 layers, the config 0 diff_ids")
            .by(rootfs("layers", List.of())),
        refused(
                "more diff_ids than layers",
                7,
                "resolve NAME: the manifest has 1 layers, the config 2 diff_ids")
            .by(rootfs("layers", List.of(LAYER.diffId(), OTHER.diffId()))),
        refused("no layers at all", 7, "resolve NAME: the image has no layers")
            .by(new ImageBuilder().build()),
        refused(
                "an unknown kind of root",
                1,
                "read image config: /rootfs/type is 'disk', expected layers")
            .by(rootfs("disk", List.of(LAYER.diffId()))));
  }

  /// An image of one layer whose config says this of its layers.
  private static BuiltImage rootfs(String type, List<String> diffIds) {
    return new ImageBuilder()
        .layer(LAYER)
        .configMember("rootfs", Map.of("type", type, "diff_ids", diffIds))
        .build();
  }
}
