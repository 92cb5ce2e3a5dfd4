package io.sealift.pull;

import io.sealift.bundle.BundleOptions;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import java.nio.file.Path;

/// What is to be pulled, and where its bundle goes.
///
/// @param bundle a directory to make, or one without a `rootfs` and `config.json`
public record PullRequest(ImageName image, Path bundle, Platform platform, BundleOptions options) {

  /// For the platform that this process runs on, with the default options.
  public static PullRequest of(ImageName image, Path bundle) {
    return new PullRequest(image, bundle, Platform.host(), BundleOptions.DEFAULT);
  }
}
