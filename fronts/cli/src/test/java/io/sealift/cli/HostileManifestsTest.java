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
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Documents that are two things at once, name what is no digest, lie about sizes, or never end.
class HostileManifestsTest extends HostileContract {

  private static final BuiltBlob LAYER = layer(new TarBuilder().file("f", "x"));
  private static final BuiltBlob OTHER = layer(new TarBuilder().file("g", "y"));
  private static final BuiltImage SOUND = image(new TarBuilder().file("f", "x"));
  private static final String ZEROS = "sha256:" + "0".repeat(64);

  static Stream<Attack> attacks() {
    return Stream.of(kinds(), digests(), sizes(), texts()).flatMap(all -> all);
  }

  private static ImageBuilder sound() {
    return new ImageBuilder().layer(LAYER);
  }

  private static Stream<Attack> kinds() {
    return Stream.of(
        refused(
                "layers and manifests",
                7,
                "read manifest: ambiguous, an image manifest must not have /manifests")
            .by(sound().manifestMember("manifests", List.of()).build()),
        refused(
                "layers, and Manifests with a capital",
                7,
                "read manifest: ambiguous, an image manifest must not have /Manifests")
            .by(sound().manifestMember("Manifests", List.of()).build()),
        refused(
                "an index with layers",
                7,
                "read manifest: ambiguous, an index must not have /layers")
            .by(served(MediaType.OCI_INDEX, "{'schemaVersion':2,'manifests':[],'layers':[]}")),
        refused(
                "layers twice by case",
                7,
                "read manifest: ambiguous, an image manifest must not have /Layers")
            .by(sound().manifestMember("Layers", List.of()).build()),
        refused(
                "a manifest that is served as an index",
                7,
                "read manifest: declared as application/vnd.oci.image.index.v1+json, but its /mediaType is application/vnd.oci.image.manifest.v1+json")
            .by(SOUND.document(SOUND.document().mediaType(MediaType.OCI_INDEX.name()))),
        refused(
                "an index that is served as a manifest",
                7,
                "read manifest: declared as application/vnd.oci.image.manifest.v1+json, but its /mediaType is application/vnd.oci.image.index.v1+json")
            .by(servedAs(index(SOUND), MediaType.OCI_MANIFEST)),
        refused(
                "a manifest of Docker that is served as OCI",
                7,
                "read manifest: declared as application/vnd.oci.image.manifest.v1+json, but its /mediaType is application/vnd.docker.distribution.manifest.v2+json")
            .by(
                servedAs(
                    new ImageBuilder(ImageBuilder.Form.DOCKER).layer(LAYER).build(),
                    MediaType.OCI_MANIFEST)));
  }

  private static BuiltImage servedAs(BuiltImage image, MediaType type) {
    return image.document(image.document().mediaType(type.name()));
  }

  private static BuiltImage served(MediaType type, String json) {
    return BuiltImage.ofDocument(type, json.replace('\'', '"').getBytes(UTF_8));
  }

  private static BuiltImage index(BuiltImage child) {
    return ImageBuilder.index(Map.of(Platform.host(), child));
  }

  private static Stream<Attack> digests() {
    return Stream.of(
        refused(
                "a digest that is a path",
                7,
                "read manifest: /layers/0/digest 'sha256:../../canary/f': expected 64 lower-case hexadecimal digits after sha256:")
            .by(LAYER.digest("sha256:../../canary/f")),
        refused(
                "a digest in upper case",
                7,
                "read manifest: /layers/0/digest 'sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA': expected 64 lower-case hexadecimal digits after sha256:")
            .by(LAYER.digest("sha256:" + "A".repeat(64))),
        refused(
                "a digest by MD5",
                7,
                "read manifest: /layers/0/digest 'md5:00000000000000000000000000000000': expected sha256:, sha384: or sha512:")
            .by(LAYER.digest("md5:" + "0".repeat(32))),
        refused(
                "a short digest",
                7,
                "read manifest: /layers/0/digest 'sha256:00': expected 64 lower-case hexadecimal digits after sha256:")
            .by(LAYER.digest("sha256:00")),
        refused(
                "a digest that writes a line of its own",
                7,
                "read manifest: /layers/0/digest 'sha256:\\x1b[2J\\x0asealift: all is well': expected 64 lower-case hexadecimal digits after sha256:")
            .by(LAYER.digest("sha256:\u001b[2J\nsealift: all is well")),
        refused(
                "a diff_id that is a path",
                7,
                "read image config: /rootfs/diff_ids/0 'sha256:../../canary': expected 64 lower-case hexadecimal digits after sha256:")
            .by(LAYER.diffId("sha256:../../canary")),
        refused(
                "a manifest whose digest is said to be a path",
                7,
                "read digest of manifest v1 of PLACE 'sha256:../../canary/f': expected 64 lower-case hexadecimal digits after sha256:")
            .by(SOUND.document(SOUND.document().digest("sha256:../../canary/f"))),
        refused(
                "a manifest of another digest than is said",
                6,
                "verify manifest of NAME: expected %s, got %s".formatted(ZEROS, SOUND.digest()))
            .by(SOUND.document(SOUND.document().digest(ZEROS))),
        refused(
                "a layer of another digest",
                6,
                "verify layer: expected LAYER, got " + LAYER.digest())
            .by(LAYER.digest(ZEROS)));
  }

