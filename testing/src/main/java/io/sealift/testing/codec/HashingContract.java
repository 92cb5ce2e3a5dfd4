package io.sealift.testing.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.verify.Hasher;
import io.sealift.verify.Hashing;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What every {@link Hashing} does. Inherit it for each implementation.
public abstract class HashingContract {

  private static final byte[] BYTES = Samples.mixed(100_000);

  /// The implementation under test.
  protected abstract Hashing hashing();

  @Test
  public void isNamed() {
    assertFalse(hashing().name().isBlank());
  }

  /// Values of FIPS 180-4's examples.
  @ParameterizedTest
  @CsvSource({
    "SHA256, '', e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "SHA256, abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "SHA384, '', 38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fb"
        + "d51ad2f14898b95b",
    "SHA384, abc, cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2"
        + "358baeca134c825a7",
    "SHA512, '', cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0"
        + "ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
    "SHA512, abc, ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a"
        + "836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  })
  public void givesKnownValues(DigestAlgorithm algorithm, String text, String hex) {
    assertEquals(
        new Digest(algorithm, hex), digest(algorithm, ByteBuffer.wrap(text.getBytes(US_ASCII))));
  }

  @ParameterizedTest
  @EnumSource
  public void hashesDirectAndHeapAndReadOnlyBuffers(DigestAlgorithm algorithm) throws Exception {
    Digest expected = expected(algorithm, BYTES);
    ByteBuffer direct = DecompressorContract.direct(BYTES);
    assertEquals(expected, digest(algorithm, ByteBuffer.wrap(BYTES)));
    assertEquals(expected, digest(algorithm, ByteBuffer.wrap(BYTES).asReadOnlyBuffer()));
    assertEquals(expected, digest(algorithm, direct));
    assertEquals(expected, digest(algorithm, direct.clear().asReadOnlyBuffer()));
  }

  @ParameterizedTest
  @CsvSource({"SHA256, 1", "SHA256, 63", "SHA256, 64", "SHA384, 129", "SHA512, 4097"})
  public void hashesPieces(DigestAlgorithm algorithm, int piece) throws Exception {
    ByteBuffer direct = DecompressorContract.direct(BYTES);
    try (Hasher hasher = hashing().open(algorithm)) {
      for (int at = 0; at < BYTES.length; at += piece) {
        int length = Math.min(piece, BYTES.length - at);
        boolean fromHeap = at / piece % 2 == 0;
        hasher.update(fromHeap ? ByteBuffer.wrap(BYTES, at, length) : direct.slice(at, length));
        hasher.update(ByteBuffer.allocate(0));
        hasher.update(ByteBuffer.allocateDirect(0));
      }
      assertEquals(expected(algorithm, BYTES), hasher.digest());
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  public void takesWhatIsBetweenPositionAndLimit(boolean isDirect) throws Exception {
    ByteBuffer buffer = isDirect ? DecompressorContract.direct(BYTES) : ByteBuffer.wrap(BYTES);
    buffer.position(1000).limit(90_000);
    Digest actual = digest(DigestAlgorithm.SHA256, buffer);
    assertEquals(expected(DigestAlgorithm.SHA256, Arrays.copyOfRange(BYTES, 1000, 90_000)), actual);
    assertEquals(90_000, buffer.position());
    assertEquals(90_000, buffer.limit());
  }

  @Test
  public void closesTwiceAndWithoutADigest() {
    Hasher hasher = hashing().open(DigestAlgorithm.SHA512);
    hasher.update(ByteBuffer.wrap(BYTES));
    hasher.close();
    hasher.close();
  }

  @Test
  public void closesAfterTheDigest() {
    Hasher hasher = hashing().open(DigestAlgorithm.SHA256);
    Digest digest = hasher.digest();
    hasher.close();
    hasher.close();
    assertEquals("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", digest.hex());
  }

  @Test
  public void movesFromThreadToThread() throws Exception {
    try (ExecutorService first = Executors.newSingleThreadExecutor();
        ExecutorService second = Executors.newSingleThreadExecutor()) {
      Hasher hasher = first.submit(() -> hashing().open(DigestAlgorithm.SHA256)).get();
      second.submit(() -> hasher.update(ByteBuffer.wrap(BYTES))).get();
      Digest digest = first.submit(hasher::digest).get();
      second.submit(hasher::close).get();
      assertEquals(expected(DigestAlgorithm.SHA256, BYTES), digest);
    }
  }

  @Test
  public void keepsHashersApart() throws Exception {
    byte[] half = Arrays.copyOf(BYTES, BYTES.length / 2);
    try (Hasher whole = hashing().open(DigestAlgorithm.SHA256);
        Hasher part = hashing().open(DigestAlgorithm.SHA256)) {
      whole.update(ByteBuffer.wrap(half));
      part.update(ByteBuffer.wrap(half));
      whole.update(ByteBuffer.wrap(BYTES, half.length, BYTES.length - half.length));
      assertEquals(expected(DigestAlgorithm.SHA256, BYTES), whole.digest());
      assertEquals(expected(DigestAlgorithm.SHA256, half), part.digest());
    }
  }

  private Digest digest(DigestAlgorithm algorithm, ByteBuffer bytes) {
    try (Hasher hasher = hashing().open(algorithm)) {
      hasher.update(bytes);
      return hasher.digest();
    }
  }

  private static Digest expected(DigestAlgorithm algorithm, byte[] bytes) throws Exception {
    return new Digest(
        algorithm,
        HexFormat.of().formatHex(MessageDigest.getInstance(algorithm.javaName()).digest(bytes)));
  }
}
