package io.sealift.bundle;

import io.sealift.failure.ImageException;
import io.sealift.policy.Admitted;
import io.sealift.snapshot.RootFiles;
import java.nio.file.Path;

/// Writes `config.json` by the rules that turn an image config into a runtime config (OCI image
/// specification, conversion.md).
public final class BundleWriter {

  private final BundleOptions options;

  public BundleWriter(BundleOptions options) {
    this.options = options;
  }

  /// Refuses early what {@link #write} would refuse late, before anything is fetched or mounted: a
  /// `rootfs` that is not empty, a `config.json` that may not give way.
  public void check(Path directory) throws ImageException {
    throw new IllegalStateException(directory.toString() + options);
  }

  /// Makes the bundle's directory.
  ///
  /// @return where its root file system goes
  public Path prepare(Path directory) throws ImageException {
    throw new IllegalStateException(directory.toString());
  }

  /// Removes what {@link #prepare} and {@link #write} made, for a bundle that could not be
  /// completed.
  public void discard(Path directory) throws ImageException {
    throw new IllegalStateException(directory.toString());
  }

  /// Completes a bundle whose root file system is stacked already: makes the working directory and
  /// the volumes' mount points in it, resolves the user, and puts `config.json` in place at once.
  public Bundle write(Path directory, Admitted image, RootFiles root) throws ImageException {
    throw new IllegalStateException(directory.toString() + image.proofs() + root);
  }
}
