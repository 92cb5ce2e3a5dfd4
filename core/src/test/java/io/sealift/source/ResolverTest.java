package io.sealift.source;

import static io.sealift.oci.JsonText.CONFIG_TYPE;
import static io.sealift.oci.JsonText.LAYER_TYPE;
import static io.sealift.oci.JsonText.config;
import static io.sealift.oci.JsonText.descriptor;
import static io.sealift.oci.JsonText.digest;
import static io.sealift.oci.JsonText.index;
import static io.sealift.oci.JsonText.json;
import static io.sealift.oci.JsonText.layer;
import static io.sealift.oci.JsonText.manifest;
import static io.sealift.oci.JsonText.platform;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.oci.ImageName;
import io.sealift.oci.MediaType;
import io.sealift.oci.Platform;
import io.sealift.verify.JcaHashing;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolverTest {

  private static final String MANIFEST = MediaType.OCI_MANIFEST.name();
  private static final String INDEX = MediaType.OCI_INDEX.name();
  private static final byte[] CONFIG = json(config("d", ""));
  private static final byte[] IMAGE = image(CONFIG);
  private static final Digest IMAGE_DIGEST = sha256(IMAGE);

  private static byte[] image(byte[] config) {
    return json(manifest(descriptor(CONFIG_TYPE, config), layer('1')));
  }

  private static Digest sha256(byte[] bytes) {
    return MemorySource.digest(DigestAlgorithm.SHA256, bytes);
  }

  private static String entry(byte[] manifest, String more) {
    return descriptor(MANIFEST, sha256(manifest).toString(), manifest.length + "", more);
  }

  private static MemorySource source(byte[] root) {
    return new MemorySource().root(root, null, null).blob(CONFIG).blob(IMAGE);
  }

  private static Resolved resolve(ImageSource source, String suffix) throws Exception {
    return new Resolver(new JcaHashing())
        .resolve(ImageName.parse("r.io/a" + suffix), source, Platform.parse("linux/amd64"));
  }

  private static <T extends ImageException> void refuses(
      Class<T> type, String message, MemorySource source, String suffix) {
    assertEquals(message, assertThrows(type, () -> resolve(source, suffix)).getMessage());
  }

  @Test
  void findsAnImageThatIsNamedByTag() throws Exception {
    Resolved found = resolve(source(IMAGE), ":t");
    assertEquals("docker://r.io/a:t", found.name().toString());
    assertEquals("memory", found.place());
    assertEquals(IMAGE_DIGEST, found.manifestDigest());
    assertEquals(IMAGE_DIGEST, found.rootDigest());
    assertEquals(Optional.empty(), found.indexDigest());
    assertEquals(sha256(CONFIG), found.imageId());
    assertArrayEquals(IMAGE, found.manifestBytes());
    assertArrayEquals(CONFIG, found.configBytes());
    assertEquals(1, found.layers().size());
  }

  @ParameterizedTest
  @CsvSource({"SHA256", "SHA384", "SHA512"})
  void findsAnImageThatIsNamedByDigest(DigestAlgorithm algorithm) throws Exception {
    Digest named = MemorySource.digest(algorithm, IMAGE);
    assertEquals(named, resolve(source(IMAGE), "@" + named).manifestDigest());
  }

  @Test
  void believesTheNameBeforeTheSource() throws Exception {
    Digest said = sha256(CONFIG);
    MemorySource source = source(IMAGE).root(IMAGE, null, said);
    assertEquals(IMAGE_DIGEST, resolve(source, ":t@" + IMAGE_DIGEST).manifestDigest());
    refuses(
        IntegrityException.class,
        "verify manifest of docker://r.io/a:t: expected %s, got %s".formatted(said, IMAGE_DIGEST),
        source,
        ":t");
  }

  @Test
  void takesTheAlgorithmThatTheSourceSays() throws Exception {
    Digest said = MemorySource.digest(DigestAlgorithm.SHA512, IMAGE);
    assertEquals(said, resolve(source(IMAGE).root(IMAGE, null, said), ":t").manifestDigest());
  }

  @Test
  void refusesOtherBytesThanNamed() {
    refuses(
        IntegrityException.class,
        "verify manifest of docker://r.io/a@%s: expected %s, got %s"
            .formatted(digest('0'), digest('0'), IMAGE_DIGEST),
        source(IMAGE),
        "@" + digest('0'));
  }

  @Test
  void choosesFromAnIndexWithAttestations() throws Exception {
    byte[] index =
        json(
            index(
                entry(
                    json(manifest(descriptor(CONFIG_TYPE, digest('9'), "1", ""))),
                    platform("linux", "arm64")),
                entry(IMAGE, platform("linux", "amd64")),
                descriptor(
                    MANIFEST,
                    digest('8'),
                    "3",
                    platform("unknown", "unknown")
                        + ",'annotations':{'vnd.docker.reference.type':'attestation-manifest'}")));
    Resolved found = resolve(source(index), ":t");
    assertEquals(IMAGE_DIGEST, found.manifestDigest());
    assertEquals(Optional.of(sha256(index)), found.indexDigest());
    assertEquals(sha256(index), found.rootDigest());
  }

  @Test
  void saysWhatAnIndexHasInstead() {
    refuses(
        NotFoundException.class,
        "resolve docker://r.io/a:t: no image for linux/amd64; there is linux/arm64",
        source(json(index(entry(IMAGE, platform("linux", "arm64"))))),
        ":t");
    refuses(
        NotFoundException.class,
        "resolve docker://r.io/a:t: no image for linux/amd64; there is none at all",
        source(json(index())),
        ":t");
  }

  @ParameterizedTest
  @CsvSource({"1, true", "3, true", "4, false"})
  void boundsIndexesInsideEachOther(int depth, boolean legal) throws Exception {
    MemorySource source = source(IMAGE);
    byte[] inner = IMAGE;
    String type = MANIFEST;
    for (int level = 0; level < depth; level++) {
      String entry = descriptor(type, inner);
      inner = json(index(entry));
      type = INDEX;
      source.blob(inner);
    }
    source.root(inner, null, null);
    if (legal) {
      assertEquals(IMAGE_DIGEST, resolve(source, ":t").manifestDigest());
    } else {
      refuses(
          UnsafeContentException.class,
          "resolve docker://r.io/a:t: more than 3 indexes inside each other",
          source,
          ":t");
    }
  }

  @ParameterizedTest
  @CsvSource({"1, more", "-1, less"})
  void refusesAManifestOfAnotherSize(int off, String how) {
    int size = IMAGE.length - off;
    MemorySource source =
        source(json(index(descriptor(MANIFEST, IMAGE_DIGEST.toString(), size + "", ""))));
    refuses(
        IntegrityException.class,
        "verify manifest %s: expected %d bytes, got %s"
            .formatted(IMAGE_DIGEST, size, how.equals("more") ? "more" : IMAGE.length + ""),
        source,
        ":t");
  }

  @Test
  void refusesAManifestThatIsNotWhatItsIndexSays() {
    refuses(
        UnsafeContentException.class,
        "read manifest: declared as %s, but its /mediaType is %s"
            .formatted(MediaType.DOCKER_MANIFEST, MANIFEST),
        source(
            json(
                index(
                    descriptor(
                        MediaType.DOCKER_MANIFEST.name(),
                        IMAGE_DIGEST.toString(),
                        IMAGE.length + "",
                        "")))),
        ":t");
  }

  @Test
  void refusesTooLargeBlobsWithoutFetchingThem() {
    refuses(
        UnsafeContentException.class,
        "fetch manifest %s: 4194305 bytes are more than the 4194304 allowed".formatted(digest('7')),
        source(json(index(descriptor(MANIFEST, digest('7'), "4194305", "")))),
        ":t");
    refuses(
        UnsafeContentException.class,
        "fetch config %s: 9223372036854775807 bytes are more than the 4194304 allowed"
            .formatted(digest('7')),
        source(
            json(
                manifest(
                    descriptor(CONFIG_TYPE, digest('7'), "9223372036854775807", ""), layer('1')))),
        ":t");
  }

  @Test
  void refusesAConfigThatIsNotTheOneNamed() {
    byte[] other = CONFIG.clone();
    other[other.length - 1] ^= 1;
    byte[] longer = Arrays.copyOf(CONFIG, CONFIG.length + 100);
    byte[] shorter = Arrays.copyOf(CONFIG, CONFIG.length - 1);
    String name = sha256(CONFIG).toString();
    refuses(
        IntegrityException.class,
        "verify config: expected %s, got %s".formatted(name, sha256(other)),
        source(IMAGE).blob(name, other),
        ":t");
    refuses(
        IntegrityException.class,
        "verify config %s: expected %d bytes, got more".formatted(name, CONFIG.length),
        source(IMAGE).blob(name, longer),
        ":t");
    refuses(
        IntegrityException.class,
        "verify config %s: expected %d bytes, got %d"
            .formatted(name, CONFIG.length, CONFIG.length - 1),
        source(IMAGE).blob(name, shorter),
        ":t");
  }

  @Test
  void takesEmbeddedContentWhenItIsWhatItShouldBe() throws Exception {
    String data = ",'data':'%s'".formatted(java.util.Base64.getEncoder().encodeToString(CONFIG));
    String named = descriptor(CONFIG_TYPE, sha256(CONFIG).toString(), CONFIG.length + "", data);
    byte[] image = json(manifest(named, layer('1')));
    String imageData =
        ",'data':'%s'".formatted(java.util.Base64.getEncoder().encodeToString(image));
    MemorySource alone = new MemorySource().root(json(index(entry(image, imageData))), null, null);
    assertEquals(sha256(image), resolve(alone, ":t").manifestDigest());

    String wrong = descriptor(CONFIG_TYPE, digest('7'), CONFIG.length + "", data);
    refuses(
        IntegrityException.class,
        "verify config: expected %s, got %s".formatted(digest('7'), sha256(CONFIG)),
        new MemorySource().root(json(manifest(wrong, layer('1'))), null, null),
        ":t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          linux   | arm64 | the image is for linux/arm64, expected linux/amd64; choose another with --platform
          windows | amd64 | the image is for windows/amd64, expected linux/amd64; choose another with --platform
          """)
  void refusesAnImageForAnotherPlatform(String os, String architecture, String reason) {
    byte[] config =
        json(
            "{'os':'%s','architecture':'%s','rootfs':{'type':'layers','diff_ids':['%s']}}"
                .formatted(os, architecture, digest('d')));
    refuses(
        UnsupportedImageException.class,
        "resolve docker://r.io/a:t: " + reason,
        source(image(config)).blob(config),
        ":t");
  }

  @ParameterizedTest
  @CsvSource({"'', 0", "dd, 2", "ddd, 3"})
  void refusesAnotherNumberOfDiffIds(String digits, int count) {
    byte[] config = json(config(digits, ""));
    refuses(
        UnsafeContentException.class,
        "resolve docker://r.io/a:t: the manifest has 1 layers, the config %d diff_ids"
            .formatted(count),
        source(image(config)).blob(config),
        ":t");
  }

  @Test
  void refusesAnImageWithoutLayers() {
    byte[] config = json(config("", ""));
    refuses(
        UnsafeContentException.class,
        "resolve docker://r.io/a:t: the image has no layers",
        source(json(manifest(descriptor(CONFIG_TYPE, config)))).blob(config),
        ":t");
  }

  @Test
  void keepsRepeatedLayers() throws Exception {
    byte[] config = json(config("ded", ""));
    byte[] image =
        json(manifest(descriptor(CONFIG_TYPE, config), layer('1'), layer('2'), layer('1')));
    Resolved found = resolve(source(image).blob(config), ":t");
    assertEquals(3, found.layers().size());
    assertEquals(found.layers().get(0), found.layers().get(2));
  }

  @Test
  void refusesASignatureBeforeItsConfigIsFetched() {
    String type = "application/vnd.dev.cosign.simplesigning.v1+json";
    refuses(
        UnsupportedImageException.class,
        "read manifest: expected layers that are tars, found a signature or attestation by cosign (%s) in layer %s"
            .formatted(type, digest('1')),
        source(
            json(
                manifest(
                    descriptor(CONFIG_TYPE, digest('7'), "2", ""),
                    descriptor(type, digest('1'), "2", "")))),
        ":t");
  }

  @Test
  void readsManifestsOfSha512() throws Exception {
    Digest layerDigest = MemorySource.digest(DigestAlgorithm.SHA512, new byte[0]);
    Digest configDigest = MemorySource.digest(DigestAlgorithm.SHA512, CONFIG);
    byte[] image =
        json(
            manifest(
                descriptor(CONFIG_TYPE, configDigest.toString(), CONFIG.length + "", ""),
                descriptor(LAYER_TYPE, layerDigest.toString(), "0", "")));
    assertEquals(configDigest, resolve(source(image), ":t").imageId());
  }
}
