package io.sealift.store;

import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.DiffId;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.oci.Document;
import io.sealift.oci.ImageConfig;
import io.sealift.oci.Manifest;
import io.sealift.store.Layout.Kind;
import io.sealift.store.StoreLock.Held;
import io.sealift.verify.ExpectedBytes;
import io.sealift.verify.Hashing;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One pass over a store, from the things that need nothing to those that need others: blobs and
/// layers, images, names. What is found broken counts as absent for what comes after it, so
/// removing everything that is found leaves a valid store. Others may pull and collect meanwhile
/// when nothing is to be repaired; what came after its kind was looked at is looked at when an
/// image needs it.
final class StoreCheck {

  private final Layout layout;
  private final Disk disk;
  private final Images images;
  private final Layers layers;
  private final Mounts mounts;
  private final LayerCheck layerCheck;
  private final Hashing hashing;
  private final Findings findings;

  private final Set<Digest> soundBlobs = new HashSet<>();
  private final Set<Digest> brokenBlobs = new HashSet<>();
  private final Set<DiffId> soundLayers = new HashSet<>();
  private final Set<DiffId> brokenLayers = new HashSet<>();
  private final Set<Digest> soundImages = new HashSet<>();
  private final Set<Digest> brokenImages = new HashSet<>();
  private final Map<DiffId, Path> layersInUse = new HashMap<>();
  private int blobCount;
  private int layerCount;
  private int imageCount;

  StoreCheck(
      Layout layout,
      Disk disk,
      Images images,
      Layers layers,
      Mounts mounts,
      LayerCheck layerCheck,
      Hashing hashing,
      Findings findings) {
    this.layout = layout;
    this.disk = disk;
    this.images = images;
    this.layers = layers;
    this.mounts = mounts;
    this.layerCheck = layerCheck;
    this.hashing = hashing;
    this.findings = findings;
  }

  Check run() throws StoreException, InterruptedIOException {
    checkMounts();
    checkBlobs();
    checkLayers();
    checkImages();
    checkNames();
    return new Check(imageCount, blobCount, layerCount, findings.all(), findings.unproved());
  }

  private void checkMounts() throws StoreException {
    for (Path file : disk.list(layout.mounts())) {
      boolean work = file.getFileName().toString().matches("[0-9a-f]{64}");
      if (Mounts.isMount(file)) {
        try {
          mounts.read(file).ifPresent(this::use);
        } catch (StoreException unreadable) {
          findings.file(file, unreadable.getMessage(), "its root file system is unmounted by hand");
        }
      } else if (!work) {
        findings.stray(file);
      }
    }
  }

  private void use(MountFile mount) {
    mount.layers().forEach(layer -> layersInUse.put(layer, mount.rootfs()));
  }

