package io.sealift.testing.snapshot;

import static io.sealift.testing.snapshot.TreeListing.path;

import io.sealift.failure.ImageException;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Says to a sink in short what a layer holds. Everything belongs to whom {@link #owner} said last,
/// first to the one who runs the test, and was changed at {@link #MTIME}.
final class LayerWriter {

  static final Attributes.FileTime MTIME = new Attributes.FileTime(1_000_000_000, 123_456_789);

  private final TreeSink sink;
  private long uid;
  private long gid;

  LayerWriter(TreeSink sink, long uid, long gid) {
    this.sink = sink;
    this.uid = uid;
    this.gid = gid;
  }

  LayerWriter owner(long user, long group) {
    uid = user;
    gid = group;
    return this;
  }

  LayerWriter directory(String path, int mode) throws ImageException {
    sink.directory(path(path), attributes(mode));
    return this;
  }

  LayerWriter file(String path, String content) throws ImageException {
    return file(path, 0644, content);
  }

  LayerWriter file(String path, int mode, String content) throws ImageException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    try (TreeSink.Body body = sink.file(path(path), attributes(mode), bytes.length)) {
      body.write(ByteBuffer.wrap(bytes), 0);
    }
    return this;
  }

  LayerWriter symlink(String path, String target) throws ImageException {
    sink.symlink(path(path), target.getBytes(StandardCharsets.UTF_8), attributes(0777));
    return this;
  }

  LayerWriter hardLink(String path, String target) throws ImageException {
    sink.hardLink(path(path), path(target));
    return this;
  }

  LayerWriter whiteout(String path) throws ImageException {
    sink.whiteout(path(path));
    return this;
  }

  LayerWriter opaque(String path) throws ImageException {
    sink.opaque(path(path));
    return this;
  }

  TreeSummary finish() throws ImageException {
    return sink.finish();
  }

  private Attributes attributes(int mode) {
    return new Attributes(mode, uid, gid, MTIME, List.of());
  }

  /// What one layer holds.
  interface Content {
    void write(LayerWriter layer) throws ImageException;
  }
}
