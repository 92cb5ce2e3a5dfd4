package io.sealift.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealift.crypt.JcaCipher;
import io.sealift.crypt.KeyException;
import io.sealift.crypt.LayerCipher;
import io.sealift.crypt.LayerKey;
import io.sealift.linux.library.Libcrypto;
import io.sealift.testing.codec.Samples;
import java.nio.ByteBuffer;
import java.util.Base64;
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

/// Decrypts 64 MiB, HMAC included, in pieces of several sizes: the largest is two passes over
/// memory, the smaller ones are one over what is in the processor's cache. The score times 64 is
/// MiB a second; run it with `-jvmArgs -XX:TieredStopAtLevel=1` too, as the command line runs.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 2)
@Fork(value = 1, jvmArgs = "--enable-native-access=ALL-UNNAMED")
public class CipherBenchmark {

  private static final int TOTAL_BYTES = 64 << 20;

  /// What computes.
  public enum Engine {
    JCA,
    LIBCRYPTO
  }

  @Param Engine engine = Engine.JCA;

  @Param({"16384", "65536", "262144", "67108864"})
  int pieceBytes = 65_536;

  private LayerCipher cipher = new JcaCipher();
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(TOTAL_BYTES);

  @Setup
  public void fill() {
    bytes.clear().put(Samples.mixed(TOTAL_BYTES)).flip();
    cipher =
        switch (engine) {
          case JCA -> new JcaCipher();
          case LIBCRYPTO -> Libcrypto.loadCipher().found().orElseThrow();
        };
  }

  private static LayerKey key() throws KeyException {
    String options =
        "{\"symkey\":\"%s\",\"digest\":\"\",\"cipheroptions\":{\"nonce\":\"%s\"}}"
            .formatted(base64(new byte[32]), base64(new byte[16]));
    return LayerKey.parse(options.getBytes(US_ASCII));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Benchmark
  public byte[] decrypt() throws KeyException {
    try (LayerKey key = key();
        LayerCipher.Stream stream = cipher.open(key)) {
      for (int at = 0; at < TOTAL_BYTES; at += pieceBytes) {
        stream.decrypt(bytes.slice(at, pieceBytes));
      }
      return stream.hmac();
    }
  }
}
