package io.sealift.linux.library;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.oci.DigestAlgorithm;
import io.sealift.testing.codec.HashingContract;
import io.sealift.verify.Hasher;
import io.sealift.verify.Hashing;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("peers")
class LibcryptoTest extends HashingContract {

  @Override
  protected Hashing hashing() {
    return Libcrypto.load().found().orElseThrow();
  }

  @Test
  void refusesToTouchFreedMemory() {
    Hasher hasher = hashing().open(DigestAlgorithm.SHA256);
    hasher.close();
    assertThrows(IllegalStateException.class, () -> hasher.update(ByteBuffer.allocateDirect(1)));
    assertThrows(IllegalStateException.class, hasher::digest);
  }
}
