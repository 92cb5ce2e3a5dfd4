package io.sealift.bundle;

import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Execution;
import io.sealift.oci.ImageConfig;
import io.sealift.policy.Admitted;
import io.sealift.snapshot.RootFiles;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.UnpackLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Makes bundles: {@link #check}, {@link #prepare}, then {@link #write}, or {@link #discard} when
/// something between them failed. For one bundle, on one thread at a time.
public final class BundleWriter {

  /// Bytes of `/etc/passwd` and `/etc/group`; those of large sites stay below.
  private static final int MAX_ACCOUNT_BYTES = 16 * 1024 * 1024;

  private final BundleOptions options;
  private final BundleFiles files = new BundleFiles();

  public BundleWriter(BundleOptions options) {
    this.options = options;
  }

  /// Refuses early what {@link #write} would refuse late, before anything is fetched or mounted: a
  /// `rootfs` that is not empty, a `config.json` that cannot be what would be written. One that may
  /// be is compared in the end, because what is written depends on the image's files.
  public void check(Path directory) throws ImageException {
    files.check(new Bundle(directory), options.replace());
  }

  /// Makes the bundle's directory.
  ///
  /// @return where its root file system goes
  public Path prepare(Path directory) throws ImageException {
    files.make(directory);
    return new Bundle(directory).rootfs();
  }

  /// Removes what {@link #prepare} and {@link #write} made, for a bundle that could not be
  /// completed, and a `rootfs` that is empty.
  public void discard(Path directory) throws ImageException {
    files.discard(new Bundle(directory));
  }

  /// Completes a bundle whose root file system is stacked already: makes the working directory and
  /// the volumes' mount points in it, resolves the user, and puts `config.json` in place at once. A
  /// `config.json` that is there already is right when it is the same to the byte.
  ///
  /// @throws UnsafeContentException when the image names a user that it does not know, or a path
  ///   that leads out of it
  public Bundle write(Path directory, Admitted image, RootFiles root) throws ImageException {
    ImageConfig config = image.image().config();
    byte[] json = config(config, root);
    Bundle bundle = new Bundle(directory);
    files.put(bundle.config(), json, options.replace());
    return bundle;
  }

  private byte[] config(ImageConfig image, RootFiles root) throws ImageException {
    Execution execution = image.execution();
    String workingDirectory = Destinations.workingDirectory(execution.workingDir());
    List<String> volumes = Destinations.volumes(execution.volumes());
    Accounts accounts = new Accounts(path -> root.read(path(path), MAX_ACCOUNT_BYTES));
    UserResolver.Identity identity =
        new UserResolver(accounts, options.profile()).resolve(execution.user());
    byte[] json = new RuntimeConfig(options, image, identity, workingDirectory, volumes).json();
    makeDirectory(root, workingDirectory, "working directory");
    for (String volume : volumes) {
      makeDirectory(root, volume, "volume");
    }
    return json;
  }

  private static void makeDirectory(RootFiles root, String path, String what)
      throws StoreException, UnsafeContentException {
    try {
      root.makeDirectories(path(path));
    } catch (UnsafeContentException refused) {
      throw new UnsafeContentException(
          "make %s %s: %s".formatted(what, Quoted.of(path), refused.getMessage()), refused);
    }
  }

  private static LayerPath path(String text) throws UnsafeContentException {
    return LayerPath.of(text.getBytes(StandardCharsets.UTF_8), UnpackLimits.DEFAULT);
  }
}
