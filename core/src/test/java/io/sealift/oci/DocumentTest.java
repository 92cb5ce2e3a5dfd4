package io.sealift.oci;

import static io.sealift.oci.JsonText.CONFIG_TYPE;
import static io.sealift.oci.JsonText.LAYER_TYPE;
import static io.sealift.oci.JsonText.descriptor;
import static io.sealift.oci.JsonText.digest;
import static io.sealift.oci.JsonText.index;
import static io.sealift.oci.JsonText.json;
import static io.sealift.oci.JsonText.layer;
import static io.sealift.oci.JsonText.manifest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentTest {

  private static final String CONFIG = descriptor(CONFIG_TYPE, digest('c'), "2", "");
  private static final String OCI = MediaType.OCI_MANIFEST.name();
  private static final String OCI_INDEX = MediaType.OCI_INDEX.name();
  private static final String DOCKER = MediaType.DOCKER_MANIFEST.name();
  private static final String LIST = MediaType.DOCKER_LIST.name();
  private static final String ENTRY = descriptor(OCI, digest('e'), "2", "");

  private static Document parse(String text, @Nullable String declared) throws ImageException {
    return Document.parse(json(text), declared == null ? null : MediaType.parse(declared));
  }

  private static String bare(String members) {
    return "{'schemaVersion':2," + members + "}";
  }

  static Stream<Arguments> types() {
    String config = "'config':" + CONFIG + ",'layers':[]";
    String docker = "'config':" + descriptor(MediaType.DOCKER_CONFIG.name(), digest('c'), "2", "");
    return Stream.of(
        arguments(manifest(CONFIG), null, OCI),
        arguments(manifest(CONFIG), OCI, OCI),
        arguments(manifest(CONFIG), OCI + "; charset=utf-8", OCI),
        arguments(manifest(CONFIG), "application/json", OCI),
        arguments(manifest(CONFIG), "text/plain", OCI),
        arguments(bare(config), null, OCI),
        arguments(bare(config), DOCKER, DOCKER),
        arguments(bare(docker), null, DOCKER),
        arguments(bare("'mediaType':null," + config), null, OCI),
        arguments(bare("'manifests':[" + ENTRY + "]"), null, OCI_INDEX),
        arguments(bare("'manifests':[" + ENTRY + "]"), LIST, LIST),
        arguments(bare("'manifests':[],'layers':null,'config':null"), OCI_INDEX, OCI_INDEX),
        arguments(index(ENTRY), OCI_INDEX, OCI_INDEX));
  }

  @ParameterizedTest
  @MethodSource("types")
  void tellsTheType(String text, @Nullable String declared, String type) throws Exception {
    assertEquals(type, parse(text, declared).mediaType().name());
  }

  static Stream<Arguments> unsafe() {
    return Stream.of(
        arguments(
            bare("'config':" + CONFIG + ",'layers':[],'manifests':[]"),
            OCI,
            "read manifest: ambiguous, an image manifest must not have /manifests"),
        arguments(
            bare("'config':" + CONFIG + ",'layers':[],'Manifests':[]"),
            OCI,
            "read manifest: ambiguous, an image manifest must not have /Manifests"),
        arguments(
            bare("'config':" + CONFIG + ",'layers':[],'Layers':[]"),
            OCI,
            "read manifest: ambiguous, an image manifest must not have /Layers"),
        arguments(
            bare("'config':" + CONFIG + ",'layers':[],'fsLayers':[]"),
            OCI,
            "read manifest: ambiguous, an image manifest must not have /fsLayers"),
        arguments(
            bare("'config':" + CONFIG + ",'layers':[],'history':[]"),
            OCI,
            "read manifest: ambiguous, an image manifest must not have /history"),
        arguments(
            bare("'manifests':[],'layers':[]"),
            OCI_INDEX,
            "read manifest: ambiguous, an index must not have /layers"),
        arguments(
            bare("'manifests':[],'config':" + CONFIG),
            OCI_INDEX,
            "read manifest: ambiguous, an index must not have /config"),
        arguments(
            manifest(CONFIG),
            DOCKER,
            "read manifest: declared as " + DOCKER + ", but its /mediaType is " + OCI),
        arguments(
            manifest(CONFIG),
            OCI_INDEX,
            "read manifest: declared as " + OCI_INDEX + ", but its /mediaType is " + OCI),
        arguments(
            "{'schemaVersion':3,'mediaType':'" + OCI + "'}",
            null,
            "read manifest: /schemaVersion is 3, expected 2"),
        arguments(
            "{'schemaVersion':1,'mediaType':'" + OCI + "'}",
            null,
            "read manifest: /schemaVersion is 1, expected 2"),
        arguments(
            "{'mediaType':'" + OCI + "'}",
            null,
            "read manifest: /schemaVersion: expected a value, found none"),
        arguments(
            bare("'mediaType':'" + OCI + "','layers':[]"),
            null,
            "read manifest: /config: expected a value, found none"),
        arguments(
            bare("'layers':[]"), null, "read manifest: /config: expected a value, found none"),
        arguments(
            bare("'config':7"), null, "read manifest: /config: expected an object, found a number"),
        arguments(
            bare("'config':" + CONFIG + ",'layers':{}"),
            null,
            "read manifest: /layers: expected an array, found an object"),
        arguments(
            bare("'config':" + CONFIG + ",'layers':[null]"),
            null,
            "read manifest: /layers/0: expected an object, found null"),
        arguments(
            manifest(descriptor(CONFIG_TYPE, digest('c'), "-1", "")),
            null,
            "read manifest: /config/size: expected no negative number, found -1"),
        arguments(
            manifest(descriptor(CONFIG_TYPE, digest('c'), "1e30", "")),
            null,
            "read manifest: /config/size: expected a whole number of 64 bits"),
        arguments(
            manifest(descriptor(CONFIG_TYPE, digest('c'), "9223372036854775808", "")),
            null,
            "read manifest: /config/size: expected a whole number of 64 bits"),
        arguments(manifest(descriptor(CONFIG_TYPE, digest('c'), "1e9999999993", "")), null, null),
        arguments(
            manifest(descriptor(CONFIG_TYPE, digest('c'), "1.5", "")),
            null,
            "read manifest: /config/size: expected a whole number of 64 bits"),
        arguments(
            manifest(descriptor(CONFIG_TYPE, digest('c'), "'2'", "")),
            null,
            "read manifest: /config/size: expected a number, found a string"),
        arguments(
            manifest(descriptor(CONFIG_TYPE, digest('c'), "2", ",'data':'e3*='")),
            null,
            "read manifest: /config/data: not base64"),
        arguments(
            manifest(descriptor(CONFIG_TYPE, digest('c'), "2", ",'urls':'https://a'")),
            null,
            "read manifest: /config/urls: expected an array, found a string"),
        arguments(
            manifest(descriptor(CONFIG_TYPE, digest('c'), "2", ",'annotations':{'a':1}")),
            null,
            "read manifest: /config/annotations/a: expected a string, found a number"),
        arguments(
            manifest(descriptor(CONFIG_TYPE, digest('C'), "2", "")),
            null,
            "read manifest: /config/digest '"
                + digest('C')
                + "': expected 64 lower-case hexadecimal digits after sha256:"),
        arguments("[]", null, "read manifest: expected a JSON object"),
        arguments("{", null, null),
        arguments(manifest(CONFIG) + "x", null, null),
        arguments(bare("'mediaType':'" + OCI + "','mediaType':'" + OCI + "'"), null, null));
  }

  @ParameterizedTest
  @MethodSource("unsafe")
  void refusesWhatIsMalformedOrAmbiguous(
      String text, @Nullable String declared, @Nullable String message) {
    UnsafeContentException refusal =
        assertThrows(UnsafeContentException.class, () -> parse(text, declared));
    if (message != null) {
      assertEquals(message, refusal.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "application/vnd.cncf.helm.config.v1+json, a Helm chart",
    "application/vnd.wasm.config.v0+json, a WebAssembly module",
    "application/vnd.docker.plugin.v1+json, a Docker plugin",
    "application/vnd.oci.empty.v1+json, an artifact",
    "application/vnd.dev.cosign.artifact.sig.v1+json, a signature or attestation by cosign",
    "application/vnd.cncf.notary.signature, a signature by Notary",
    "application/vnd.buildkit.cacheconfig.v0, a build cache",
    "application/vnd.example.thing, something else",
  })
  void saysWhatAnArtifactIs(String type, String words) {
    UnsupportedImageException byConfig =
        assertThrows(
            UnsupportedImageException.class,
            () -> parse(manifest(descriptor(type, digest('c'), "2", "")), null));
    assertEquals(
        "read manifest: expected an image that runs, found %s (%s)".formatted(words, type),
        byConfig.getMessage());
  }

  @Test
  void namesTheArtifactTypeBeforeTheEmptyConfig() {
    String text =
        "{'schemaVersion':2,'artifactType':'application/vnd.dev.sigstore.bundle.v0.3+json','config':%s,'layers':[]}"
            .formatted(descriptor("application/vnd.oci.empty.v1+json", digest('c'), "2", ""));
    assertEquals(
        "read manifest: expected an image that runs, found a Sigstore bundle"
            + " (application/vnd.dev.sigstore.bundle.v0.3+json)",
        assertThrows(UnsupportedImageException.class, () -> parse(text, null)).getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "application/vnd.dev.cosign.simplesigning.v1+json, a signature or attestation by cosign",
    "application/vnd.in-toto+json, an in-toto attestation",
    "application/vnd.dsse.envelope.v1+json, a signed attestation",
    "application/vnd.wasm.content.layer.v1+wasm, a WebAssembly module",
    "application/octet-stream, something else",
  })
  void saysWhatLayersAreThatAreNoTars(String type, String words) {
    String text = manifest(CONFIG, descriptor(type, digest('1'), "2", ""));
    assertEquals(
        "read manifest: expected layers that are tars, found %s (%s) in layer %s"
            .formatted(words, type, digest('1')),
        assertThrows(UnsupportedImageException.class, () -> parse(text, null)).getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "application/vnd.docker.distribution.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v1+prettyjws",
    "application/json",
  })
  void refusesSchema1(String declared) {
    String text = "{'schemaVersion':1,'name':'a','fsLayers':[],'history':[]}";
    assertEquals(
        "read manifest: expected an image manifest or index, found a manifest of schema 1, which is"
            + " not supported; push the image with a current tool",
        assertThrows(UnsupportedImageException.class, () -> parse(text, declared)).getMessage());
  }

  @ParameterizedTest
  @CsvSource({"1024, true", "1025, false"})
  void boundsLayers(int count, boolean legal) throws Exception {
    String[] layers = new String[count];
    java.util.Arrays.fill(layers, layer('1'));
    String text = manifest(CONFIG, layers);
    if (legal) {
      assertEquals(count, assertInstanceOf(Manifest.class, parse(text, null)).layers().size());
    } else {
      assertEquals(
          "read manifest: /layers has 1025 entries, more than the 1024 allowed",
          assertThrows(UnsafeContentException.class, () -> parse(text, null)).getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({"10000, true", "10001, false"})
  void boundsIndexes(int count, boolean legal) throws Exception {
    String[] entries = new String[count];
    java.util.Arrays.fill(entries, ENTRY);
    String text = index(entries);
    if (legal) {
      assertEquals(count, assertInstanceOf(Index.class, parse(text, null)).manifests().size());
    } else {
      assertEquals(
          "read manifest: /manifests has 10001 entries, more than the 10000 allowed",
          assertThrows(UnsafeContentException.class, () -> parse(text, null)).getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({"4194304, true", "4194305, false"})
  void boundsBytes(int size, boolean legal) throws Exception {
    String text = manifest(CONFIG);
    String padded = text + " ".repeat(size - text.length());
    if (legal) {
      assertEquals(OCI, parse(padded, null).mediaType().name());
    } else {
      assertEquals(
          "read manifest: 4194305 bytes are more than the 4194304 allowed",
          assertThrows(UnsafeContentException.class, () -> parse(padded, null)).getMessage());
    }
  }

  @Test
  void boundsDepth() {
    String text = "{'a':" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    UnsafeContentException refusal =
        assertThrows(UnsafeContentException.class, () -> parse(text, null));
    assertEquals(true, refusal.getMessage().startsWith("read manifest: not sound JSON"));
  }

  @Test
  void boundsValues() {
    String text = "{'a':[" + "0,".repeat(1_100_000) + "0]}";
    UnsafeContentException refusal =
        assertThrows(UnsafeContentException.class, () -> parse(text, null));
    assertEquals(true, refusal.getMessage().startsWith("read manifest: not sound JSON"));
  }

  @Test
  void keepsRepeatedLayersAndWhatTheySay() throws Exception {
    String special =
        descriptor(
            LAYER_TYPE,
            "sha512:" + "5".repeat(128),
            "9223372036854775807",
            ",'urls':['https://example.com/l'],'annotations':{'k':'v'},'data':'e30='");
    Manifest manifest =
        assertInstanceOf(
            Manifest.class, parse(manifest(CONFIG, layer('1'), special, layer('1')), null));
    assertEquals(manifest.layers().get(0), manifest.layers().get(2));
    Descriptor layer = manifest.layers().get(1);
    assertEquals(DigestAlgorithm.SHA512, layer.digest().algorithm());
    assertEquals(Long.MAX_VALUE, layer.size());
    assertEquals(List.of("https://example.com/l"), layer.urls());
    assertEquals("v", layer.annotations().get("k"));
    assertEquals(new EmbeddedData(json("{}")), layer.data());
  }

  @Test
  void passesOverEntriesOfUnknownTypes() throws Exception {
    String unknown = "{'mediaType':'application/vnd.example','digest':'blake3:00','size':-7}";
    Index index = assertInstanceOf(Index.class, parse(index(unknown, ENTRY), null));
    assertEquals(1, index.manifests().size());
  }
}
