package io.sealift.testing;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.TreeSummary.PendingLink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// A tree in memory: the rules of {@link TreeSink} at their plainest. For trees of tests, not for
/// those of strangers: content is kept whole.
public final class MemorySink implements TreeSink {

  private final MemoryTree tree = new MemoryTree();
  private final Map<LayerPath, LayerPath> deferred = new LinkedHashMap<>();
  private @Nullable TreeSummary summary;

  @Override
  public void directory(LayerPath path, Attributes attributes) throws UnsafeContentException {
    MemoryNode.Directory directory = tree.directory(path);
    directory.attributes = attributes;
    directory.implied = false;
  }

  @Override
  public Body file(LayerPath path, Attributes attributes, long size) throws UnsafeContentException {
    MemoryNode.File file = new MemoryNode.File(attributes, Math.toIntExact(size));
    put(path, file);
    return new Content(file);
  }

  @Override
  public void symlink(LayerPath path, byte[] target, Attributes attributes)
      throws UnsafeContentException {
    put(path, new MemoryNode.Symlink(attributes, target.clone()));
  }

  @Override
  public void hardLink(LayerPath path, LayerPath target) throws UnsafeContentException {
    MemoryNode node = tree.find(target);
    if (node == null) {
      MemoryTree.Place place = tree.place(path);
      tree.await(place);
      forget(place.path());
      deferred.put(place.path(), target);
    } else {
      put(path, linkable(path, node));
    }
  }

  private static MemoryNode linkable(LayerPath path, MemoryNode node)
      throws UnsafeContentException {
    if (node instanceof MemoryNode.Directory) {
      throw new UnsafeContentException(
          "make hard link %s: expected a target that is no directory, found one".formatted(path));
    }
    return node;
  }

  @Override
  public void fifo(LayerPath path, Attributes attributes) throws UnsafeContentException {
    put(path, new MemoryNode.Fifo(attributes));
  }

  @Override
  public void device(LayerPath path, DeviceKind kind, int major, int minor, Attributes attributes)
      throws UnsafeContentException {
    put(path, new MemoryNode.Device(attributes, kind, major, minor));
  }

  private void put(LayerPath path, MemoryNode node) throws UnsafeContentException {
    if (path.isRoot()) {
      throw new UnsafeContentException("unpack .: expected a directory, found something else");
    }
    MemoryTree.Place place = tree.place(path);
    forget(place.path());
    tree.put(place, node);
  }

  /// Drops links that wait for their targets at a place that is taken, or below it.
  private void forget(LayerPath place) {
    deferred.keySet().removeIf(path -> path.equals(place) || isBelow(path, place));
  }

  private static boolean isBelow(LayerPath path, LayerPath place) {
    LayerPath at = path;
    while (!at.isRoot() && !at.equals(place)) {
      at = at.parent();
    }
    return at.equals(place);
  }

  @Override
  public void whiteout(LayerPath path) throws UnsafeContentException {
    tree.whiteout(path);
  }

  @Override
  public void opaque(LayerPath path) throws UnsafeContentException {
    tree.parent(path).opaque = true;
  }

  @Override
  public TreeSummary finish() throws UnsafeContentException {
    makeDeferred();
    List<PendingLink> pending = new ArrayList<>();
    deferred.keySet().removeIf(tree::isTaken);
    deferred.forEach((path, target) -> pending.add(new PendingLink(path, target)));
    summary = new TreeSummary(tree.implied(), pending, List.of(), List.of());
    return summary;
  }

  /// Links to links need as many rounds as they are long.
  private void makeDeferred() throws UnsafeContentException {
    boolean progress = true;
    while (progress) {
      progress = false;
      for (Map.Entry<LayerPath, LayerPath> link : Map.copyOf(deferred).entrySet()) {
        progress |= makeDeferred(link.getKey(), link.getValue());
      }
    }
  }

  private boolean makeDeferred(LayerPath path, LayerPath target) throws UnsafeContentException {
    MemoryNode node = tree.find(target);
    if (node == null || tree.isTaken(path)) {
      return false;
    }
    put(path, linkable(path, node));
    return true;
  }

  /// The finished tree, its root included.
  public SortedMap<LayerPath, TreeEntry> tree() {
    Objects.requireNonNull(summary, "not finished");
    return tree.list();
  }

  @Override
  public void close() {}

  private static final class Content implements Body {

    private final MemoryNode.File file;
    private long last;
    private boolean closed;

    Content(MemoryNode.File file) {
      this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws StoreException {
      if (closed || offset < last || offset + bytes.remaining() > file.content.length) {
        throw new IllegalStateException("write beyond the file, backwards or after its end");
      }
      last = offset;
      bytes.get(file.content, (int) offset, bytes.remaining());
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
