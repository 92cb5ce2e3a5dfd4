package io.sealift.zstd;

import io.sealift.failure.IntegrityException;
import io.sealift.linux.library.Libzstd;
import java.nio.ByteBuffer;

/// Frames decoded by the machine's libzstd.
record LibzstdFrames(Libzstd.Frames frames) implements FrameDecoder {

  @Override
  public boolean decode(ByteBuffer input, ByteBuffer output) throws IntegrityException {
    return frames.decode(input, output);
  }

  @Override
  public void close() {
    frames.close();
  }
}
