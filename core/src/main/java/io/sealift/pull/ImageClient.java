package io.sealift.pull;

import io.sealift.browse.ImageListing;
import io.sealift.bundle.Bundle;
import io.sealift.bundle.BundleWriter;
import io.sealift.codec.Decompressor;
import io.sealift.codec.Decompressors;
import io.sealift.crypt.JcaCipher;
import io.sealift.crypt.LayerCipher;
import io.sealift.crypt.LayerKeys;
import io.sealift.failure.ImageException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.policy.Admitted;
import io.sealift.policy.Gatekeeper;
import io.sealift.policy.Policy;
import io.sealift.policy.Verdict;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.Snapshot;
import io.sealift.snapshot.Snapshotter;
import io.sealift.source.ImageSource;
import io.sealift.source.ImageSources;
import io.sealift.source.Resolved;
import io.sealift.source.Resolver;
import io.sealift.store.Mount;
import io.sealift.store.Store;
import io.sealift.store.StoredLayer;
import io.sealift.unpack.UnpackLimits;
import io.sealift.verify.Hashing;
import io.sealift.verify.JcaHashing;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Pulls images: the six steps of an image's way, in order. Immutable and thread-safe; made by
/// {@link #builder}. Every operation is cancelled by interrupting its thread, and then leaves
/// nothing behind.
public final class ImageClient {

  private final ImageSources sources;
  private final Gatekeeper gatekeeper;
  private final Snapshotter snapshotter;
  private final Path workDir;
  private final Decompressors decompressors;
  private final Hashing hashing;
  private final LayerKeys keys;
  private final LayerCipher cipher;
  private final UnpackLimits limits;
  private final int concurrentLayers;
  private final long storeLimit;
  private final LayerMemory memory;
  private final Resolver resolver;

  private ImageClient(Builder parts) {
    sources = Objects.requireNonNull(parts.sources, "sources");
    gatekeeper = Objects.requireNonNull(parts.gatekeeper, "gatekeeper");
    snapshotter = Objects.requireNonNull(parts.snapshotter, "snapshotter");
    workDir = Objects.requireNonNull(parts.workDir, "workDir");
    decompressors = new Decompressors(parts.decompressors);
    hashing = parts.hashing;
    keys = parts.keys;
    cipher = parts.cipher;
    limits = parts.limits;
    concurrentLayers = parts.concurrentLayers;
    storeLimit = parts.storeLimit;
    memory = parts.memory;
    resolver = new Resolver(hashing);
  }

  private ImageClient(ImageClient like, ImageSources sources) {
    this.sources = sources;
    gatekeeper = like.gatekeeper;
    snapshotter = like.snapshotter;
    workDir = like.workDir;
    decompressors = like.decompressors;
    hashing = like.hashing;
    keys = like.keys;
    cipher = like.cipher;
    limits = like.limits;
    concurrentLayers = like.concurrentLayers;
    storeLimit = like.storeLimit;
    memory = like.memory;
    resolver = like.resolver;
  }

  /// This client for images from elsewhere, such as a registry that somebody else signs in to. Both
  /// share one bound on memory.
  public ImageClient from(ImageSources others) {
    return new ImageClient(this, others);
  }

  public static Builder builder() {
    return new Builder();
  }

  /// Finds an image without asking whether it may enter: for looking at what it says of itself.
  public Resolved resolve(ImageName name, Platform platform)
      throws ImageException, InterruptedIOException {
    try (ImageSource source = sources.open(name)) {
      return resolver.resolve(name, source, platform);
    }
  }

  /// Finds an image and asks the policy, whatever the answer.
  ///
  /// @throws ImageException when the image is not found, or the policy cannot be read
  public Verdict judge(ImageName name, Platform platform)
      throws ImageException, InterruptedIOException {
    try (ImageSource source = sources.open(name)) {
      return gatekeeper.judge(resolver.resolve(name, source, platform), source);
    }
  }

  /// Brings an image into the store and makes a bundle of it. After a failure there is no bundle;
  /// layers that arrived whole stay in the store.
  public PullResult pull(PullRequest request, ProgressListener progress)
      throws ImageException, InterruptedIOException {
    BundleWriter bundles = new BundleWriter(request.options());
    try (ImageSource source = sources.open(request.image());
        Store store = Store.open(workDir, snapshotter)) {
      store.reclaim(new Bundle(request.bundle()).rootfs());
      bundles.check(request.bundle());
      Admitted admitted = admit(request.image(), source, request.platform(), progress);
      bundles.check(request.bundle(), admitted);
      StoredImage image = bringIn(admitted, source, store, progress);
      return stack(request, store, image, bundles);
    }
  }

