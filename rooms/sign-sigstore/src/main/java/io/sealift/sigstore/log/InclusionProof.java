package io.sealift.sigstore.log;

import io.sealift.sigstore.crypto.Digests;
import io.sealift.sigstore.crypto.Unproven;
import java.util.Arrays;
import java.util.List;

/// Why an entry is in a log: the hashes on its way to the root of the tree (RFC 6962, 2.1), and the
/// checkpoint in which the log says that this is its root.
///
/// @param index of the entry, 0 for the first
/// @param size entries of the tree
/// @param hashes of the neighbours, the leaf's first
/// @param checkpoint a signed note
@SuppressWarnings("ArrayRecordComponent")
public record InclusionProof(
    long index, long size, byte[] root, List<byte[]> hashes, String checkpoint) {

  private static final byte[] LEAF = {0};
  private static final byte[] NODE = {1};

  /// Bytes of a hash.
  private static final int HASH_BYTES = 32;

  public InclusionProof {
    hashes = List.copyOf(hashes);
  }

  /// Checks that the entry is in the log.
  ///
  /// @param body of the entry
  void check(byte[] body, Log log) throws Unproven {
    if (index < 0 || size <= index) {
      throw new Unproven("no entry %d in a log of %d entries".formatted(index, size));
    }
    if (hashes.stream().anyMatch(hash -> hash.length != HASH_BYTES)) {
      throw new Unproven("an inclusion proof with hashes that are none");
    }
    if (!Arrays.equals(root(body), root)) {
      throw new Unproven("the inclusion proof does not lead to its root hash");
    }
    Checkpoint.read(checkpoint).check(log, size, root);
  }

  /// Climbs the tree (RFC 9162, 2.1.3.2): where the node is a right child or the last of its row,
  /// its neighbour is on the left.
  private byte[] root(byte[] body) throws Unproven {
    byte[] hash = Digests.sha256(LEAF, body);
    long node = index;
    long last = size - 1;
    for (byte[] neighbour : hashes) {
      if (last == 0) {
        throw new Unproven("an inclusion proof that is too long");
      }
      if ((node & 1) == 1 || node == last) {
        hash = Digests.sha256(NODE, neighbour, hash);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        hash = Digests.sha256(NODE, hash, neighbour);
      }
      node >>= 1;
      last >>= 1;
    }
    if (last != 0) {
      throw new Unproven("an inclusion proof that is too short");
    }
    return hash;
  }
}
