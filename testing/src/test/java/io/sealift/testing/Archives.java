package io.sealift.testing;

import io.sealift.failure.ImageException;
import io.sealift.tar.Printable;
import io.sealift.tar.SparseMap;
import io.sealift.tar.TarEntry;
import io.sealift.tar.TarLimits;
import io.sealift.tar.TarReader;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TarInput;
import io.sealift.unpack.TarSplit;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.UnpackLimits;
import io.sealift.unpack.Unpacker;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;

/// Archives read in the ways that the tests need.
final class Archives {

  static final TarLimits LIMITS = new TarLimits(1000, 1 << 20, 1 << 16);

  private Archives() {}

  /// An archive in pieces of `piece` bytes, in one buffer that is filled again for each.
  static TarInput input(byte[] tar, int piece, boolean direct) {
    ByteBuffer buffer = direct ? ByteBuffer.allocateDirect(piece) : ByteBuffer.allocate(piece);
    int[] at = {0};
    return () -> {
      if (at[0] == tar.length) {
        return null;
      }
      int count = Math.min(piece, tar.length - at[0]);
      buffer.clear().put(tar, at[0], count).flip();
      at[0] += count;
      return buffer;
    };
  }

  static List<String> read(byte[] tar) throws ImageException, InterruptedIOException {
    return read(tar, LIMITS, tar.length + 1);
  }

  /// Members in words: kind, name, link, mode, owner, time, size, attributes, regions, content.
  static List<String> read(byte[] tar, TarLimits limits, int piece)
      throws ImageException, InterruptedIOException {
    TarReader reader = new TarReader(input(tar, piece, false)::next, "test", limits);
    List<String> members = new ArrayList<>();
    for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
      members.add(describe(entry) + content(reader));
    }
    return members;
  }

  private static String describe(TarEntry entry) {
    StringBuilder text = new StringBuilder(entry.kind() + " " + Printable.of(entry.name()));
    if (entry.linkName().length > 0) {
      text.append(" -> ").append(Printable.of(entry.linkName()));
    }
    if (entry.major() + entry.minor() > 0) {
      text.append(" %d:%d".formatted(entry.major(), entry.minor()));
    }
    text.append(
        " %o %d:%d @%d".formatted(entry.mode(), entry.uid(), entry.gid(), entry.mtimeSeconds()));
    if (entry.mtimeNanos() != 0) {
      text.append(".%09d".formatted(entry.mtimeNanos()));
    }
    entry
        .xattrs()
        .forEach(xattr ->
            text.append(
                " [%s=%s]".formatted(Printable.of(xattr.name()), Printable.of(xattr.value()))));
    if (entry.kind() == TarEntry.Kind.FILE) {
      text.append(" ").append(entry.size());
    }
    SparseMap sparse = entry.sparse();
    for (int i = 0; sparse != null && i < sparse.regions(); i++) {
      text.append(" %d+%d".formatted(sparse.offset(i), sparse.length(i)));
    }
    return text.toString();
  }

  private static String content(TarReader reader) throws ImageException, InterruptedIOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuffer bytes = reader.content(); bytes != null; bytes = reader.content()) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.get(copy);
      all.writeBytes(copy);
    }
    return all.size() == 0 ? "" : " " + Printable.of(all.toByteArray());
  }

  /// The tree that a layer makes, in the words of {@link SinkScript}.
  static String unpack(byte[] tar) throws ImageException, InterruptedIOException {
    return unpack(tar, UnpackLimits.DEFAULT);
  }

  static String unpack(byte[] tar, UnpackLimits limits)
      throws ImageException, InterruptedIOException {
    try (MemorySink sink = new MemorySink()) {
      TreeSummary summary =
          new Unpacker(limits)
              .unpack(input(tar, 1000, true), sink, OutputStream.nullOutputStream());
      return SinkScript.describe(sink.tree(), summary);
    }
  }

  /// One entry of the tree that a layer makes.
  static TreeEntry entry(byte[] tar, String path) throws ImageException, InterruptedIOException {
    try (MemorySink sink = new MemorySink()) {
      new Unpacker(UnpackLimits.DEFAULT)
          .unpack(input(tar, 1000, true), sink, OutputStream.nullOutputStream());
      return Objects.requireNonNull(sink.tree().get(SinkScript.path(path)), path);
    }
  }

  /// Unpacks into `sink` and gives the split.
  static byte[] split(byte[] tar, int piece, TreeSink sink)
      throws ImageException, InterruptedIOException {
    ByteArrayOutputStream split = new ByteArrayOutputStream();
    new Unpacker(UnpackLimits.DEFAULT).unpack(input(tar, piece, true), sink, split);
    return split.toByteArray();
  }

  /// The tar again, from its split and the tree.
  static byte[] rebuild(byte[] split, SortedMap<LayerPath, TreeEntry> tree, UnpackLimits limits)
      throws ImageException, InterruptedIOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    try (TarSplit rebuilt =
        TarSplit.rebuild(
            new ByteArrayInputStream(split), path -> new Content(tree.get(path)), limits)) {
      for (ByteBuffer bytes = rebuilt.next(); bytes != null; bytes = rebuilt.next()) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        tar.writeBytes(copy);
      }
    }
    return tar.toByteArray();
  }

  static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// A file of a tree, given in small pieces; one that is not there has no bytes.
  private record Content(@org.jspecify.annotations.Nullable TreeEntry entry)
      implements TarSplit.FileContent {

    private static final int PIECE = 700;

    @Override
    public int read(ByteBuffer into, long offset) {
      byte[] data = entry == null ? new byte[0] : entry.data();
      int count = (int) Math.min(Math.min(PIECE, into.remaining()), data.length - offset);
      if (count <= 0) {
        return -1;
      }
      into.put(data, (int) offset, count);
      return count;
    }

    @Override
    public void close() {}
  }
}
