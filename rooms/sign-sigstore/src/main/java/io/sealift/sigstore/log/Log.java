package io.sealift.sigstore.log;

import io.sealift.sigstore.certificate.Period;
import io.sealift.sigstore.crypto.Digests;
import io.sealift.sigstore.crypto.VerifyingKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A transparency log whose word counts.
///
/// @param period when it was trusted
public record Log(VerifyingKey key, Period period) {

  /// Bytes of a key's hint in a signed note.
  static final int HINT_BYTES = 4;

  private static final int ED25519_BYTES = 32;

  /// Whether a line of a checkpoint with this name and hint may be by the log's key: the hint
  /// begins the SHA-256 of name and key for Ed25519, else of the key alone (C2SP, signed-note).
  boolean isHinted(String name, byte[] hint) {
    byte[] encoded = key.encoded();
    byte[] id =
        key.isEd25519()
            ? Digests.sha256(
                (name + "\n\1").getBytes(StandardCharsets.UTF_8),
                Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length))
            : key.id();
    return Arrays.equals(hint, Arrays.copyOf(id, HINT_BYTES));
  }
}
