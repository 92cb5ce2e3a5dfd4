package io.sealift.store;

import java.util.List;

/// What checking a store found.
///
/// @param images records that were checked
/// @param blobs manifests and configs whose digest was computed
/// @param layers layers that were checked
/// @param findings everything that is not as it should be; empty for a sound store
/// @param unproved what may be as it should be, but cannot be proved here
public record Check(
    int images, int blobs, int layers, List<Finding> findings, List<Unproved> unproved) {

  public Check {
    findings = List.copyOf(findings);
    unproved = List.copyOf(unproved);
  }

  /// Whether nothing was found that is not as it should be.
  public boolean clean() {
    return findings.isEmpty();
  }

  /// Whether everything is as it should be now.
  public boolean sound() {
    return findings.stream().allMatch(Finding::repaired);
  }

  /// Something that was not as it should be.
  ///
  /// @param subject which thing: `layer sha256:…`, `image sha256:…`, a path in the store
  /// @param wrong what is wrong with it
  /// @param remedy what to do about it, or what was done
  /// @param repaired whether it was done
  public record Finding(String subject, String wrong, String remedy, boolean repaired) {}

  /// Something that was checked as far as that goes, and nothing was found.
  ///
  /// @param subject which thing: `layer sha256:…`
  /// @param why what was not checked, and why
  public record Unproved(String subject, String why) {}
}
