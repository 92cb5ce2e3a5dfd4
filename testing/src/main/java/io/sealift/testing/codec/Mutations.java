package io.sealift.testing.codec;

import java.util.Arrays;
import java.util.Random;

/// Damage to valid streams, the same for the same seed.
final class Mutations {

  private static final int[] PIECES = {1, 2, 7, 64, 300, 4096, 65_536};

  private final Random random;

  Mutations(long seed) {
    this.random = new Random(seed);
  }

  /// A size (bytes) of buffers.
  int piece() {
    return PIECES[random.nextInt(PIECES.length)];
  }

  /// The bytes with one to four damages.
  byte[] mutate(byte[] bytes) {
    byte[] mutated = bytes;
    for (int i = random.nextInt(4); i >= 0; i--) {
      mutated = mutateOnce(mutated);
    }
    return mutated;
  }

  private byte[] mutateOnce(byte[] bytes) {
    if (bytes.length < 2) {
      return new byte[] {(byte) random.nextInt(), (byte) random.nextInt()};
    }
    byte[] mutated = bytes.clone();
    int at = random.nextInt(bytes.length);
    int length = Math.min(1 + random.nextInt(16), bytes.length - at);
    switch (random.nextInt(7)) {
      case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> mutated[at] = (byte) random.nextInt();
      case 2 -> mutated[Math.min(at, random.nextInt(32))] = (byte) 0xff;
      case 3 -> Arrays.fill(mutated, at, at + length, (byte) (random.nextBoolean() ? 0 : 0xff));
      case 4 ->
          System.arraycopy(bytes, random.nextInt(bytes.length - length + 1), mutated, at, length);
      case 5 -> mutated = Arrays.copyOf(bytes, at);
      default ->
          mutated = DecompressorContract.join(bytes, Arrays.copyOfRange(bytes, at, bytes.length));
    }
    return mutated;
  }
}
