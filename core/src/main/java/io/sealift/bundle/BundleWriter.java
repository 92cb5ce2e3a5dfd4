package io.sealift.bundle;

import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.oci.Execution;
import io.sealift.oci.ImageConfig;
import io.sealift.policy.Admitted;
import io.sealift.snapshot.RootFiles;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.UnpackLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes bundles: {@link #check}, {@link #prepare}, then {@link #write}, or {@link #discard} when
/// something between them failed. For one bundle, on one thread at a time.
public final class BundleWriter {

  /// Bytes of `/etc/passwd` and `/etc/group`; those of large sites stay below.
  private static final int MAX_ACCOUNT_BYTES = 16 * 1024 * 1024;

  /// As long as the image's files are not known.
  private static final UserResolver.Identity NOBODY_YET =
      new UserResolver.Identity(0, 0, List.of());

  private final BundleOptions options;
  private final BundleFiles files = new BundleFiles();

  public BundleWriter(BundleOptions options) {
    this.options = options;
  }

  /// Refuses early what {@link #write} would refuse late, before anything is fetched or mounted: a
  /// `rootfs` that is not empty, a `config.json` that is no file.
  public void check(Path directory) throws ImageException {
    files.check(new Bundle(directory), options.replace());
  }

  /// The same for what is known of the image before its layers are: settings that cannot be
  /// written, a `config.json` that is another one. Its user is compared in the end, because what a
  /// name means depends on the image's files.
  public void check(Path directory, Admitted image) throws ImageException {
    byte[] json = runtimeConfig(image.image().config(), NOBODY_YET).json();
    Path config = new Bundle(directory).config();
    byte[] there = options.replace() ? null : files.read(config);
    if (there != null && !sameButForTheUser(there, json)) {
      throw BundleFiles.another(config);
    }
  }

  private static boolean sameButForTheUser(byte[] one, byte[] other) {
    try {
      return withoutUser(one).equals(withoutUser(other));
    } catch (UnsafeContentException malformed) {
      return false;
    }
  }

  private static Map<String, JsonValue> withoutUser(byte[] config) throws UnsafeContentException {
    JsonObject json =
        JsonReader.readObject(
            config, "config.json", JsonLimits.ofBytes(BundleFiles.MAX_CONFIG_BYTES));
    Map<String, JsonValue> process = new HashMap<>(json.object("process").members());
    process.remove("user");
    Map<String, JsonValue> members = new HashMap<>(json.members());
    members.put("process", new JsonObject("", process));
    return members;
  }

  /// Makes the bundle's directory.
  public void prepare(Path directory) throws ImageException {
    files.make(directory);
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
    Accounts accounts = new Accounts(path -> root.read(path(path), MAX_ACCOUNT_BYTES));
    UserResolver.Identity identity =
        new UserResolver(accounts, options.profile()).resolve(image.execution().user());
    RuntimeConfig config = runtimeConfig(image, identity);
    byte[] json = config.json();
    makeDirectory(root, config.workingDirectory(), "working directory");
    for (String volume : config.volumes()) {
      makeDirectory(root, volume, "volume");
    }
    return json;
  }

  private RuntimeConfig runtimeConfig(ImageConfig image, UserResolver.Identity identity)
      throws ImageException {
    Execution execution = image.execution();
    return new RuntimeConfig(
        options,
        image,
        identity,
        Destinations.workingDirectory(execution.workingDir()),
        Destinations.volumes(execution.volumes()));
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
