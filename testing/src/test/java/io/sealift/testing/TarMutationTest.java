package io.sealift.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.UnpackLimits;
import io.sealift.unpack.Unpacker;
import java.io.ByteArrayOutputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Sound archives and splits with damage done to them: what comes out is a tree, or a refusal of
/// one line, and never anything else. The seeds are fixed; a failure names what it came from.
class TarMutationTest {

  private static final int ROUNDS = 150;

  /// Claims of size are worth no more than this, so that they cost nothing here.
  private static final UnpackLimits LIMITS =
      new UnpackLimits(4 << 20, 1 << 20, 1000, 1000, 64, 255, 4096, 1 << 16, 1 << 12, 256);

  static List<String> names() {
    return new ArrayList<>(SampleArchives.all().keySet());
  }

  @ParameterizedTest
  @MethodSource("names")
  void damagedArchivesAreRefusedOrUnpacked(String name) {
    byte[] sound = sound(name);
    Random random = new Random(name.hashCode());
    int[] outcomes = new int[2];
    for (int round = 0; round < ROUNDS; round++) {
      byte[] tar = damaged(sound, random);
      boolean whole =
          survives(
              name + " round " + round,
              UnsafeContentException.class,
              () -> {
                unpackAndRebuild(tar, 1 + random.nextInt(2000));
                return true;
              });
      outcomes[whole ? 1 : 0]++;
    }
    assertTrue(outcomes[0] > 0 || sound.length < 2048, name + " was never refused");
  }

  private static byte[] sound(String name) {
    return Objects.requireNonNull(SampleArchives.all().get(name));
  }

  private static void unpackAndRebuild(byte[] tar, int piece)
      throws ImageException, InterruptedIOException {
    try (MemorySink sink = new MemorySink()) {
      ByteArrayOutputStream split = new ByteArrayOutputStream();
      new Unpacker(LIMITS).unpack(Archives.input(tar, piece, true), sink, split);
      byte[] rebuilt;
      try {
        rebuilt = Archives.rebuild(split.toByteArray(), sink.tree(), LIMITS);
      } catch (IntegrityException replaced) {
        return; // A later entry took the place of a file.
      }
      assertTrue(rebuilt.length == tar.length, "rebuilt to another length");
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void damagedSplitsAreRefusedOrGiveAnotherTar(String name) throws Exception {
    Random random = new Random(name.hashCode());
    try (MemorySink sink = new MemorySink()) {
      byte[] split = Archives.split(sound(name), 4096, sink);
      for (int round = 0; round < ROUNDS; round++) {
        byte[] damaged = damaged(split, random);
        survives(
            name + " round " + round,
            IntegrityException.class,
            () -> {
              Archives.rebuild(damaged, sink.tree(), LIMITS);
              return true;
            });
      }
    }
  }

  private static boolean survives(
      String what, Class<? extends ImageException> refusal, Callable<Boolean> attempt) {
    try {
      return attempt.call();
    } catch (ImageException refused) {
      String message = refused.getMessage();
      assertTrue(refusal.isInstance(refused), what + ": " + refused);
      assertTrue(message.indexOf('\n') < 0 && message.length() < 1000, what + ": " + message);
      return false;
    } catch (Exception broken) {
      return fail(what, broken);
    }
  }

  private static byte[] damaged(byte[] sound, Random random) {
    byte[] bytes = sound.clone();
    for (int count = 1 + random.nextInt(3); count > 0 && bytes.length > 0; count--) {
      int at = random.nextInt(bytes.length);
      bytes =
          switch (random.nextInt(8)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> TarMember.concat(bytes, Arrays.copyOfRange(bytes, at, bytes.length));
            case 2 -> without(bytes, at, 1 + random.nextInt(600));
            default -> changed(bytes, at, random);
          };
    }
    return bytes;
  }

  private static byte[] without(byte[] bytes, int at, int count) {
    int end = Math.min(bytes.length, at + count);
    return TarMember.concat(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, end, bytes.length));
  }

  /// Changes a byte, mostly within a header or an extension, and makes the header's checksum right
  /// again, so that the damage gets beyond it.
  private static byte[] changed(byte[] bytes, int at, Random random) {
    int block = at / 512 * 512;
    byte[] interesting = {
      0, -1, (byte) 0x80, '7', '9', ' ', '=', '\n', '/', '.', 'x', 'L', 'S', '5'
    };
    bytes[at] =
        random.nextBoolean()
            ? (byte) random.nextInt(256)
            : interesting[random.nextInt(interesting.length)];
    if (block + 512 <= bytes.length && random.nextInt(4) > 0) {
      int sum = 0;
      Arrays.fill(bytes, block + 148, block + 156, (byte) ' ');
      for (int i = block; i < block + 512; i++) {
        sum += bytes[i] & 0xff;
      }
      byte[] text = "%06o\0 ".formatted(sum).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      System.arraycopy(text, 0, bytes, block + 148, 8);
    }
    return bytes;
  }
}
