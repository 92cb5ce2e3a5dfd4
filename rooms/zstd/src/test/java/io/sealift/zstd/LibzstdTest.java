package io.sealift.zstd;

import io.sealift.codec.Decompressor;
import io.sealift.testing.codec.ZstdContract;
import org.junit.jupiter.api.Tag;

@Tag("peers")
class LibzstdTest extends ZstdContract {

  @Override
  protected Decompressor decompressor() {
    return ZstdDecompressor.load().found().orElseThrow();
  }
}
