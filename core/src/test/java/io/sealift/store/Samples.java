package io.sealift.store;

import io.sealift.failure.ImageException;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.oci.Descriptor;
import io.sealift.oci.DiffId;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.oci.ImageName;
import io.sealift.oci.MediaType;
import io.sealift.oci.Platform;
import io.sealift.policy.Admitted;
import io.sealift.policy.Gatekeeper;
import io.sealift.policy.Policy;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.source.ManifestBytes;
import io.sealift.source.Resolver;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.UnpackLimits;
import io.sealift.unpack.Unpacker;
import io.sealift.verify.Hasher;
import io.sealift.verify.JcaHashing;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Images that were let in, and layers to put into a store.
final class Samples {

  /// The tars of the layers that were asked for.
  private static final Map<DiffId, byte[]> TARS = new ConcurrentHashMap<>();

  private static final int END_OF_ARCHIVE_BYTES = 1024;

  private Samples() {}

  /// A layer that holds nothing; `label` stands behind the end of its tar.
  static DiffId layer(String label) {
    byte[] text = label.getBytes(StandardCharsets.UTF_8);
    byte[] tar = Arrays.copyOf(new byte[0], END_OF_ARCHIVE_BYTES + text.length);
    System.arraycopy(text, 0, tar, END_OF_ARCHIVE_BYTES, text.length);
    DiffId layer = new DiffId(digest(tar));
    TARS.put(layer, tar);
    return layer;
  }

  /// Unpacks a layer and commits it.
  static StoredLayer fill(LayerLease lease, DiffId layer)
      throws ImageException, InterruptedIOException {
    byte[] tar = Objects.requireNonNull(TARS.get(layer));
    Deque<ByteBuffer> pieces = new ArrayDeque<>(List.of(ByteBuffer.wrap(tar)));
    lease.tree();
    TreeSummary summary =
        new Unpacker(UnpackLimits.DEFAULT).unpack(pieces::poll, new ExpectedTree(), lease.split());
    return lease.commit(summary, tar.length, null);
  }

  static Digest digest(byte[] bytes) {
    try (Hasher hasher = new JcaHashing().open(DigestAlgorithm.SHA256)) {
      hasher.update(ByteBuffer.wrap(bytes));
      return hasher.digest();
    }
  }

  /// An image of these layers, admitted under this name. The same layers make the same image.
  static Admitted image(String name, List<DiffId> layers)
      throws ImageException, InterruptedIOException {
    Platform platform = new Platform("linux", "amd64", null);
    ImageSource source = new Source(layers);
    return Gatekeeper.withoutSignatures(() -> Policy.insecureAcceptAnything("this test"))
        .admit(
            new Resolver(new JcaHashing()).resolve(ImageName.parse(name), source, platform),
            source);
  }

  /// Brings a layer into the store unless it is there.
  static StoredLayer put(Store store, DiffId layer) throws ImageException, InterruptedIOException {
    try (LayerLease lease = store.lease(layer, () -> {})) {
      StoredLayer present = lease.present().orElse(null);
      if (present != null) {
        return present;
      }
      return fill(lease, layer);
    }
  }

  /// Brings in an image with its layers.
  static ImageRecord put(Store store, String name, DiffId... layers)
      throws ImageException, InterruptedIOException {
    List<StoredLayer> stored = new ArrayList<>();
    for (DiffId layer : layers) {
      stored.add(put(store, layer));
    }
    return store.record(image(name, List.of(layers)), stored);
  }

  /// A pull as the client does it, up to a root file system that is kept.
  static void pull(Store store, Path rootfs) throws ImageException, InterruptedIOException {
    ImageRecord image = put(store, "example.org/app:1", layer("base"), layer("top"), layer("base"));
    Mount mount = store.mount(rootfs, image);
    boolean done = false;
    try {
      Files.createDirectories(rootfs);
      store.keep(mount);
      done = true;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } finally {
      if (!done) {
        store.unmount(rootfs);
      }
    }
  }

  private static final class Source implements ImageSource {

    private final byte[] config;
    private final byte[] manifest;

    Source(List<DiffId> layers) {
      config =
          JsonWriter.compact(
              JsonValue.of(
                  Map.of(
                      "os",
                      "linux",
                      "architecture",
                      "amd64",
                      "rootfs",
                      Map.of(
                          "type",
                          "layers",
                          "diff_ids",
                          layers.stream().map(DiffId::toString).toList()))));
      manifest =
          JsonWriter.compact(
              JsonValue.of(
                  Map.of(
                      "schemaVersion",
                      2,
                      "mediaType",
                      MediaType.OCI_MANIFEST.name(),
                      "config",
                      descriptor(MediaType.OCI_CONFIG.name(), digest(config), config.length),
                      "layers",
                      layers.stream()
                          .map(layer ->
                              descriptor(
                                  "application/vnd.oci.image.layer.v1.tar+gzip",
                                  digest(layer.toString().getBytes(StandardCharsets.UTF_8)),
                                  100))
                          .toList())));
    }

    private static Map<String, Object> descriptor(String type, Digest digest, long size) {
      return Map.of("mediaType", type, "digest", digest.toString(), "size", size);
    }

    @Override
    public String place() {
      return "memory";
    }

    @Override
    public ManifestBytes manifest() {
      return new ManifestBytes(manifest, MediaType.OCI_MANIFEST, null);
    }

    @Override
    public ManifestBytes manifest(Descriptor child) {
      throw new UnsupportedOperationException();
    }

    @Override
    public BlobStream open(Descriptor blob) {
      ByteBuffer rest = ByteBuffer.wrap(config);
      return new BlobStream() {
        @Override
        public int read(ByteBuffer into) {
          int count = Math.min(into.remaining(), rest.remaining());
          if (count == 0) {
            return -1;
          }
          into.put(rest.slice().limit(count));
          rest.position(rest.position() + count);
          return count;
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public Optional<ManifestBytes> tagged(String tag) {
      return Optional.empty();
    }

    @Override
    public List<Descriptor> referrers(Digest subject, int limit) {
      return List.of();
    }

    @Override
    public List<byte[]> simpleSignatures(Digest manifest, int limit, int maxBytes) {
      return List.of();
    }

    @Override
    public void close() {}
  }
}
