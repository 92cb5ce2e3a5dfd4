package io.sealift.zstd;

import io.sealift.codec.Decompressor;
import io.sealift.testing.codec.ZstdContract;

class BundledZstdTest extends ZstdContract {

  @Override
  protected Decompressor decompressor() {
    return ZstdDecompressor.loadBundled().found().orElseThrow();
  }
}
