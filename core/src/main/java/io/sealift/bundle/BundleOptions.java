package io.sealift.bundle;

/// How a bundle is to differ from the default one.
///
/// @param readOnly whether the container may not write to its root (`root.readonly`)
/// @param profile whose defaults `config.json` begins with
/// @param replace whether another `config.json` that is there already gives way
public record BundleOptions(boolean readOnly, Profile profile, boolean replace) {

  public static final BundleOptions DEFAULT = new BundleOptions(true, Profile.IMAGE_RS, false);

  /// Whose defaults a `config.json` begins with, before the image's own settings.
  public enum Profile {
    /// Those of image-rs, which confidential guests expect.
    IMAGE_RS,
    /// Those of containerd.
    CONTAINERD
  }
}
