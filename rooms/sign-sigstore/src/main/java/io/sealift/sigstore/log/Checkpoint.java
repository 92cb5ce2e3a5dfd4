package io.sealift.sigstore.log;

import io.sealift.sigstore.crypto.Base64Text;
import io.sealift.sigstore.crypto.Unproven;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// A log's word about itself: how many entries it has and their root hash, as a signed note (C2SP,
/// tlog-checkpoint and signed-note):
///
/// ```text
/// rekor.sigstore.dev - 2605736670972794746
/// 23083062
/// dauhleYK4YyAdxwwDtR0l0KnSOWZdG2bwqHftlanvcI=
///
/// — rekor.sigstore.dev wNI9aj…
/// ```
final class Checkpoint {

  /// Characters of a note, and lines of signatures; witnesses add one each.
  private static final int MAX_LENGTH = 64 * 1024;

  private static final int MAX_SIGNATURES = 64;

  private static final String SIGNATURE = "\u2014 ";

  private final String text;
  private final String signatures;
  private final long size;
  private final byte[] root;

  private Checkpoint(String text, String signatures, long size, byte[] root) {
    this.text = text;
    this.signatures = signatures;
    this.size = size;
    this.root = root;
  }

  static Checkpoint read(String note) throws Unproven {
    int blank = note.indexOf("\n\n");
    if (note.length() > MAX_LENGTH || blank < 0) {
      throw new Unproven("a checkpoint that is no signed note");
    }
    String text = note.substring(0, blank + 1);
    List<String> lines = text.lines().toList();
    if (lines.size() < 3 || lines.getFirst().isEmpty()) {
      throw new Unproven("a checkpoint without origin, size and root hash");
    }
    byte[] root = Base64Text.decode(lines.get(2), "the checkpoint's root hash");
    return new Checkpoint(text, note.substring(blank + 2), size(lines.get(1)), root);
  }

  private static long size(String line) throws Unproven {
    if (!line.matches("[1-9][0-9]{0,17}")) {
      throw new Unproven("a checkpoint whose size is no number");
    }
    return Long.parseLong(line);
  }

  /// Checks that the log signed it, and that it is about a tree of this size and root.
  void check(Log log, long expectedSize, byte[] expectedRoot) throws Unproven {
    if (size != expectedSize) {
      throw new Unproven(
          "the checkpoint is about %d entries, the inclusion proof about %d"
              .formatted(size, expectedSize));
    }
    if (!Arrays.equals(root, expectedRoot)) {
      throw new Unproven("the checkpoint's root hash is not that of the inclusion proof");
    }
    for (String line : signatures.lines().limit(MAX_SIGNATURES).toList()) {
      if (isSigned(line, log)) {
        return;
      }
    }
    throw new Unproven("the checkpoint is signed by no log that the policy trusts");
  }

  private boolean isSigned(String line, Log log) throws Unproven {
    int space = line.lastIndexOf(' ');
    if (!line.startsWith(SIGNATURE) || space < SIGNATURE.length()) {
      throw new Unproven("a checkpoint with a line that is no signature");
    }
    String name = line.substring(SIGNATURE.length(), space);
    byte[] signature = Base64Text.decode(line.substring(space + 1), "a checkpoint's signature");
    if (signature.length <= Log.HINT_BYTES) {
      throw new Unproven("a checkpoint with a signature that is cut short");
    }
    byte[] bare = Arrays.copyOfRange(signature, Log.HINT_BYTES, signature.length);
    return log.isHinted(name, Arrays.copyOf(signature, Log.HINT_BYTES))
        && log.key().verifies(bare, text.getBytes(StandardCharsets.UTF_8));
  }
}
