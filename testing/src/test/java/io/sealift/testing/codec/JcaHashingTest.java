package io.sealift.testing.codec;

import io.sealift.verify.Hashing;
import io.sealift.verify.JcaHashing;

class JcaHashingTest extends HashingContract {

  @Override
  protected Hashing hashing() {
    return new JcaHashing();
  }
}
