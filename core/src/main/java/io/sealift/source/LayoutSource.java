package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonReader;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.Document;
import io.sealift.oci.Index;
import io.sealift.oci.MediaType;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An image in an OCI image layout (OCI image specification, image-layout.md): a directory, or a
/// tar file that is read in place.
public final class LayoutSource implements ImageSource, LayerSource.Ranged {

  /// Where a layout's entries have their names.
  private static final List<String> NAME_ANNOTATIONS =
      List.of("org.opencontainers.image.ref.name", "io.containerd.image.name");

  /// Bytes of the file `oci-layout`, which holds one short member.
  private static final int MAX_HEADER_BYTES = 4096;

  /// Most documents are smaller.
  private static final int FIRST_READ_BYTES = 16 * 1024;

  private static final String VERSION = "1.0.0";

  private final LayoutFiles files;

  /// What the image may be called; empty when the layout holds only one.
  private final List<String> names;

  /// What the image has to be; null when it goes by its name.
  private final @Nullable Digest digest;

  private LayoutSource(LayoutFiles files, List<String> names, @Nullable Digest digest) {
    this.files = files;
    this.names = names;
    this.digest = digest;
  }

  /// The layout in a directory.
  ///
  /// @param name which of its images; null when it holds only one
  public static LayoutSource directory(Path directory, @Nullable String name)
      throws ImageException, InterruptedIOException {
    return checked(new LayoutSource(new DirectoryFiles(directory), listOf(name), null));
  }

  /// A layout directory as one of an image's places. By digest it gives what it has under that
  /// digest, named or not; otherwise the image of the first of the names that it has.
  public static LayoutSource directory(Place.Layout place)
      throws ImageException, InterruptedIOException {
    return checked(
        new LayoutSource(new DirectoryFiles(place.directory()), place.names(), place.digest()));
  }

  private static List<String> listOf(@Nullable String name) {
    return name == null ? List.of() : List.of(name);
  }

  /// The layout in a tar file.
  ///
  /// @param name which of its images; null when it holds only one
  public static LayoutSource archive(Path file, @Nullable String name)
      throws ImageException, InterruptedIOException {
    return checked(new LayoutSource(ArchiveFiles.index(file), listOf(name), null));
  }

  private static LayoutSource checked(LayoutSource source)
      throws ImageException, InterruptedIOException {
    try {
      source.checkHeader();
      return source;
    } catch (ImageException | InterruptedIOException refused) {
      source.close();
      throw refused;
    }
  }

  private void checkHeader() throws ImageException, InterruptedIOException {
    String version =
        JsonReader.readObject(
                read("oci-layout", MAX_HEADER_BYTES),
                "oci-layout of " + place(),
                JsonLimits.ofBytes(MAX_HEADER_BYTES))
            .string("imageLayoutVersion");
    if (!version.equals(VERSION)) {
      throw new UnsupportedImageException(
          "open %s: layout version '%s', expected %s".formatted(place(), version, VERSION));
    }
  }

  @Override
  public String place() {
    return files.place();
  }

  @Override
  public ManifestBytes manifest() throws ImageException, InterruptedIOException {
    if (digest != null) {
      return new ManifestBytes(read(path(digest), ManifestBytes.MAX_BYTES), null, digest);
    }
    return checked(entry(index()));
  }

  private Index index() throws ImageException, InterruptedIOException {
    byte[] bytes = read("index.json", ManifestBytes.MAX_BYTES);
    if (Document.parse(bytes, MediaType.OCI_INDEX) instanceof Index index) {
      return index;
    }
    throw new UnsafeContentException("open %s: index.json is no index".formatted(place()));
  }

  private ManifestBytes checked(Descriptor entry) throws ImageException, InterruptedIOException {
    ManifestBytes found = manifest(entry);
    if (found.bytes().length != entry.size()) {
      throw new IntegrityException(
          "verify manifest %s in %s: expected %d bytes, got %d"
              .formatted(entry.digest(), place(), entry.size(), found.bytes().length));
    }
    return found;
  }

  private Descriptor entry(Index index) throws NotFoundException {
    List<Descriptor> entries = index.manifests();
    String wanted = "expected one image";
    for (String name : names) {
      entries = index.manifests().stream().filter(entry -> isNamed(entry, name)).toList();
      wanted = "no single image named '" + String.join("' or '", names) + "'";
      if (!entries.isEmpty()) {
        break;
      }
    }
    if (entries.size() == 1) {
      return entries.getFirst();
    }
    throw new NotFoundException(
        "open %s: %s, found %d; names: %s"
            .formatted(place(), wanted, entries.size(), String.join(", ", names(index))));
  }

  private static boolean isNamed(Descriptor entry, String name) {
    return NAME_ANNOTATIONS.stream().anyMatch(key -> name.equals(entry.annotations().get(key)));
  }

  private static List<String> names(Index index) {
    List<String> names =
        index.manifests().stream()
            .flatMap(entry -> NAME_ANNOTATIONS.stream().map(entry.annotations()::get))
            .filter(Objects::nonNull)
            .limit(20)
            .toList();
    return names.isEmpty() ? List.of("none") : names;
  }

  @Override
  public ManifestBytes manifest(Descriptor child) throws ImageException, InterruptedIOException {
    byte[] bytes = read(path(child.digest()), ManifestBytes.MAX_BYTES);
    return new ManifestBytes(bytes, child.mediaType(), child.digest());
  }

  @Override
  public Optional<ManifestBytes> tagged(String tag) throws ImageException, InterruptedIOException {
    for (Descriptor entry : index().manifests()) {
      if (isNamed(entry, tag)) {
        return Optional.of(checked(entry));
      }
    }
    return Optional.empty();
  }

  @Override
  public List<Descriptor> referrers(Digest subject, int limit)
      throws ImageException, InterruptedIOException {
    return ReferrersTag.referrers(this, subject, limit);
  }

  @Override
  public List<byte[]> simpleSignatures(Digest manifest, int limit, int maxBytes) {
    return List.of();
  }

  @Override
  public BlobStream open(Descriptor blob) throws ImageException {
    return open(blob, 0);
  }

  @Override
  public BlobStream open(Descriptor blob, long offset) throws ImageException {
    return files.require(path(blob.digest()), offset);
  }

  private static String path(Digest digest) {
    return "blobs/" + digest.algorithm().label() + "/" + digest.hex();
  }

  private byte[] read(String path, int maxBytes) throws ImageException, InterruptedIOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.min(FIRST_READ_BYTES, maxBytes + 1));
    try (BlobStream stream = files.require(path, 0)) {
      while (stream.read(buffer) >= 0) {
        if (buffer.position() > maxBytes) {
          throw new UnsafeContentException(
              "read %s in %s: more than the %d bytes allowed".formatted(path, place(), maxBytes));
        }
        if (!buffer.hasRemaining()) {
          buffer =
              ByteBuffer.allocate(Math.min(2 * buffer.capacity(), maxBytes + 1)).put(buffer.flip());
        }
      }
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  @Override
  public void close() {
    files.close();
  }
}
