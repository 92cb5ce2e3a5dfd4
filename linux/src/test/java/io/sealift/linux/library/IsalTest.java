package io.sealift.linux.library;

import io.sealift.codec.Decompressor;
import io.sealift.testing.codec.GzipContract;
import org.junit.jupiter.api.Tag;

@Tag("peers")
class IsalTest extends GzipContract {

  @Override
  protected Decompressor decompressor() {
    return Isal.load().found().orElseThrow();
  }
}
