package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.oci.Document;
import io.sealift.oci.EmbeddedData;
import io.sealift.oci.ImageConfig;
import io.sealift.oci.ImageName;
import io.sealift.oci.Index;
import io.sealift.oci.Manifest;
import io.sealift.oci.Platform;
import io.sealift.oci.PlatformChoice;
import io.sealift.oci.Reference;
import io.sealift.verify.ExpectedBytes;
import io.sealift.verify.Hasher;
import io.sealift.verify.Hashing;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Follows a name to one platform's manifest and config: the only maker of {@link Resolved}. Every
/// document is checked against the digest and size under which it was named before it is parsed.
public final class Resolver {

  /// Indexes inside each other; one is usual, two are seen.
  private static final int MAX_INDEX_DEPTH = 3;

  /// Bytes of a config, as containers/image has it (4 MiB).
  private static final int MAX_CONFIG_BYTES = 4 * 1024 * 1024;

  private final Hashing hashing;

  public Resolver(Hashing hashing) {
    this.hashing = hashing;
  }

  /// Fetches, checks and parses manifest and config.
  public Resolved resolve(ImageName name, ImageSource source, Platform platform)
      throws ImageException, InterruptedIOException {
    ManifestBytes root = source.manifest();
    Digest rootDigest = rootDigest(name, root);
    ManifestBytes found = root;
    Digest digest = rootDigest;
    for (int depth = 0; ; depth++) {
      Document document = Document.parse(found.bytes(), found.declared());
      switch (document) {
        case Manifest manifest -> {
          Root index = depth == 0 ? Root.NONE : new Root(rootDigest, root.bytes());
          return resolved(name, source, index, digest, found.bytes(), manifest, platform);
        }
        case Index index -> {
          if (depth == MAX_INDEX_DEPTH) {
            throw new UnsafeContentException(
                "resolve %s: more than %d indexes inside each other"
                    .formatted(name, MAX_INDEX_DEPTH));
          }
          Descriptor child = choose(name, index, platform);
          found = document(source, child);
          digest = child.digest();
        }
      }
    }
  }

  /// The digest of what the name led to, which the name or the source may have foretold.
  private Digest rootDigest(ImageName name, ManifestBytes root) throws IntegrityException {
    Digest named =
        name instanceof ImageName.InRegistry(Reference reference) ? reference.digest() : null;
    @Nullable Digest expected = named == null ? root.digest() : named;
    if (expected != null) {
      new ExpectedBytes("manifest of " + name, expected, ExpectedBytes.UNKNOWN_SIZE)
          .check(root.bytes(), hashing);
      return expected;
    }
    try (Hasher hasher = hashing.open(DigestAlgorithm.SHA256)) {
      hasher.update(ByteBuffer.wrap(root.bytes()));
      return hasher.digest();
    }
  }

  private static Descriptor choose(ImageName name, Index index, Platform platform)
      throws NotFoundException {
    return PlatformChoice.choose(index, platform)
        .orElseThrow(() ->
            new NotFoundException(
                "resolve %s: no image for %s; there is %s"
                    .formatted(name, platform, PlatformChoice.offered(index))));
  }

  private ManifestBytes document(ImageSource source, Descriptor child)
      throws ImageException, InterruptedIOException {
    if (child.size() > ManifestBytes.MAX_BYTES) {
      throw new UnsafeContentException(
          "fetch manifest %s: %d bytes are more than the %d allowed"
              .formatted(child.digest(), child.size(), ManifestBytes.MAX_BYTES));
    }
    ExpectedBytes expected = ExpectedBytes.of("manifest", child);
    EmbeddedData embedded = child.data();
    if (embedded != null) {
      byte[] bytes = embedded.bytes();
      expected.check(bytes, hashing);
      return new ManifestBytes(bytes, child.mediaType(), child.digest());
    }
    ManifestBytes fetched = source.manifest(child);
    expected.check(fetched.bytes(), hashing);
    return new ManifestBytes(fetched.bytes(), child.mediaType(), child.digest());
  }

  private Resolved resolved(
      ImageName name,
      ImageSource source,
      Root index,
      Digest manifestDigest,
      byte[] manifestBytes,
      Manifest manifest,
      Platform platform)
      throws ImageException, InterruptedIOException {
    byte[] configBytes = config(source, manifest.config());
    ImageConfig config = ImageConfig.parse(configBytes);
    check(name, manifest, config, platform);
    return new Resolved(
        name,
        source.place(),
        index.digest(),
        index.bytes(),
        manifestDigest,
        manifestBytes,
        manifest,
        configBytes,
        config);
  }

  private byte[] config(ImageSource source, Descriptor config)
      throws ImageException, InterruptedIOException {
    EmbeddedData embedded = config.data();
    LayerSource at = embedded == null ? source : blob -> new EmbeddedBlob(embedded);
    return SmallBlob.fetch("config", at, config, MAX_CONFIG_BYTES, hashing);
  }

  private static void check(
      ImageName name, Manifest manifest, ImageConfig config, Platform platform)
      throws UnsafeContentException, UnsupportedImageException {
    Platform own = config.platform();
    if (!own.os().equals(platform.os()) || !own.architecture().equals(platform.architecture())) {
      throw new UnsupportedImageException(
          "resolve %s: the image is for %s, expected %s; choose another with --platform"
              .formatted(name, own, platform));
    }
    if (manifest.layers().isEmpty()) {
      throw new UnsafeContentException("resolve %s: the image has no layers".formatted(name));
    }
    if (config.diffIds().size() != manifest.layers().size()) {
      throw new UnsafeContentException(
          "resolve %s: the manifest has %d layers, the config %d diff_ids"
              .formatted(name, manifest.layers().size(), config.diffIds().size()));
    }
  }

  /// The index that the name led to.
  @SuppressWarnings("ArrayRecordComponent")
  private record Root(@Nullable Digest digest, byte[] bytes) {
    static final Root NONE = new Root(null, new byte[0]);
  }
}
