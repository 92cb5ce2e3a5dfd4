package io.sealift.oci;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// The identity of layers stacked on each other (OCI image specification, config.md, Layer
/// ChainID).
public record ChainId(Digest digest) {

  /// @param diffIds at least one, base first
  public static ChainId of(List<DiffId> diffIds) {
    Digest chain = diffIds.getFirst().digest();
    for (DiffId next : diffIds.subList(1, diffIds.size())) {
      chain = sha256(chain + " " + next);
    }
    return new ChainId(chain);
  }

  private static Digest sha256(String text) {
    try {
      byte[] value =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
      return new Digest(DigestAlgorithm.SHA256, HexFormat.of().formatHex(value));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("this Java platform lacks SHA-256", missing);
    }
  }

  @Override
  public String toString() {
    return digest.toString();
  }
}
