package io.sealift.pull;

import io.sealift.codec.Decompressor;
import io.sealift.failure.ImageException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.policy.Admitted;
import io.sealift.policy.Policy;
import io.sealift.snapshot.Snapshotter;
import io.sealift.source.ImageSources;
import io.sealift.source.Resolved;
import io.sealift.unpack.UnpackLimits;
import io.sealift.verify.Hashing;
import io.sealift.verify.JcaHashing;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Pulls images: the six steps of an image's way, in order. Immutable and thread-safe; made by
/// {@link #builder}. Every operation is cancelled by interrupting its thread, and then leaves
/// nothing behind.
public final class ImageClient {

  private final Builder parts;

  private ImageClient(Builder parts) {
    this.parts = parts;
  }

  public static Builder builder() {
    return new Builder();
  }

  /// Finds an image without asking whether it may enter: for looking at it.
  public Resolved resolve(ImageName image, Platform platform)
      throws ImageException, InterruptedIOException {
    throw new IllegalStateException(image.toString() + platform + parts.workDir);
  }

  /// Finds an image and asks the policy.
  public Admitted admit(ImageName image, Platform platform)
      throws ImageException, InterruptedIOException {
    throw new IllegalStateException(image.toString() + platform);
  }

  /// Brings an image into the store and makes a bundle of it.
  public PullResult pull(PullRequest request, ProgressListener progress)
      throws ImageException, InterruptedIOException {
    throw new IllegalStateException(request.toString() + progress);
  }

  /// Unpacks an image into plain files at `directory`, which is made, or empty. The store is not
  /// touched; all or nothing.
  public UnpackResult unpack(
      ImageName image, Platform platform, Path directory, ProgressListener progress)
      throws ImageException, InterruptedIOException {
    throw new IllegalStateException(image.toString() + platform + directory + progress);
  }

  /// Names the parts of a client. Sources, policy, snapshotter and work directory have to be named;
  /// the rest has defaults.
  public static final class Builder {

    @Nullable ImageSources sources;
    @Nullable Policy policy;
    @Nullable Snapshotter snapshotter;
    @Nullable Path workDir;
    List<Decompressor> decompressors = List.of();
    Hashing hashing = new JcaHashing();
    UnpackLimits limits = UnpackLimits.DEFAULT;
    int concurrentLayers = 3;

    private Builder() {}

    /// Where images are found.
    public Builder sources(ImageSources value) {
      sources = value;
      return this;
    }

    /// Which images may enter.
    public Builder policy(Policy value) {
      policy = value;
      return this;
    }

    /// How layers are kept and stacked.
    public Builder snapshotter(Snapshotter value) {
      snapshotter = value;
      return this;
    }

    /// Where the store is; made when it is not there.
    public Builder workDir(Path value) {
      workDir = value;
      return this;
    }

    /// What takes compression away, the preferred one of each kind first.
    public Builder decompressors(List<Decompressor> value) {
      decompressors = List.copyOf(value);
      return this;
    }

    /// What computes digests.
    public Builder hashing(Hashing value) {
      hashing = value;
      return this;
    }

    /// Bounds on what layers unpack to.
    public Builder limits(UnpackLimits value) {
      limits = value;
      return this;
    }

    /// Layers that are fetched side by side, 1 to 64.
    public Builder concurrentLayers(int value) {
      concurrentLayers = value;
      return this;
    }

    public ImageClient build() {
      Objects.requireNonNull(sources, "sources");
      Objects.requireNonNull(policy, "policy");
      Objects.requireNonNull(snapshotter, "snapshotter");
      Objects.requireNonNull(workDir, "workDir");
      return new ImageClient(this);
    }
  }
}
