package io.sealift.kbs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.WrappedKey;
import io.sealift.testing.guest.AnnotationPacket;
import io.sealift.testing.guest.InProcessDataHub;
import io.sealift.wire.guest.DataHub;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Layer keys that a data hub opens.
class HubKeysTest {

  private static final String KID = "kbs:///default/key/1";
  private static final byte[] OPTIONS = "{\"symkey\":\"…\"}".getBytes(UTF_8);
  private static final byte[] KEY = new byte[32];

  @TempDir private Path dir;

  private HubKeys keys() {
    return new HubKeys(new DataHub(dir.resolve("cdh.sock"), DataHub.TIMEOUT));
  }

  private static WrappedKey wrapped(byte[] key) {
    return new WrappedKey(
        "provider.attestation-agent",
        AnnotationPacket.gcm(KID, key, new byte[12], OPTIONS).build());
  }

  @Test
  void areOfOneScheme() {
    assertTrue(keys().knows("provider.attestation-agent"));
    assertFalse(keys().knows("provider.other"));
    assertFalse(keys().knows("jwe"));
    assertEquals(List.of(KID), keys().recipients(wrapped(KEY)));
  }

  @Test
  void areOpenedThere() throws Exception {
    try (InProcessDataHub hub = new InProcessDataHub(dir.resolve("cdh.sock"))) {
      hub.resource("default/key/1", KEY);
      assertArrayEquals(OPTIONS, keys().unwrap(wrapped(KEY)));
      assertTrue(
          hub.requests().getFirst().startsWith("{\"op\":\"keyunwrap\","), hub.requests()::toString);
      assertEquals(1, hub.requests().size());
    }
  }

  @Test
  void failWithTheWordsOfTheHub() throws Exception {
    try (InProcessDataHub _ = new InProcessDataHub(dir.resolve("cdh.sock"))) {
      KeyException failed = assertThrows(KeyException.class, () -> keys().unwrap(wrapped(KEY)));
      assertTrue(
          failed.reason().startsWith("ask the data hub: ")
              && failed.reason().endsWith("[CDH] [ERROR]: Decrypt Image (UnwrapKey) failed"),
          failed.reason());
    }
  }

  @Test
  void failWithoutAHub() {
    KeyException failed = assertThrows(KeyException.class, () -> keys().unwrap(wrapped(KEY)));
    assertTrue(failed.reason().startsWith("ask the data hub: connect to "), failed.reason());
  }
}
