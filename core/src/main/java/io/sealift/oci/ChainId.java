package io.sealift.oci;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// The identity of layers stacked on each other (OCI image specification, config.md, Layer
/// ChainID).
public record ChainId(Digest digest) {

  /// @param diffIds at least one, base first
  public static ChainId of(List<DiffId> diffIds) {
    Digest chain = diffIds.getFirst().digest();
    for (DiffId next : diffIds.subList(1, diffIds.size())) {
      chain = Sha256.of((chain + " " + next).getBytes(StandardCharsets.US_ASCII));
    }
    return new ChainId(chain);
  }

  @Override
  public String toString() {
    return digest.toString();
  }
}
