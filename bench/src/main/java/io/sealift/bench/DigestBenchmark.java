package io.sealift.bench;

import io.sealift.linux.library.Libcrypto;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.testing.codec.Samples;
import io.sealift.verify.Hasher;
import io.sealift.verify.Hashing;
import io.sealift.verify.JcaHashing;
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

/// A digest of 64 MiB in pieces of 256 KiB. The score times 64 is MiB a second; run it with
/// `-jvmArgs -XX:TieredStopAtLevel=1` too, as the command line runs.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 2)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
public class DigestBenchmark {

  private static final int TOTAL_BYTES = 64 << 20;
  private static final int PIECE_BYTES = 256 << 10;

  /// What computes.
  public enum Engine {
    JCA,
    LIBCRYPTO
  }

  @Param Engine engine = Engine.JCA;

  @Param({"SHA256", "SHA512"})
  DigestAlgorithm algorithm = DigestAlgorithm.SHA256;

  private Hashing hashing = new JcaHashing();
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(TOTAL_BYTES);

  @Setup
  public void fill() {
    bytes.clear().put(Samples.mixed(TOTAL_BYTES)).flip();
    hashing =
        switch (engine) {
          case JCA -> new JcaHashing();
          case LIBCRYPTO -> Libcrypto.load().found().orElseThrow();
        };
  }

  @Benchmark
  public Digest digest() {
    try (Hasher hasher = hashing.open(algorithm)) {
      for (int at = 0; at < TOTAL_BYTES; at += PIECE_BYTES) {
        hasher.update(bytes.slice(at, PIECE_BYTES));
      }
      return hasher.digest();
    }
  }
}
