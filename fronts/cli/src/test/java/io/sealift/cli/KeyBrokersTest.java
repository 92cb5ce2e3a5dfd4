package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessKeyBroker;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.crypt.LayerEncryptor;
import io.sealift.testing.guest.AnnotationPacket;
import io.sealift.testing.guest.InProcessDataHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Images of a guest's owner, pulled with keys from wherever an owner may keep them: each a real
/// service on a real socket, or a real file.
class KeyBrokersTest {

  private static final String KEY = "default/key/app";

  /// What `sample_kbc` has for every name (guest-components, `kbc/src/sample_kbc`).
  private static final byte[] KNOWN_TO_ALL =
      HexFormat.of().parseHex("d99b7705b0ba7a168295b3a3367270b0dd9b371bf514ca8b9ba7f0a33711daea");

  private static final byte[] OF_OWNER = new byte[32];

  static {
    Arrays.fill(OF_OWNER, (byte) 7);
  }

  /// Where keys are, and what the environment says about it.
  enum Place {
    OFFLINE_FS_KBC {
      @Override
      Map<String, String> environment(KeyBrokersTest test) {
        return Map.of(
            "AA_KBC_PARAMS",
            "offline_fs_kbc::null",
            "OFFLINE_FS_KBC_EXTRA_FILE_PATH",
            test.directory.resolve("keys.json").toString());
      }
    },
    SAMPLE_KBC {
      @Override
      Map<String, String> environment(KeyBrokersTest test) {
        return Map.of("AA_KBC_PARAMS", "sample_kbc::null");
      }
    },
    DATA_HUB {
      @Override
      Map<String, String> environment(KeyBrokersTest test) {
        return Map.of(
            "OCICRYPT_KEYPROVIDER_CONFIG", test.directory.resolve("providers.json").toString());
      }
    },
    KEY_BROKER {
      @Override
      Map<String, String> environment(KeyBrokersTest test) {
        return Map.of("AA_KBC_PARAMS", "cc_kbc::" + test.broker.uri());
      }
    };

    abstract Map<String, String> environment(KeyBrokersTest test);

    byte[] key() {
      return this == SAMPLE_KBC ? KNOWN_TO_ALL : OF_OWNER;
    }
  }

  @TempDir Path directory;
  private final InProcessRegistry registry = InProcessRegistry.start();
  private final InProcessKeyBroker broker = new InProcessKeyBroker();
  private @Nullable InProcessDataHub started;

  @BeforeEach
  void keepTheKeyEverywhere() throws IOException {
    InProcessDataHub hub = new InProcessDataHub(directory.resolve("cdh.sock"));
    started = hub.resource(KEY, OF_OWNER);
    broker.resource("resource/" + KEY, OF_OWNER);
    Files.writeString(
        directory.resolve("keys.json"),
        "{\"%s\": \"%s\"}".formatted(KEY, LayerEncryptor.base64(OF_OWNER)));
    Files.writeString(
        directory.resolve("providers.json"),
        "{\"key-providers\": {\"attestation-agent\": {\"ttrpc\": \"unix://%s\"}}}"
            .formatted(hub.socket()));
  }

  @AfterEach
  void stop() throws IOException {
    hub().close();
    broker.close();
    registry.close();
  }

  private InProcessDataHub hub() {
    return Objects.requireNonNull(started);
  }

  private static BuiltBlob encrypted(Packing packing, String name, byte[] key) {
    byte[] tar = new TarBuilder().file("motd", "secret\n").build();
    BuiltBlob layer = BuiltBlob.layer(tar, packing, ImageBuilder.Form.OCI);
    LayerEncryptor encryptor = new LayerEncryptor(layer, 11);
    byte[] packet =
        AnnotationPacket.gcm("kbs:///" + name, key, new byte[12], encryptor.privateOptions())
            .version2()
            .build();
    return encryptor.wrap("provider.attestation-agent", packet).build();
  }

  private BuiltImage push(BuiltBlob layer) {
    BuiltImage image =
        new ImageBuilder().layer(new TarBuilder().file("plain", "x").build()).layer(layer).build();
    registry.push("app", "v1", image);
    return image;
  }

  private Run pull(Place place) {
    return Run.of(
        place.environment(this),
        "pull",
        registry.name("app", "v1"),
        "--bundle=" + directory.resolve("bundle"),
        "--work-dir=" + directory.resolve("store"),
        "--snapshotter=copy",
        "--plain-http",
        "--insecure-policy");
  }

  @ParameterizedTest
  @CsvSource({
    "OFFLINE_FS_KBC, GZIP",
    "OFFLINE_FS_KBC, ZSTD",
    "SAMPLE_KBC,     GZIP",
    "SAMPLE_KBC,     TAR",
    "DATA_HUB,       GZIP",
    "DATA_HUB,       ZSTD",
    "KEY_BROKER,     GZIP",
    "KEY_BROKER,     TAR",
  })
  void theirKeysOpenLayers(Place place, Packing packing) throws IOException {
    push(encrypted(packing, KEY, place.key()));
    Run run = pull(place);
    assertEquals(0, run.status(), run.err());
    assertEquals("secret\n", Files.readString(directory.resolve("bundle/rootfs/motd")));
    assertEquals(place == Place.DATA_HUB ? 1 : 0, hub().requests().size());
    assertEquals(
        place == Place.KEY_BROKER,
        broker.requests().contains("GET /kbs/v0/resource/" + KEY),
        broker.requests().toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "OFFLINE_FS_KBC | has 'default/key/missing'",
        "SAMPLE_KBC | does not open it",
        "DATA_HUB | [CDH] [ERROR]: Decrypt Image (UnwrapKey) failed",
        "KEY_BROKER | kbs:///default/key/missing",
      })
  void aKeyThatTheyDoNotHaveOpensNothing(Place place, String why) {
    push(encrypted(Packing.GZIP, "default/key/missing", OF_OWNER));
    Run run = pull(place);
    assertEquals(5, run.status(), run.err());
    assertTrue(run.err().contains("no key opens it (provider.attestation-agent: "), run.err());
    assertTrue(run.err().contains(why), run.err());
    assertFalse(Files.exists(directory.resolve("bundle")));
  }

  @ParameterizedTest
  @EnumSource
  void anotherKeyOfTheSameNameOpensNothing(Place place) {
    byte[] other = place.key().clone();
    other[31] ^= 1;
    push(encrypted(Packing.GZIP, KEY, other));
    Run run = pull(place);
    assertEquals(5, run.status(), run.err());
    assertFalse(Files.exists(directory.resolve("bundle")));
  }

  @ParameterizedTest
  @EnumSource
  void aLayerThatWasChangedIsRefused(Place place) {
    BuiltImage image = push(encrypted(Packing.GZIP, KEY, place.key()));
    BuiltBlob layer = image.layers().getLast();
    byte[] changed = layer.bytes().clone();
    changed[40] ^= 1;
    registry.plan("/blobs/" + layer.digest(), 9, Fault.body(changed));
    Run run = pull(place);
    assertEquals(6, run.status(), run.err());
    assertFalse(Files.exists(directory.resolve("bundle")));
  }
}
