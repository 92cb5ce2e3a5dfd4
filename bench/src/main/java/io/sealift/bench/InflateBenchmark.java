package io.sealift.bench;

import io.sealift.codec.Decompressor;
import io.sealift.codec.JdkGzip;
import io.sealift.linux.library.Isal;
import io.sealift.testing.codec.GzipMember;
import io.sealift.testing.codec.Samples;
import io.sealift.testing.codec.ZstdFrames;
import io.sealift.zstd.ZstdDecompressor;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A layer of 64 MiB inflated in pieces of 256 KiB, as a pull does it. The score times 64 is MiB of
/// plain bytes a second; run it with `-jvmArgs -XX:TieredStopAtLevel=1` too, as the command line
/// runs.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 2)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
public class InflateBenchmark {

  private static final int PLAIN_BYTES = 64 << 20;
  private static final int PIECE_BYTES = 256 << 10;

  /// What inflates.
  public enum Engine {
    JDK_GZIP,
    ISAL,
    LIBZSTD,
    ZSTD_JNI
  }

  @Param Engine engine = Engine.JDK_GZIP;

  private Decompressor decompressor = new JdkGzip();
  private ByteBuffer compressed = ByteBuffer.allocate(0);
  private final ByteBuffer output = ByteBuffer.allocateDirect(PIECE_BYTES);

  @Setup
  public void compress() {
    byte[] plain = Samples.mixed(PLAIN_BYTES);
    byte[] bytes =
        switch (engine) {
          case JDK_GZIP, ISAL -> GzipMember.of(plain).bytes();
          case LIBZSTD, ZSTD_JNI -> ZstdFrames.frame(plain);
        };
    compressed = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    decompressor =
        switch (engine) {
          case JDK_GZIP -> new JdkGzip();
          case ISAL -> Isal.load().found().orElseThrow();
          case LIBZSTD -> ZstdDecompressor.load().found().orElseThrow();
          case ZSTD_JNI -> ZstdDecompressor.loadBundled().found().orElseThrow();
        };
  }

  @Benchmark
  public long inflate() throws Exception {
    long total = 0;
    try (Decompressor.Stream stream = decompressor.open()) {
      for (int at = 0; at < compressed.limit(); at += PIECE_BYTES) {
        ByteBuffer input = compressed.slice(at, Math.min(PIECE_BYTES, compressed.limit() - at));
        do {
          stream.decompress(input, output.clear());
          total += output.position();
        } while (!output.hasRemaining() || input.hasRemaining());
      }
      stream.finish();
    }
    return total;
  }
}
