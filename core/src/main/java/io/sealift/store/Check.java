package io.sealift.store;

import java.util.List;

/// What checking a store found.
///
/// @param images records that were checked
/// @param blobs manifests and configs whose digest was computed
/// @param layers layers whose tar was rebuilt
/// @param findings everything that is not as it should be; empty for a sound store
/// @param repaired whether the findings were repaired: what is broken was removed
public record Check(int images, int blobs, int layers, List<Finding> findings, boolean repaired) {

  public Check {
    findings = List.copyOf(findings);
  }

  public boolean clean() {
    return findings.isEmpty();
  }

  /// Something that is not as it should be.
  ///
  /// @param subject which thing: `layer sha256:…`, `image sha256:…`, a path below the store
  /// @param wrong what is wrong with it
  /// @param remedy what to do about it, or what was done
  public record Finding(String subject, String wrong, String remedy) {}
}
