package io.sealift.linux.library;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.crypt.LayerCipher;
import io.sealift.crypt.LayerKey;
import io.sealift.testing.crypt.LayerCipherContract;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("peers")
class LibcryptoCipherTest extends LayerCipherContract {

  @Override
  protected LayerCipher cipher() {
    return Libcrypto.loadCipher().found().orElseThrow();
  }

  @Test
  void refusesToTouchFreedMemory() throws Exception {
    String zeros = "A".repeat(43) + "=";
    LayerKey key =
        LayerKey.parse(
            "{\"symkey\":\"%s\",\"cipheroptions\":{\"nonce\":\"%s\"}}"
                .formatted(zeros, "A".repeat(22) + "==")
                .getBytes(UTF_8));
    LayerCipher.Stream stream = cipher().open(key);
    stream.close();
    stream.close();
    assertThrows(IllegalStateException.class, () -> stream.decrypt(ByteBuffer.allocateDirect(1)));
    assertThrows(IllegalStateException.class, stream::hmac);
  }
}