  /// Brings an image into the store, and makes no bundle. After a failure the store has the image
  /// no more than before; layers that arrived whole stay in it.
  public StoredImage store(ImageName name, Platform platform, ProgressListener progress)
      throws ImageException, InterruptedIOException {
    try (ImageSource source = sources.open(name);
        Store store = Store.open(workDir, snapshotter)) {
      return bringIn(admit(name, source, platform, progress), source, store, progress);
    }
  }

  private StoredImage bringIn(
      Admitted admitted, ImageSource source, Store store, ProgressListener progress)
      throws ImageException, InterruptedIOException {
    store.claim(admitted);
    List<LayerReport> layers =
        new LayerIntake(
                store, store.room(admitted, storeLimit), snapshotter, workers(source), progress)
            .run(admitted);
    List<StoredLayer> stored = layers.stream().map(LayerReport::stored).toList();
    return new StoredImage(admitted, layers, store.record(admitted, stored));
  }

  private PullResult stack(
      PullRequest request, Store store, StoredImage image, BundleWriter bundles)
      throws ImageException, InterruptedIOException {
    Path rootfs = new Bundle(request.bundle()).rootfs();
    boolean done = false;
    Mount mount = store.mount(rootfs, image.record());
    try {
      bundles.prepare(request.bundle());
      Snapshot snapshot =
          snapshotter.stack(
              image.layers().stream().map(layer -> layer.stored().tree()).toList(),
              new Snapshotter.StackRequest(rootfs, mount.work()));
      Bundle bundle;
      try (RootFiles root = snapshotter.open(rootfs)) {
        bundle = bundles.write(request.bundle(), image.image(), root);
      }
      store.keep(mount.stackedBy(snapshot.snapshotter()));
      done = true;
      return new PullResult(image.image(), image.layers(), snapshot, bundle);
    } finally {
      if (!done) {
        store.unmount(rootfs);
        bundles.discard(request.bundle());
      }
    }
  }

  /// Takes the bundle of an earlier pull for what it is: complete, and of this image, which the
  /// policy lets in now. So a pull can be asked for again by who did not get the first answer. A
  /// `config.json` that is missing there is written. What is registered but not there any more, as
  /// after a reboot, is forgotten.
  ///
  /// @return empty when {@link #pull} is to be asked: no bundle is there, or not that one
  public Optional<Admitted> standing(PullRequest request, ProgressListener progress)
      throws ImageException, InterruptedIOException {
    try (Store store = Store.openExisting(workDir, snapshotter)) {
      StandingBundle bundle = StandingBundle.find(request, store, snapshotter).orElse(null);
      if (bundle == null) {
        return Optional.empty();
      }
      try (ImageSource source = sources.open(request.image())) {
        Admitted admitted = admit(request.image(), source, request.platform(), progress);
        return bundle.isOf(admitted) ? Optional.of(admitted) : Optional.empty();
      }
    }
  }

  /// Unpacks an image into plain files at `directory`, which is made, or empty. The store is not
  /// touched; all or nothing.
  public UnpackResult unpack(
      ImageName name, Platform platform, Path directory, ProgressListener progress)
      throws ImageException, InterruptedIOException {
    try (ImageSource source = sources.open(name)) {
      Admitted admitted = admit(name, source, platform, progress);
      return new Unpacking(snapshotter, workers(source), progress).run(admitted, directory);
    }
  }

  /// Lists the files of an image, without storing any. The policy has to let it in.
  public ImageListing list(ImageName name, Platform platform, ProgressListener progress)
      throws ImageException, InterruptedIOException {
    try (ImageSource source = sources.open(name)) {
      Admitted admitted = admit(name, source, platform, progress);
      return new Browsing(admitted, workers(source), limits, progress).list();
    }
  }

