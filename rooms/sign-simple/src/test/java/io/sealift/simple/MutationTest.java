package io.sealift.simple;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Damage to good signatures. Nothing that is damaged ever says something else, and only what no
/// signature covers can be changed at all.
class MutationTest {

  private static final int MUTANTS = 4000;

  private static TestKey key;
  private static KeyRing ring;

  @BeforeAll
  static void makeKey() throws Exception {
    key = TestKey.usual();
    ring = Verdicts.ring(key.ring());
  }

  private static boolean isAccepted(byte[] message) {
    try {
      // That it makes the same claim is asserted there.
      assertEquals(key.fingerprint(), Verdicts.signer(message, ring));
      return true;
    } catch (WorthlessException refused) {
      return false;
    }
  }

  @Test
  void onlyBitsThatNoSignatureCoversCanBeFlipped() throws Exception {
    Signing.OnePass parts = key.signing().data(0, Verdicts.PAYLOAD);
    byte[] announcement = parts.announcement().getEncoded();
    byte[] literal = Messages.literal('b', Verdicts.PAYLOAD);
    byte[] signature = parts.signature().getEncoded();
    byte[] message = Messages.join(announcement, literal, signature);
    // Of literal data the format, the name without its length, and the date.
    int body = announcement.length + 6;
    Set<Integer> free = new TreeSet<>(Set.of(body));
    IntStream.range(2, 2 + 4 + 4).map(at -> body + at).forEach(free::add);
    // Of the signature the type of the unsigned issuer, and the two bytes of the digest behind it.
    int unsigned = unsigned(signature);
    int digest = unsigned + 2 + ByteBuffer.wrap(signature).getShort(unsigned);
    for (int at : new int[] {unsigned + 3, digest, digest + 1}) {
      free.add(announcement.length + literal.length + at);
    }
    assertEquals(free, flippable(message));
  }

  /// Where the length of the unsigned subpackets stands, behind the signed ones.
  private static int unsigned(byte[] signature) throws Exception {
    int body = signature.length - Messages.only(signature).body().length;
    return body + 6 + ByteBuffer.wrap(signature).getShort(body + 4);
  }

  private static Set<Integer> flippable(byte[] message) {
    Set<Integer> flippable = new TreeSet<>();
    for (int bit = 0; bit < 8 * message.length; bit++) {
      byte[] flipped = message.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      if (isAccepted(flipped)) {
        flippable.add(bit / 8);
      }
    }
    return flippable;
  }

  static Stream<byte[]> messages() throws Exception {
    byte[] onePass = Messages.signed(Verdicts.PAYLOAD, key.signing());
    return Stream.of(
        onePass,
        Messages.signatureFirst(Verdicts.PAYLOAD, key.signing()),
        Messages.compressed(0, onePass),
        Messages.compressed(1, onePass),
        Messages.compressed(2, onePass),
        Messages.compressed(3, onePass));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void noDamagedMessageSaysSomethingElse(byte[] message) {
    assertTrue(isAccepted(message));
    Random random = new Random(7);
    int accepted = 0;
    for (int i = 0; i < MUTANTS; i++) {
      byte[] mutant = mutant(message, random);
      accepted += !Arrays.equals(mutant, message) && isAccepted(mutant) ? 1 : 0;
    }
    assertTrue(accepted < MUTANTS / 20, accepted + " mutants were accepted");
  }

  @ParameterizedTest
  @MethodSource("messages")
  void noPartOfAMessageIsAccepted(byte[] message) {
    for (int length = 0; length < message.length; length++) {
      assertTrue(!isAccepted(Arrays.copyOf(message, length)), "the first " + length);
    }
  }

  /// Damaged keys are no keys of others: the signature is refused, or its key is what it was.
  @Test
  void noDamagedRingTrustsAnotherKey() throws Exception {
    byte[] message = Messages.signed(Verdicts.PAYLOAD, key.signing());
    byte[] stranger = Messages.signed(Verdicts.PAYLOAD, TestKey.usual().signing());
    Random random = new Random(8);
    for (int i = 0; i < MUTANTS; i++) {
      try {
        KeyRing damaged = Verdicts.ring(mutant(key.ring(), random));
        String verdict = Verdicts.of(message, damaged);
        assertTrue(
            !verdict.startsWith("signed by ") || verdict.equals("signed by " + key.fingerprint()),
            verdict);
        assertTrue(!Verdicts.of(stranger, damaged).startsWith("signed by "));
      } catch (WorthlessException noRing) {
        assertTrue(!String.valueOf(noRing.getMessage()).isEmpty());
      }
    }
  }

  /// One to four damages.
  private static byte[] mutant(byte[] bytes, Random random) {
    byte[] mutant = bytes.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(mutant.length);
      int length = 1 + random.nextInt(Math.min(16, mutant.length - at));
      int from = random.nextInt(mutant.length - length + 1);
      switch (random.nextInt(6)) {
        case 0 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> mutant[at] = (byte) random.nextInt();
        case 2 -> Arrays.fill(mutant, at, at + length, (byte) (random.nextBoolean() ? 0 : 0xff));
        case 3 -> System.arraycopy(mutant.clone(), from, mutant, at, length);
        case 4 ->
            mutant =
                Messages.join(
                    Arrays.copyOf(mutant, at),
                    Arrays.copyOfRange(mutant, at + length - 1, mutant.length));
        default ->
            mutant =
                Messages.join(
                    Arrays.copyOf(mutant, at),
                    Arrays.copyOfRange(mutant, from, from + length),
                    Arrays.copyOfRange(mutant, at, mutant.length));
      }
    }
    return mutant;
  }
}
