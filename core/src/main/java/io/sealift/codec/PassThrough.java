package io.sealift.codec;

import java.nio.ByteBuffer;

/// Takes nothing away: for layers that are plain tars, so that they run the way of all others.
public final class PassThrough implements Decompressor {

  @Override
  public Compression compression() {
    return Compression.NONE;
  }

  @Override
  public String name() {
    return "none";
  }

  @Override
  public Stream open() {
    return new Copy();
  }

  private static final class Copy implements Stream {

    @Override
    public void decompress(ByteBuffer input, ByteBuffer output) {
      int count = Math.min(input.remaining(), output.remaining());
      output.put(output.position(), input, input.position(), count);
      input.position(input.position() + count);
      output.position(output.position() + count);
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }
}
