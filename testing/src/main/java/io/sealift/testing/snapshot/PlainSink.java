package io.sealift.testing.snapshot;

import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.TreeSummary.Loss;
import io.sealift.unpack.TreeSummary.PendingLink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Writes a layer as {@link PlainSnapshotter} keeps it.
final class PlainSink implements TreeSink {

  static final String WHITEOUT = ".wh.";
  static final String OPAQUE = ".wh..wh..opq";

  private final Path root;
  private final SortedSet<LayerPath> implied = new TreeSet<>();
  private final Map<LayerPath, LayerPath> links = new LinkedHashMap<>();
  private final SortedMap<LayerPath, Attributes> directories = new TreeMap<>();
  private final List<Loss> losses = new ArrayList<>();

  PlainSink(Path root) {
    this.root = root;
    implied.add(LayerPath.ROOT);
  }

  static Path resolve(Path root, LayerPath path) {
    return path.isRoot() ? root : root.resolve(text(path.bytes()));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  public void directory(LayerPath path, Attributes attributes)
      throws StoreException, UnsafeContentException {
    Path place = resolve(root, path);
    attempt(
        path,
        () -> {
          if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            make(path);
          }
        });
    implied.remove(path);
    directories.put(path, attributes);
    lose(path, attributes);
  }

  @Override
  public Body file(LayerPath path, Attributes attributes, long size)
      throws StoreException, UnsafeContentException {
    Path place = resolve(root, path);
    FileChannel[] opened = new FileChannel[1];
    attempt(
        path,
        () -> {
          clear(path);
          opened[0] =
              FileChannel.open(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          if (size > 0) {
            opened[0].write(ByteBuffer.allocate(1), size - 1);
          }
        });
    lose(path, attributes);
    return new PlainBody(opened[0], place, attributes);
  }

  @Override
  public void symlink(LayerPath path, byte[] target, Attributes attributes)
      throws StoreException, UnsafeContentException {
    Path place = resolve(root, path);
    attempt(
        path,
        () -> {
          clear(path);
          Files.createSymbolicLink(place, Path.of(text(target)));
          setTime(place, attributes);
        });
  }

  @Override
  public void hardLink(LayerPath path, LayerPath target)
      throws StoreException, UnsafeContentException {
    attempt(path, () -> clear(path));
    links.put(path, target);
  }

  @Override
  public void fifo(LayerPath path, Attributes attributes)
      throws StoreException, UnsafeContentException {
    attempt(path, () -> clear(path));
    losses.add(new Loss("device", 1, path, "plain Java makes none"));
  }

  @Override
  public void device(LayerPath path, DeviceKind kind, int major, int minor, Attributes attributes)
      throws StoreException, UnsafeContentException {
    attempt(path, () -> clear(path));
    losses.add(new Loss("device", 1, path, "plain Java makes none"));
  }

  @Override
  public void whiteout(LayerPath path) throws StoreException, UnsafeContentException {
    Path place = resolve(root, path);
    attempt(
        path,
        () -> {
          parents(path);
          if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            touch(place.resolve(OPAQUE));
            implied.remove(path);
          } else if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            touch(place.resolveSibling(WHITEOUT + text(path.name())));
          }
        });
  }

  @Override
  public void opaque(LayerPath path) throws StoreException, UnsafeContentException {
    Path place = resolve(root, path);
    attempt(
        path,
        () -> {
          parents(path);
          if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            imply(path);
          }
          touch(place.resolve(OPAQUE));
        });
  }

  @Override
  public TreeSummary finish() throws StoreException, UnsafeContentException {
    List<PendingLink> pending = new ArrayList<>();
    for (Map.Entry<LayerPath, LayerPath> link : links.entrySet()) {
      Path target = resolve(root, link.getValue());
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        attempt(link.getKey(), () -> Files.createLink(resolve(root, link.getKey()), target));
      } else {
        pending.add(new PendingLink(link.getKey(), link.getValue()));
      }
    }
    for (Map.Entry<LayerPath, Attributes> directory : directories.reversed().entrySet()) {
      Path place = resolve(root, directory.getKey());
      attempt(
          directory.getKey(),
          () -> {
            if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
              setAttributes(place, directory.getValue());
            }
          });
    }
    return new TreeSummary(List.copyOf(implied), pending, List.of(), losses);
  }

  @Override
  public void close() {}

  private void lose(LayerPath path, Attributes attributes) {
    if (!PlainSnapshotter.AS_ROOT) {
      losses.add(new Loss("owner", 1, path, "an ordinary user gives none"));
    }
    if (!attributes.xattrs().isEmpty()) {
      losses.add(new Loss("extended attribute", 1, path, "plain Java sets none"));
    }
  }

  /// Makes way for an entry.
  private void clear(LayerPath path) throws IOException, UnsafeContentException {
    parents(path);
    Path place = resolve(root, path);
    Path marker = place.resolveSibling(WHITEOUT + text(path.name()));
    Files.deleteIfExists(marker);
    PlainSnapshotter.removeTree(place);
    implied.removeIf(below -> isBelow(below, path));
    directories.keySet().removeIf(below -> isBelow(below, path));
    links.keySet().removeIf(below -> isBelow(below, path));
  }

  /// Makes a directory.
  ///
  /// @return whether it replaces something, or what that replaced below, and so takes nothing of it
  private boolean make(LayerPath path) throws IOException, UnsafeContentException {
    Path place = resolve(root, path);
    boolean replaces =
        links.containsKey(path)
            || Files.exists(place, LinkOption.NOFOLLOW_LINKS)
            || Files.exists(place.resolveSibling(WHITEOUT + text(path.name())));
    clear(path);
    Files.createDirectory(place);
    Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
    if (replaces) {
      touch(place.resolve(OPAQUE));
    }
    return replaces;
  }

  private void imply(LayerPath path) throws IOException, UnsafeContentException {
    if (!make(path)) {
      implied.add(path);
    }
  }

  private static boolean isBelow(LayerPath path, LayerPath top) {
    LayerPath at = path;
    while (!at.isRoot()) {
      if (at.equals(top)) {
        return true;
      }
      at = at.parent();
    }
    return false;
  }

  private void parents(LayerPath path) throws IOException, UnsafeContentException {
    LayerPath parent = path.parent();
    if (parent.isRoot()) {
      return;
    }
    Path place = resolve(root, parent);
    if (Files.isSymbolicLink(place)) {
      throw new UnsafeContentException("unpack %s: a parent is a symlink".formatted(path));
    }
    parents(parent);
    if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
      imply(parent);
    }
  }

  private static void touch(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
  }

  private static void setAttributes(Path place, Attributes attributes) throws IOException {
    if (PlainSnapshotter.AS_ROOT) {
      Files.setAttribute(place, "unix:uid", (int) attributes.uid());
      Files.setAttribute(place, "unix:gid", (int) attributes.gid());
    }
    setTime(place, attributes); // a mode may forbid it
    Files.setAttribute(place, "unix:mode", attributes.mode());
  }

  private static void setTime(Path place, Attributes attributes) throws IOException {
    FileTime time =
        FileTime.from(
            Instant.ofEpochSecond(attributes.mtime().seconds(), attributes.mtime().nanos()));
    Files.getFileAttributeView(place, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(time, time, null);
  }

  private static void attempt(LayerPath path, Step step)
      throws StoreException, UnsafeContentException {
    try {
      step.run();
    } catch (IOException failed) {
      throw new StoreException("unpack %s: %s".formatted(path, failed), failed);
    }
  }

  private interface Step {
    void run() throws IOException, UnsafeContentException;
  }

  private record PlainBody(FileChannel channel, Path place, Attributes attributes) implements Body {

    @Override
    public void write(ByteBuffer bytes, long offset) throws StoreException {
      try {
        long at = offset;
        while (bytes.hasRemaining()) {
          at += channel.write(bytes, at);
        }
      } catch (IOException failed) {
        throw PlainSnapshotter.failure("write", place, failed);
      }
    }

    @Override
    public void close() throws StoreException {
      try {
        channel.close();
        setAttributes(place, attributes);
      } catch (IOException failed) {
        throw PlainSnapshotter.failure("write", place, failed);
      }
    }
  }
}