  /// Writes the content of one file of an image to `out`, after every byte of it was proved.
  ///
  /// @param path of the file in the image; symlinks are followed, never out of it
  /// @throws io.sealift.failure.NotFoundException when the image has no such file
  public void cat(
      ImageName name, Platform platform, byte[] path, OutputStream out, ProgressListener progress)
      throws ImageException, InterruptedIOException {
    try (ImageSource source = sources.open(name)) {
      Admitted admitted = admit(name, source, platform, progress);
      new Browsing(admitted, workers(source), limits, progress).cat(path, out);
    }
  }

  /// Finds an image, tells of it, and asks the policy.
  private Admitted admit(
      ImageName name, ImageSource source, Platform platform, ProgressListener progress)
      throws ImageException, InterruptedIOException {
    Resolved image = resolver.resolve(name, source, platform);
    progress.resolved(image);
    return gatekeeper.admit(image, source);
  }

  private LayerWorkers workers(ImageSource source) {
    return new LayerWorkers(
        concurrentLayers,
        new LayerPipeline(source, decompressors, hashing, keys, cipher, limits, memory));
  }

  /// Names the parts of a client. Sources, gatekeeper or policy, snapshotter and work directory
  /// have to be named; the rest has defaults.
  public static final class Builder {

    /// As in image-rs (`max_concurrent_layer_downloads_per_image`).
    public static final int CONCURRENT_LAYERS = 3;

    /// More layers side by side only take memory from each other.
    public static final int MAX_CONCURRENT_LAYERS = 64;

    private @Nullable ImageSources sources;
    private @Nullable Gatekeeper gatekeeper;
    private @Nullable Snapshotter snapshotter;
    private @Nullable Path workDir;
    private List<Decompressor> decompressors = List.of();
    private Hashing hashing = new JcaHashing();
    private LayerKeys keys = new LayerKeys(List.of());
    private LayerCipher cipher = new JcaCipher();
    private UnpackLimits limits = UnpackLimits.DEFAULT;
    private int concurrentLayers = CONCURRENT_LAYERS;
    private long storeLimit = Long.MAX_VALUE;
    private LayerMemory memory = new LayerMemory();

    private Builder() {}

    /// Where images are found.
    public Builder sources(ImageSources value) {
      sources = value;
      return this;
    }

    /// Which images may enter, by a policy that stays as it is and demands no signatures; where it
    /// does demand one, the image is refused.
    public Builder policy(Policy value) {
      return gatekeeper(Gatekeeper.withoutSignatures(() -> value));
    }

    /// Who decides which images may enter.
    public Builder gatekeeper(Gatekeeper value) {
      gatekeeper = value;
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

    /// What opens the keys of encrypted layers; nothing unless it is named.
    public Builder keys(LayerKeys value) {
      keys = value;
      return this;
    }

    /// What decrypts encrypted layers.
    public Builder cipher(LayerCipher value) {
      cipher = value;
      return this;
    }

    /// Bounds on what layers unpack to; a depth of 1 to {@link UnpackLimits#MAX_DEPTH}.
    public Builder limits(UnpackLimits value) {
      if (value.maxDepth() < 1 || value.maxDepth() > UnpackLimits.MAX_DEPTH) {
        throw new IllegalArgumentException(
            "set maxDepth: expected 1 to %d, found %d"
                .formatted(UnpackLimits.MAX_DEPTH, value.maxDepth()));
      }
      limits = value;
      return this;
    }

    /// Layers that are worked on side by side, 1 to 64.
    public Builder concurrentLayers(int value) {
      if (value < 1 || value > MAX_CONCURRENT_LAYERS) {
        throw new IllegalArgumentException(
            "expected 1 to " + MAX_CONCURRENT_LAYERS + " concurrent layers, got " + value);
      }
      concurrentLayers = value;
      return this;
    }

    /// Memory for layers on their way, which clients of one process may share. One of its own
    /// unless it is named.
    public Builder memory(LayerMemory value) {
      memory = value;
      return this;
    }

    /// Bytes that the layers of the store may have unpacked, counted in bytes of their tars; an
    /// image for which there is no room is refused. As many as its file system has room for unless
    /// it is named.
    public Builder storeLimit(long value) {
      if (value < 0) {
        throw new IllegalArgumentException("set storeLimit: expected 0 or more, found " + value);
      }
      storeLimit = value;
      return this;
    }

    public ImageClient build() {
      return new ImageClient(this);
    }
  }
}
