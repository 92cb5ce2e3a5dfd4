package io.sealift.store;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.oci.DiffId;
import io.sealift.oci.Digest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The file of a registered root file system.
///
/// ```json
/// {"rootfs":"/run/bundle/rootfs","manifest":"sha256:…","imageId":"sha256:…","layers":["sha256:…"],
///  "snapshotter":"overlay","owner":"0123456789abcd","kept":true}
/// ```
///
/// @param rootfs absolute
/// @param owner token of the open store that registered it, see {@link Staging}
/// @param kept whether it lives on without its owner
record MountFile(
    Path rootfs,
    Digest manifest,
    Digest imageId,
    List<DiffId> layers,
    String snapshotter,
    String owner,
    boolean kept) {

  /// Bytes of the file: a thousand layers and a path.
  static final int MAX_BYTES = 1 << 20;

  MountFile {
    layers = List.copyOf(layers);
  }

  /// @param by the name of the snapshotter that did it in the end
  MountFile asKept(String by) {
    return new MountFile(rootfs, manifest, imageId, layers, by, owner, true);
  }

  byte[] write() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rootfs", rootfs.toString());
    json.put("manifest", manifest.toString());
    json.put("imageId", imageId.toString());
    json.put("layers", layers.stream().map(DiffId::toString).toList());
    json.put("snapshotter", snapshotter);
    json.put("owner", owner);
    json.put("kept", kept);
    return JsonWriter.indented(JsonValue.of(json));
  }

  static MountFile read(byte[] bytes) throws UnsafeContentException {
    JsonObject json = JsonReader.readObject(bytes, "mount", JsonLimits.ofBytes(MAX_BYTES));
    List<DiffId> layers = new ArrayList<>();
    for (String layer : json.strings("layers")) {
      layers.add(new DiffId(Digest.parse(layer)));
    }
    return new MountFile(
        path(json.string("rootfs")),
        Digest.parse(json.string("manifest")),
        Digest.parse(json.string("imageId")),
        layers,
        json.string("snapshotter"),
        json.string("owner"),
        json.bool("kept", false));
  }

  private static Path path(String text) throws UnsafeContentException {
    try {
      Path path = Path.of(text);
      if (path.isAbsolute() && path.normalize().equals(path)) {
        return path;
      }
    } catch (InvalidPathException malformed) {
      throw new UnsafeContentException("read mount: /rootfs is not a path", malformed);
    }
    throw new UnsafeContentException(
        "read mount: /rootfs is not an absolute path without '.' and '..'");
  }
}
