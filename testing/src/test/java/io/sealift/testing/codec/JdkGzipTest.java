package io.sealift.testing.codec;

import io.sealift.codec.Decompressor;
import io.sealift.codec.JdkGzip;

class JdkGzipTest extends GzipContract {

  @Override
  protected Decompressor decompressor() {
    return new JdkGzip();
  }
}
