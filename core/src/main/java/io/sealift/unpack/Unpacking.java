package io.sealift.unpack;

import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.tar.Printable;
import io.sealift.tar.SparseMap;
import io.sealift.tar.TarEntry;
import io.sealift.tar.TarLimits;
import io.sealift.tar.TarReader;
import io.sealift.unpack.TreeSink.Body;
import io.sealift.unpack.TreeSink.DeviceKind;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One layer on its way from tar to sink.
final class Unpacking {

  /// Device numbers as Linux keeps them: 12 bits and 20 bits.
  private static final long MAX_MAJOR = (1 << 12) - 1;

  private static final long MAX_MINOR = (1 << 20) - 1;

  private final TarInput input;
  private final TreeSink sink;
  private final SplitWriter split;
  private final UnpackLimits limits;
  private final TarReader tar;
  private final AttributeRules rules;
  private long tarBytes;

  Unpacking(TarInput input, TreeSink sink, SplitWriter split, UnpackLimits limits) {
    this.input = input;
    this.sink = sink;
    this.split = split;
    this.limits = limits;
    this.rules = new AttributeRules(limits);
    this.tar =
        new TarReader(
            this::bounded,
            "layer",
            new TarLimits(
                limits.maxEntries(), limits.maxExtensionBytes(), limits.maxSparseRegions()),
            split);
  }

  void run() throws ImageException, InterruptedIOException {
    for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
      LayerPath path = LayerPath.of(entry.name(), limits);
      switch (Marker.of(path)) {
        case NONE -> entry(path, entry);
        case WHITEOUT -> sink.whiteout(Marker.hidden(path));
        case OPAQUE -> sink.opaque(path.parent());
        case AUFS -> {}
      }
    }
    rules.tellSkipped();
  }

  private @Nullable ByteBuffer bounded() throws ImageException, InterruptedIOException {
    ByteBuffer bytes = input.next();
    if (bytes != null) {
      tarBytes += bytes.remaining();
      if (tarBytes > limits.maxBytes()) {
        throw new UnsafeContentException(
            "unpack layer: expected at most %d bytes of tar (maxBytes), found more"
                .formatted(limits.maxBytes()));
      }
    }
    return bytes;
  }

  private void entry(LayerPath path, TarEntry entry) throws ImageException, InterruptedIOException {
    if (path.isRoot() && entry.kind() != TarEntry.Kind.DIRECTORY) {
      throw refusal(path, "a directory, found " + rules.describe(entry.kind()));
    }
    if (entry.kind() == TarEntry.Kind.HARD_LINK) {
      sink.hardLink(path, target(path, entry));
      return;
    }
    Attributes attributes = rules.attributes(path, entry);
    switch (entry.kind()) {
      case FILE -> file(path, entry, attributes);
      case DIRECTORY -> sink.directory(path, attributes);
      case SYMLINK -> sink.symlink(path, text(path, entry), attributes);
      case FIFO -> sink.fifo(path, attributes);
      case CHARACTER_DEVICE -> device(path, DeviceKind.CHARACTER, entry, attributes);
      case BLOCK_DEVICE -> device(path, DeviceKind.BLOCK, entry, attributes);
      case HARD_LINK -> throw new IllegalStateException("handled above");
    }
  }

  private LayerPath target(LayerPath path, TarEntry entry) throws UnsafeContentException {
    LayerPath target = LayerPath.of(entry.linkName(), limits);
    if (target.isRoot() || target.equals(path) || Marker.of(target) != Marker.NONE) {
      throw refusal(
          path,
          "a hard link to another file of an image, found one to "
              + Printable.shortened(entry.linkName()));
    }
    return target;
  }

  private byte[] text(LayerPath path, TarEntry entry) throws UnsafeContentException {
    int length = entry.linkName().length;
    if (length > limits.maxPathBytes()) {
      throw refusal(
          path,
          "at most %d bytes as target of a symlink (maxPathBytes), found %d"
              .formatted(limits.maxPathBytes(), length));
    }
    return entry.linkName();
  }

  private void device(LayerPath path, DeviceKind kind, TarEntry entry, Attributes attributes)
      throws StoreException, UnsafeContentException {
    if (entry.major() > MAX_MAJOR || entry.minor() > MAX_MINOR) {
      throw refusal(
          path,
          "a device up to %d:%d, found %d:%d"
              .formatted(MAX_MAJOR, MAX_MINOR, entry.major(), entry.minor()));
    }
    if (kind == DeviceKind.CHARACTER && entry.major() == 0 && entry.minor() == 0) {
      throw refusal(path, "a device, found 0:0, which overlayfs takes for a deletion");
    }
    sink.device(path, kind, (int) entry.major(), (int) entry.minor(), attributes);
  }

  private void file(LayerPath path, TarEntry entry, Attributes attributes)
      throws ImageException, InterruptedIOException {
    if (entry.size() > limits.maxFileBytes()) {
      throw refusal(
          path,
          "at most %d bytes in a file (maxFileBytes), found %d"
              .formatted(limits.maxFileBytes(), entry.size()));
    }
    try (Body body = sink.file(path, attributes, entry.size())) {
      SparseMap sparse = entry.sparse();
      if (sparse != null) {
        sparse(path, sparse, body);
      } else if (entry.size() > 0) {
        split.file(path, entry.size());
        write(body, entry.size());
      }
    }
  }

  private void write(Body body, long size) throws ImageException, InterruptedIOException {
    long offset = 0;
    while (offset < size) {
      ByteBuffer bytes = content();
      int count = bytes.remaining();
      body.write(bytes, offset);
      offset += count;
    }
  }

  private void sparse(LayerPath path, SparseMap map, Body body)
      throws ImageException, InterruptedIOException {
    if (map.regions() > 0) {
      split.file(path, 0);
    }
    ByteBuffer bytes = ByteBuffer.allocate(0);
    for (int region = 0; region < map.regions(); region++) {
      split.region(map.offset(region), map.length(region));
      long offset = map.offset(region);
      long end = offset + map.length(region);
      while (offset < end) {
        if (!bytes.hasRemaining()) {
          bytes = content();
        }
        int limit = bytes.limit();
        int count = (int) Math.min(end - offset, bytes.remaining());
        int after = bytes.position() + count;
        body.write(bytes.limit(after), offset);
        bytes.limit(limit).position(after);
        offset += count;
      }
    }
  }

  private ByteBuffer content() throws ImageException, InterruptedIOException {
    ByteBuffer bytes = tar.content();
    if (bytes == null) {
      throw new IllegalStateException("less content than the entry says");
    }
    return bytes;
  }

  private static UnsafeContentException refusal(LayerPath path, String expected) {
    return new UnsafeContentException("unpack %s: expected %s".formatted(path, expected));
  }
}