  private static Stream<Attack> sizes() {
    return Stream.of(
        refused(
                "a negative size",
                7,
                "read manifest: /layers/0/size: expected no negative number, found -1")
            .by(LAYER.size(-1)),
        refused(
                "a size that is too short",
                6,
                "verify layer LAYER: expected %d bytes, got more".formatted(LAYER.size() - 1))
            .by(LAYER.size(LAYER.size() - 1)),
        refused(
                "a size that is too long",
                6,
                "verify layer LAYER: expected %d bytes, got %d"
                    .formatted(LAYER.size() + 1, LAYER.size()))
            .by(LAYER.size(LAYER.size() + 1)),
        refused(
                "a size of far more bytes, for which there is room",
                6,
                "verify layer LAYER: expected 67108864 bytes, got " + LAYER.size())
            .by(LAYER.size(64 << 20)),
        refused(
                "a config of more than is read",
                7,
                "fetch config " + ZEROS + ": 5242880 bytes are more than the 4194304 allowed")
            .by(config(5 << 20, Map.of())),
        refused(
                "data of another size",
                6,
                "verify layer LAYER: expected %d bytes, got 5".formatted(LAYER.size()))
            .by(LAYER.embed().bytes("other".getBytes(UTF_8))),
        refused("data of another digest", 6, "verify layer: expected LAYER, got " + OTHER.digest())
            .by(LAYER.embed().bytes(OTHER.bytes()).size(OTHER.size())),
        refused("data that is no base64", 7, "read manifest: /config/data: not base64")
            .by(config(2, Map.of("data", "?"))));
  }

  private static BuiltImage config(long size, Map<String, Object> more) {
    Map<String, Object> config = new LinkedHashMap<>(more);
    config.put("mediaType", MediaType.OCI_CONFIG.name());
    config.put("digest", ZEROS);
    config.put("size", size);
    return sound().manifestMember("config", config).build();
  }

  private static Stream<Attack> texts() {
    String manifest = new String(SOUND.document().bytes(), UTF_8).replaceFirst("\\{", "");
    return Stream.of(
        refused(
                "layers twice",
                7,
                "read manifest: not sound JSON at character 21: Duplicate Object property \"layers\"")
            .by(served(MediaType.OCI_MANIFEST, "{'layers':[],'layers':[]," + manifest)),
        refused(
                "a digest twice",
                7,
                "read manifest: not sound JSON at character 32: Duplicate Object property \"digest\"")
            .by(served(MediaType.OCI_MANIFEST, "{'subject':{'digest':'','digest':''}," + manifest)),
        refused(
                "a member of the config twice",
                7,
                "read image config: not sound JSON at character 18: Duplicate Object property \"os\"")
            .by(sound().rawConfig("{\"os\":\"linux\",\"os\":\"linux\"}".getBytes(UTF_8)).build()),
        refused(
                "arrays a hundred thousand deep",
                7,
                "read manifest: not sound JSON: Document nesting depth (65) exceeds the maximum allowed (64)")
            .by(served(MediaType.OCI_MANIFEST, "{'annotations':" + "[".repeat(100_000))),
        refused(
                "a config a hundred thousand deep",
                7,
                "read image config: not sound JSON: Document nesting depth (65) exceeds the maximum allowed (64)")
            .by(sound().rawConfig("[".repeat(100_000).getBytes(UTF_8)).build()),
        refused(
                "a manifest of more than is read",
                7,
                "read manifest v1 of PLACE: more than the 4194304 bytes allowed")
            .by(served(MediaType.OCI_MANIFEST, "{" + manifest + " ".repeat(5 << 20))),
        refused("half a manifest", 7, "read manifest: not sound JSON at character 38: …")
            .by(served(MediaType.OCI_MANIFEST, ("{" + manifest).substring(0, 38))),
        refused(
                "more layers than any image has",
                7,
                "read manifest: /layers has 1025 entries, more than the 1024 allowed")
            .by(many()));
  }

  private static BuiltImage many() {
    ImageBuilder image = new ImageBuilder();
    List<BuiltBlob> layers = new ArrayList<>(Collections.nCopies(1025, LAYER));
    layers.forEach(image::layer);
    return image.build();
  }
}