  private void checkBlobs() throws StoreException, InterruptedIOException {
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      for (Path file : disk.list(layout.directory(Kind.BLOB, algorithm))) {
        Optional<Digest> digest = Layout.digest(Kind.BLOB, algorithm, file);
        if (digest.isEmpty()) {
          findings.stray(file);
        } else {
          stopWhenInterrupted();
          checkBlob(file, digest.get());
        }
      }
    }
  }

  private void checkBlob(Path file, Digest digest) throws StoreException {
    blobCount++;
    try {
      byte[] bytes = disk.read(file, Images.MAX_BLOB_BYTES).orElse(null);
      if (bytes != null) {
        new ExpectedBytes("blob", digest, ExpectedBytes.UNKNOWN_SIZE).check(bytes, hashing);
        soundBlobs.add(digest);
      }
    } catch (IntegrityException | StoreException broken) {
      brokenBlobs.add(digest);
      findings.file(file, broken.getMessage(), "images that need it are pulled again");
    }
  }

  private void checkLayers() throws StoreException, InterruptedIOException {
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      for (Path directory : disk.list(layout.directory(Kind.LAYER, algorithm))) {
        Optional<Digest> digest = Layout.digest(Kind.LAYER, algorithm, directory);
        if (digest.isEmpty()) {
          findings.stray(directory);
        } else {
          stopWhenInterrupted();
          checkLayer(new DiffId(digest.get()), directory);
        }
      }
    }
  }

  private void checkLayer(DiffId layer, Path directory)
      throws StoreException, InterruptedIOException {
    layerCount++;
    try (Held _ = Claims.share(mounts.locks(), layer.digest())) {
      StoredLayer stored = find(layer);
      if (stored != null) {
        String why = layerCheck.check(stored, directory);
        if (why != null) {
          findings.unproved(layer, why);
        }
        soundLayers.add(layer);
      }
    } catch (IntegrityException broken) {
      brokenLayers.add(layer);
      findings.layer(layer, directory, broken.getMessage(), layersInUse.get(layer));
    } catch (StoreException | UnsafeContentException unknown) {
      soundLayers.add(layer);
      findings.unchecked("layer " + layer, unknown.getMessage());
    } catch (ImageException unexpected) {
      throw new IllegalStateException(unexpected);
    }
  }

  /// The layer; null when someone removed it meanwhile.
  private @Nullable StoredLayer find(DiffId layer) throws IntegrityException {
    try {
      StoredLayer stored = layers.find(layer).orElse(null);
      if (stored == null && Files.exists(layers.directory(layer), LinkOption.NOFOLLOW_LINKS)) {
        throw new IntegrityException("its layer.json is missing");
      }
      return stored;
    } catch (StoreException unreadable) {
      throw new IntegrityException(unreadable.getMessage(), unreadable);
    }
  }

  private void checkImages() throws StoreException, InterruptedIOException {
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      for (Path file : disk.list(layout.directory(Kind.IMAGE, algorithm))) {
        Optional<Digest> digest = Layout.digest(Kind.IMAGE, algorithm, file);
        if (digest.isEmpty()) {
          findings.stray(file);
        } else {
          stopWhenInterrupted();
          imageCount++;
          checkImage(digest.get(), file);
        }
      }
    }
  }

  private void checkImage(Digest manifest, Path file)
      throws StoreException, InterruptedIOException {
    try {
      ImageRecord image = images.read(manifest, Map.of()).orElse(null);
      if (image != null) {
        checkWhole(image);
        soundImages.add(manifest);
      }
    } catch (ImageException broken) {
      // One that was forgotten meanwhile lost what it needs afterwards.
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        brokenImages.add(manifest);
        findings.image(manifest, file, broken.getMessage());
      }
    }
  }

  private void checkWhole(ImageRecord image) throws ImageException, InterruptedIOException {
    byte[] manifestBytes = soundBlob("manifest", image.manifestDigest());
    byte[] configBytes = soundBlob("config", image.imageId());
    if (!(Document.parse(manifestBytes, null) instanceof Manifest manifest)
        || !Set.of(manifest.config().digest()).contains(image.imageId())) {
      throw new UnsafeContentException("its manifest does not name config " + image.imageId());
    }
    if (!ImageConfig.parse(configBytes).diffIds().equals(image.layers())) {
      throw new UnsafeContentException("its layers are not the diff_ids of its config");
    }
    for (DiffId layer : image.layers()) {
      if (!soundLayers.contains(layer) && !brokenLayers.contains(layer)) {
        checkLayer(layer, layers.directory(layer));
      }

      if (!soundLayers.contains(layer)) {
        throw new StoreException("layer %s is broken or missing".formatted(layer));
      }
    }
  }

  private byte[] soundBlob(String what, Digest digest) throws StoreException {
    if (!soundBlobs.contains(digest) && !brokenBlobs.contains(digest)) {
      checkBlob(layout.file(Kind.BLOB, digest), digest);
    }
    Optional<byte[]> bytes = soundBlobs.contains(digest) ? images.blob(digest) : Optional.empty();
    return bytes.orElseThrow(
        () -> new StoreException("%s %s is broken or missing".formatted(what, digest)));
  }

  private void checkNames() throws StoreException {
    for (Path file : disk.list(layout.names())) {
      if (!Names.isName(file)) {
        findings.stray(file);
        continue;
      }
      try {
        Names.Entry entry = images.names().read(file).orElse(null);
        if (entry != null && !soundImages.contains(entry.manifest()) && isStill(file, entry)) {
          findings.file(
              file,
              "name %s stands for image %s, which is broken or missing"
                  .formatted(entry.name(), entry.manifest()),
              "the image is pulled again");
        }
      } catch (StoreException unreadable) {
        findings.file(file, unreadable.getMessage(), "the image is pulled again");
      }
    }
  }

  /// Whether a name that leads nowhere is no work of somebody who changes the store meanwhile.
  private boolean isStill(Path file, Names.Entry entry) throws StoreException {
    return brokenImages.contains(entry.manifest())
        || (images.names().read(file).filter(entry::equals).isPresent()
            && !Files.exists(layout.file(Kind.IMAGE, entry.manifest())));
  }

  static void stopWhenInterrupted() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("check store: interrupted");
    }
  }
}
