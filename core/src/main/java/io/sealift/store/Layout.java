package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where things are in a store:
///
/// | path | what |
/// |---|---|
/// | `format` | the number of this layout |
/// | `lock` | bytes that are locked, see {@link StoreLock} and {@link Staging} |
/// | `blobs/ALG/HEX` | a manifest or config, as it was received |
/// | `layers/ALG/HEX/` | a layer by its diff_id: `tree/`, `split`, `layer.json` |
/// | `images/ALG/HEX.json` | an image by its manifest's digest |
/// | `names/HASH.json` | a name and the manifest it stands for, by the name's SHA-256 |
/// | `mounts/HASH.json`, `mounts/HASH/` | a root file system by its path's SHA-256, and its work directory |
/// | `staging/TOKEN/` | what one open store is making |
///
/// Digests and hashes are hexadecimal digits when they come in here, so no path leads out.
record Layout(Path root) {

  private static final String FORMAT = "1";

  /// What the file `format` holds.
  static final byte[] FORMAT_BYTES = (FORMAT + "\n").getBytes(StandardCharsets.US_ASCII);

  /// Bytes of the file `format`.
  private static final int MAX_FORMAT_BYTES = 64;

  /// What a new file system has in its root.
  private static final Set<String> FOREIGN = Set.of("lost+found");

  Path format() {
    return root.resolve("format");
  }

  Path lock() {
    return root.resolve("lock");
  }

  Path staging() {
    return root.resolve("staging");
  }

  Path names() {
    return root.resolve("names");
  }

  Path mounts() {
    return root.resolve("mounts");
  }

  /// The directory of all that are of a kind.
  Path directory(Kind kind) {
    return root.resolve(kind.directory);
  }

  /// The directory of one of the {@link Kind kinds} that are kept by digest.
  Path directory(Kind kind, DigestAlgorithm algorithm) {
    return directory(kind).resolve(algorithm.label());
  }

  Path file(Kind kind, Digest digest) {
    return directory(kind, digest.algorithm()).resolve(digest.hex() + kind.suffix);
  }

  /// The digest that a file of this kind has in its path; empty when it is none of the store's.
  static Optional<Digest> digest(Kind kind, DigestAlgorithm algorithm, Path file) {
    String name = file.getFileName().toString();
    if (!name.endsWith(kind.suffix)) {
      return Optional.empty();
    }
    String hex = name.substring(0, name.length() - kind.suffix.length());
    return hex.matches("[0-9a-f]{" + algorithm.hexLength() + "}")
        ? Optional.of(new Digest(algorithm, hex))
        : Optional.empty();
  }

  /// Makes what is missing, but the file `format`.
  void make(Disk disk) throws StoreException {
    refuseOthers(disk);
    disk.makeDirectories(root);
    for (Path directory : List.of(names(), mounts(), staging())) {
      disk.makeDirectory(directory);
    }
    for (Kind kind : Kind.values()) {
      disk.makeDirectory(directory(kind));
      for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
        disk.makeDirectory(directory(kind, algorithm));
      }
      disk.sync(directory(kind));
    }
    disk.touch(lock());
    disk.sync(root);
  }

  /// A directory of somebody else's is not to be filled with ours.
  private void refuseOthers(Disk disk) throws StoreException {
    Set<String> ours =
        Set.of("lock", "staging", "names", "mounts", "blobs", "layers", "images", "format");
    for (Path entry : disk.list(root)) {
      String name = entry.getFileName().toString();
      if (!ours.contains(name) && !FOREIGN.contains(name)) {
        throw new StoreException(
            "make store %s: expected an empty directory, found '%s' in it; choose another one with --work-dir"
                .formatted(root, name));
      }
    }
  }

  /// Whether there is a store, of a format that this version knows.
  boolean exists(Disk disk) throws StoreException {
    byte[] found = disk.read(format(), MAX_FORMAT_BYTES).orElse(null);
    if (found == null) {
      return false;
    }
    String number = new String(found, StandardCharsets.UTF_8).strip();
    if (!number.equals(FORMAT)) {
      throw new StoreException(
          "open store %s: format '%s', expected %s; use the version of this program that made it, or choose another store with --work-dir"
              .formatted(root, number.replaceAll("\\P{Graph}", "?"), FORMAT));
    }
    return true;
  }

  /// What is kept by digest.
  enum Kind {
    BLOB("blobs", ""),
    LAYER("layers", ""),
    IMAGE("images", ".json");

    final String directory;
    final String suffix;

    Kind(String directory, String suffix) {
      this.directory = directory;
      this.suffix = suffix;
    }
  }
}
