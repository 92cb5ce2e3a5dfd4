package io.sealift.testing;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes images as an OCI image layout, into a directory or into a tar (OCI image specification,
/// image-layout.md). Blobs whose digest is not well formed are left out.
public final class LayoutWriter {

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final List<Map<String, Object>> entries = new ArrayList<>();

  public LayoutWriter() {
    files.put("oci-layout", TarMember.utf8("{\"imageLayoutVersion\":\"1.0.0\"}"));
  }

  /// An image without a name.
  public LayoutWriter add(BuiltImage image) {
    return add(image, Map.of());
  }

  /// An image with a name.
  public LayoutWriter add(BuiltImage image, String name) {
    return add(image, Map.of("org.opencontainers.image.ref.name", name));
  }

  public LayoutWriter add(BuiltImage image, Map<String, String> annotations) {
    entries.add(image.document().annotations(annotations).json());
    image.contents().forEach(this::blob);
    return this;
  }

  private void blob(String digest, byte[] bytes) {
    try {
      Digest parsed = Digest.parse(digest);
      file("blobs/" + parsed.algorithm().label() + "/" + parsed.hex(), bytes);
    } catch (UnsafeContentException noPath) {
      return;
    }
  }

  /// A file as it is; takes the place of what is written otherwise.
  public LayoutWriter file(String path, byte[] bytes) {
    files.put(path, bytes.clone());
    return this;
  }

  /// Writes into a directory, which is made.
  ///
  /// @return the directory
  public Path writeTo(Path directory) throws IOException {
    for (Map.Entry<String, byte[]> file : withIndex().entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.resolveSibling("."));
      Files.write(path, file.getValue());
    }
    return directory;
  }

  /// Writes a tar, index first as some tools do and blobs in the order in which they were added.
  ///
  /// @return the file
  public Path writeArchive(Path file) throws IOException {
    TarBuilder tar = new TarBuilder().directory("blobs/").directory("blobs/sha256/");
    withIndex().forEach(tar::file);
    return Files.write(file, tar.build());
  }

  private Map<String, byte[]> withIndex() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("schemaVersion", 2);
    json.put("manifests", entries);
    Map<String, byte[]> all = new LinkedHashMap<>();
    all.put("index.json", JsonWriter.compact(JsonValue.of(json)));
    all.putAll(files);
    return all;
  }
}
