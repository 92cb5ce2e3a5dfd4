package io.sealift.testing.crypt;

import io.sealift.crypt.JcaCipher;
import io.sealift.crypt.LayerCipher;

class JcaCipherTest extends LayerCipherContract {

  @Override
  protected LayerCipher cipher() {
    return new JcaCipher();
  }
}
