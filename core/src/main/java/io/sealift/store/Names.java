package io.sealift.store;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.oci.ImageName;
import io.sealift.oci.Reference;
import io.sealift.verify.Hasher;
import io.sealift.verify.JcaHashing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The table of names: which manifest each logical name stands for. A file for each name, called by
/// the SHA-256 of the name, because names are longer than file names may be and hold `/`.
record Names(Layout layout, Disk disk) {

  /// Bytes of a name's file: the longest path that a name may have, escaped, and a digest.
  private static final int MAX_BYTES = 32 << 10;

  private static final String SUFFIX = ".json";

  static String fileName(String name) {
    return hash(name) + SUFFIX;
  }

  /// The hexadecimal SHA-256 of a text.
  static String hash(String text) {
    try (Hasher hasher = new JcaHashing().open(DigestAlgorithm.SHA256)) {
      hasher.update(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      return hasher.digest().hex();
    }
  }

  /// Every name with its manifest, in the order of the names.
  Map<String, Entry> all() throws StoreException {
    Map<String, Entry> names = new TreeMap<>();
    for (Path file : disk.list(layout.names())) {
      if (isName(file)) {
        read(file).ifPresent(entry -> names.put(entry.name(), entry));
      }
    }
    return names;
  }

  /// The name of what was found in a reference's repository.
  static String ofDigest(Reference reference, Digest digest) {
    return new ImageName.InRegistry(
            new Reference(reference.domain(), reference.path(), null, digest))
        .toString();
  }

  /// Whether a name says by a digest alone which image of a registry it means.
  static boolean isDigest(String name) {
    int at = name.indexOf('@');
    return name.startsWith("docker://")
        && at > 0
        && name.lastIndexOf(':', at) < name.lastIndexOf('/', at);
  }

  static boolean isName(Path file) {
    return file.getFileName().toString().matches("[0-9a-f]{64}\\.json");
  }

  /// What a name's file says; empty when it is gone.
  Optional<Entry> read(Path file) throws StoreException {
    byte[] bytes = disk.read(file, MAX_BYTES).orElse(null);
    if (bytes == null) {
      return Optional.empty();
    }
    try {
      JsonObject json = JsonReader.readObject(bytes, "name", JsonLimits.ofBytes(MAX_BYTES));
      Entry entry =
          new Entry(
              json.string("name"),
              Digest.parse(json.string("manifest")),
              json.bool("pinned", false));
      if (!file.endsWith(fileName(entry.name()))) {
        throw new UnsafeContentException("read name: this file is that of another name");
      }
      return Optional.of(entry);
    } catch (UnsafeContentException malformed) {
      throw Unsound.file(file, malformed);
    }
  }

  /// Makes a name stand for a manifest, and for no other one any more. A name that is pinned stays
  /// pinned. That it lasts is left to the caller's {@link Disk#sync}.
  void set(String name, Digest manifest, Staging staging) throws StoreException {
    write(new Entry(name, manifest, isPinned(name)), staging);
  }

  /// A name that cannot be read is about to be written anew.
  private boolean isPinned(String name) {
    try {
      return read(file(name)).map(Entry::pinned).orElse(false);
    } catch (StoreException unsound) {
      Store.log().log(
          System.Logger.Level.WARNING, "whether it was pinned is lost: " + unsound.getMessage());
      return false;
    }
  }

  void write(Entry entry, Staging staging) throws StoreException {
    Map<String, Object> json = new TreeMap<>();
    json.put("name", entry.name());
    json.put("manifest", entry.manifest().toString());
    if (entry.pinned()) {
      json.put("pinned", true);
    }
    staging.publish(file(entry.name()), JsonWriter.compact(JsonValue.of(json)));
  }

  void forget(String name) throws StoreException {
    disk.delete(file(name));
  }

  private Path file(String name) {
    return layout.names().resolve(fileName(name));
  }

  /// @param pinned whether collections spare the image, whatever its age and size
  record Entry(String name, Digest manifest, boolean pinned) {}
}
