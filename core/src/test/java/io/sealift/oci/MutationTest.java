package io.sealift.oci;

import static io.sealift.oci.JsonText.config;
import static io.sealift.oci.JsonText.descriptor;
import static io.sealift.oci.JsonText.digest;
import static io.sealift.oci.JsonText.index;
import static io.sealift.oci.JsonText.json;
import static io.sealift.oci.JsonText.layer;
import static io.sealift.oci.JsonText.manifest;
import static io.sealift.oci.JsonText.platform;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sound documents with bytes flipped, cut out, doubled and put in the place of others: whatever
/// comes of it is read or refused, and a refusal is one line.
class MutationTest {

  private static final int ROUNDS = 3_000;

  private static final List<byte[]> SEEDS =
      List.of(
          json(
              manifest(
                  descriptor(JsonText.CONFIG_TYPE, digest('c'), "2", ",'data':'e30='"),
                  layer('1'),
                  descriptor(
                      JsonText.LAYER_TYPE,
                      digest('2'),
                      "3",
                      ",'urls':['https://a'],'annotations':{'a':'b'}"))),
          json(
              index(
                  descriptor(
                      MediaType.OCI_MANIFEST.name(), digest('1'), "2", platform("linux", "arm")),
                  descriptor(MediaType.OCI_INDEX.name(), digest('2'), "2", ""))),
          json(
              config(
                  "ab",
                  ",'variant':'v7','history':[{'created_by':'x','empty_layer':true}],'config':{'User':'0:0','Env':['A=b'],"
                      + "'Volumes':{'/v':{}},'Labels':{'a':'b'},'ExposedPorts':{'1/tcp':{}},'StopSignal':'9'}")));

  private static final List<String> PIECES =
      List.of(
          "null",
          "{}",
          "[]",
          "\"\"",
          "-1",
          "1e999999999",
          "1e-999999999",
          "0.1",
          "true",
          "\\ud800",
          "\\u0000",
          "9223372036854775808",
          "[[[[[[[[",
          "\"mediaType\":",
          "\"config\":{",
          "\"layers\":[",
          "\"manifests\":[{",
          "sha512:",
          "sha256:",
          ",",
          ":",
          "\"",
          "\u00ff",
          "\ufeff",
          "\n");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13})
  void readsOrRefuses(long seed) {
    Random random = new Random(seed);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = SEEDS.get(random.nextInt(SEEDS.size()));
      for (int change = random.nextInt(3); change >= 0; change--) {
        bytes = changed(bytes, random);
      }
      refused += read(bytes) ? 0 : 1;
    }
    assertEquals(true, refused > ROUNDS / 4 && refused < ROUNDS, refused + " refused");
  }

  private static byte[] changed(byte[] bytes, Random random) {
    int from = random.nextInt(bytes.length + 1);
    int to = Math.min(bytes.length, from + random.nextInt(12));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    switch (random.nextInt(4)) {
      case 0 -> out.write(random.nextInt(256));
      case 1 ->
          out.writeBytes(
              PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8));
      case 2 -> out.write(bytes, from, to - from);
      default -> from = to;
    }
    if (random.nextBoolean()) {
      from = to;
    }
    out.write(bytes, from, bytes.length - from);
    return out.toByteArray();
  }

  private static boolean read(byte[] bytes) {
    try {
      if (Document.parse(bytes, null) instanceof Index index) {
        PlatformChoice.choose(index, Platform.host());
        PlatformChoice.offered(index);
      }
      return true;
    } catch (UnsafeContentException | UnsupportedImageException refusal) {
      assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
    }
    try {
      ImageConfig.parse(bytes);
      return true;
    } catch (UnsafeContentException | UnsupportedImageException refusal) {
      assertEquals(1, refusal.getMessage().lines().count(), refusal.getMessage());
      return false;
    }
  }
}
