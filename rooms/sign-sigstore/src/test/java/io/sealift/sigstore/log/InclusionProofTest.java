package io.sealift.sigstore.log;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.sigstore.TestLog;
import io.sealift.sigstore.certificate.Period;
import io.sealift.sigstore.crypto.Unproven;
import io.sealift.sigstore.crypto.VerifyingKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InclusionProofTest {

  private static final TestLog LOG = new TestLog();

  private static Log log() throws Unproven {
    return new Log(VerifyingKey.of(LOG.key.der(), "key"), Period.ALWAYS);
  }

  private static List<byte[]> leaves(int size) {
    List<byte[]> leaves = new ArrayList<>();
    for (int number = 0; number < size; number++) {
      leaves.add(new byte[] {(byte) number, 1});
    }
    return leaves;
  }

  private static InclusionProof proof(int index, int size) {
    List<byte[]> leaves = leaves(size);
    byte[] root = TestLog.root(leaves);
    return new InclusionProof(
        index, size, root, TestLog.path(index, leaves), LOG.checkpoint(size, root));
  }

  /// Trees of every shape up to a size, and every leaf of each.
  @Test
  void everyLeafOfEveryTreeIsProved() throws Exception {
    for (int size = 1; size <= 40; size++) {
      for (int index = 0; index < size; index++) {
        InclusionProof proof = proof(index, size);
        byte[] leaf = leaves(size).get(index);
        assertDoesNotThrow(() -> proof.check(leaf, log()), index + " of " + size);
      }
    }
  }

  @Test
  void noProofIsOneOfAnotherLeafOrPlace() throws Exception {
    for (int size = 2; size <= 12; size++) {
      for (int index = 0; index < size; index++) {
        InclusionProof good = proof(index, size);
        for (int other = 0; other < size; other++) {
          if (other != index) {
            byte[] leaf = leaves(size).get(other);
            assertThrows(Unproven.class, () -> good.check(leaf, log()));
            InclusionProof moved =
                new InclusionProof(other, size, good.root(), good.hashes(), good.checkpoint());
            byte[] own = leaves(size).get(index);
            assertThrows(Unproven.class, () -> moved.check(own, log()));
          }
        }
      }
    }
  }

  /// The hash of two neighbours is that of no leaf.
  @Test
  void nodesAreNoLeaves() throws Exception {
    List<byte[]> leaves = leaves(2);
    byte[] root = TestLog.root(leaves);
    byte[] inside = new byte[64];
    System.arraycopy(TestLog.root(leaves.subList(0, 1)), 0, inside, 0, 32);
    System.arraycopy(TestLog.root(leaves.subList(1, 2)), 0, inside, 32, 32);
    InclusionProof proof = new InclusionProof(0, 1, root, List.of(), LOG.checkpoint(1, root));
    assertEquals(
        "the inclusion proof does not lead to its root hash",
        assertThrows(Unproven.class, () -> proof.check(inside, log())).getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63})
  void aProofWithMoreHashesIsTooLong(int more) throws Exception {
    InclusionProof good = proof(3, 7);
    List<byte[]> hashes = new ArrayList<>(good.hashes());
    for (int number = 0; number < more; number++) {
      hashes.add(new byte[32]);
    }
    InclusionProof longer = new InclusionProof(3, 7, good.root(), hashes, good.checkpoint());
    assertEquals(
        "an inclusion proof that is too long",
        assertThrows(Unproven.class, () -> longer.check(leaves(7).get(3), log())).getMessage());
  }
}
