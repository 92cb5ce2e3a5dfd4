package io.sealift.zstd;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.sealift.failure.IntegrityException;
import java.nio.ByteBuffer;

/// Frames decoded by the libzstd inside zstd-jni.
final class ZstdJniFrames implements FrameDecoder {

  private final ZstdDecompressCtx context = new ZstdDecompressCtx();

  @Override
  public boolean decode(ByteBuffer input, ByteBuffer output) throws IntegrityException {
    try {
      return context.decompressDirectByteBufferStream(output, input);
    } catch (ZstdException malformed) {
      throw new IntegrityException(
          "inflate zstd: malformed frame: " + malformed.getMessage(), malformed);
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
