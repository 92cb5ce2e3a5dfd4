package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.oci.ImageName;
import io.sealift.oci.Reference;
import io.sealift.policy.Admitted;
import io.sealift.snapshot.Snapshotter.Usage;
import io.sealift.source.Resolved;
import io.sealift.store.Layout.Kind;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The records of images, and their manifests and configs.
record Images(Layout layout, Disk disk, Names names) {

  /// Bytes of a manifest or config; none of more is admitted.
  static final int MAX_BLOB_BYTES = 4 << 20;

  /// Bytes that file systems give to a file at a time.
  private static final long BLOCK_BYTES = 4096;

  /// Every image, the one pulled last first.
  List<ImageRecord> all() throws StoreException {
    Map<String, Names.Entry> table = names.all();
    List<ImageRecord> images = new ArrayList<>();
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      for (Path file : disk.list(layout.directory(Kind.IMAGE, algorithm))) {
        Digest manifest = Layout.digest(Kind.IMAGE, algorithm, file).orElse(null);
        if (manifest != null) {
          read(manifest, table).ifPresent(images::add);
        }
      }
    }
    images.sort(Comparator.comparing(ImageRecord::pulled).reversed());
    return images;
  }

  /// The image with this manifest; empty when there is none.
  Optional<ImageRecord> read(Digest manifest, Map<String, Names.Entry> table)
      throws StoreException {
    Path file = layout.file(Kind.IMAGE, manifest);
    byte[] bytes = disk.read(file, ImageFile.MAX_BYTES).orElse(null);
    Instant stamped = disk.stamped(file).orElse(null);
    if (bytes == null || stamped == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(ImageFile.read(bytes, manifest, namesOf(manifest, table), stamped));
    } catch (UnsafeContentException malformed) {
      throw Unsound.file(file, malformed);
    }
  }

  private static List<Names.Entry> namesOf(Digest manifest, Map<String, Names.Entry> table) {
    String wanted = manifest.toString();
    return table.values().stream()
        .filter(entry -> entry.manifest().toString().equals(wanted))
        .toList();
  }

  /// Records an image: first what it needs, then itself, then its name, each of them durable before
  /// the next, so that whatever is seen is whole.
  ImageRecord record(Admitted admitted, List<StoredLayer> layers, Staging staging)
      throws StoreException {
    Resolved image = admitted.image();
    Digest manifest = image.manifestDigest();
    blob(image.imageId(), image.configBytes(), staging);
    blob(manifest, image.manifestBytes(), staging);
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    ImageRecord record =
        new ImageRecord(
            manifest,
            image.imageId(),
            List.of(),
            List.of(),
            layers.stream().map(StoredLayer::diffId).toList(),
            image.layers().stream().mapToLong(layer -> layer.size()).sum(),
            layers.stream().mapToLong(StoredLayer::tarBytes).sum(),
            now,
            now,
            false,
            admissions(admitted));
    staging.publish(layout.file(Kind.IMAGE, manifest), ImageFile.write(record));
    disk.sync(layout.directory(Kind.IMAGE, manifest.algorithm()));
    for (String name : names(image)) {
      names.set(name, manifest, staging);
    }
    disk.sync(layout.names());
    return read(manifest, names.all()).orElse(record);
  }

  /// The name that was asked for, and the one by digest that stays when the first is given to
  /// another image.
  private static Set<String> names(Resolved image) {
    Set<String> names = new LinkedHashSet<>();
    if (image.name() instanceof ImageName.InRegistry(Reference reference)) {
      names.add(Names.ofDigest(reference, image.rootDigest()));
    }
    names.add(image.name().toString());
    return names;
  }

  /// This admission before the earlier ones of the same image. A record that cannot be read gives
  /// way to the new one.
  private List<Admission> admissions(Admitted admitted) {
    List<Admission> admissions = new ArrayList<>(List.of(Admission.of(admitted)));
    try {
      read(admitted.image().manifestDigest(), Map.of())
          .ifPresent(before -> admissions.addAll(before.admissions()));
    } catch (StoreException unsound) {
      Store.log().log(
          System.Logger.Level.WARNING, "earlier admissions are lost: " + unsound.getMessage());
    }
    return admissions;
  }

  /// Puts a blob where it belongs unless these very bytes are there.
  private void blob(Digest digest, byte[] bytes, Staging staging) throws StoreException {
    Path file = layout.file(Kind.BLOB, digest);
    byte[] found = disk.read(file, MAX_BLOB_BYTES).orElse(null);
    if (!Arrays.equals(found, bytes)) {
      staging.publish(file, bytes);
      disk.sync(layout.directory(Kind.BLOB, digest.algorithm()));
    }
  }

  /// Pins the names that an image has now, those by digest only when it has no others; or lets all
  /// of them go.
  void pin(ImageRecord image, boolean pinned, Staging staging) throws StoreException {
    List<Names.Entry> entries = namesOf(image.manifestDigest(), names.all());
    boolean tagged = entries.stream().anyMatch(entry -> !Names.isDigest(entry.name()));
    for (Names.Entry entry : entries) {
      boolean skipped = pinned && tagged && Names.isDigest(entry.name());
      if (!skipped && entry.pinned() != pinned) {
        names.write(new Names.Entry(entry.name(), entry.manifest(), pinned), staging);
      }
    }
    disk.sync(layout.names());
  }

  /// What manifests and configs take, in whole blocks.
  Usage documentsUsage() throws StoreException {
    long bytes = 0;
    long inodes = 0;
    for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
      for (Path file : disk.list(layout.directory(Kind.BLOB, algorithm))) {
        bytes += Math.ceilDiv(disk.size(file), BLOCK_BYTES) * BLOCK_BYTES;
        inodes++;
      }
    }
    return new Usage(bytes, inodes);
  }

  Optional<byte[]> blob(Digest digest) throws StoreException {
    return disk.read(layout.file(Kind.BLOB, digest), MAX_BLOB_BYTES);
  }

  /// Forgets an image: its names first, so that none leads nowhere.
  void forget(ImageRecord image) throws StoreException {
    Digest manifest = image.manifestDigest();
    for (Names.Entry name : namesOf(manifest, names.all())) {
      names.forget(name.name());
    }
    disk.sync(layout.names());
    disk.delete(layout.file(Kind.IMAGE, manifest));
    disk.sync(layout.directory(Kind.IMAGE, manifest.algorithm()));
  }
}
