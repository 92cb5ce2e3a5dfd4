package io.sealift.testing.snapshot;

import io.sealift.failure.DeniedException;
import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.FileStat;
import io.sealift.snapshot.RootFiles;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.LayerPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// A tree seen through paths, symlinks resolved by hand. The `.wh.` files of a layer look as
/// overlayfs has whiteouts: character devices 0:0.
final class PlainRootFiles implements RootFiles {

  /// As the kernel has it.
  private static final int MAX_SYMLINKS = 40;

  private static final int TYPE_MASK = 0170000;

  private static final FileStat WHITEOUT =
      new FileStat(
          FileStat.Type.CHARACTER_DEVICE, 0, 0, 0, 0, new Attributes.FileTime(0, 0), 1, 0, 0, 0);

  private final Path root;

  PlainRootFiles(Path root) {
    this.root = root;
  }

  @Override
  public Optional<byte[]> read(LayerPath path, int maxBytes)
      throws StoreException, UnsafeContentException {
    return attempt(
        path,
        () -> {
          Path place = follow(path, true);
          if (!Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
          }
          if (Files.size(place) > maxBytes) {
            throw new UnsafeContentException(
                "read %s: more than the %d bytes allowed".formatted(path, maxBytes));
          }
          return Optional.of(Files.readAllBytes(place));
        });
  }

  @Override
  public Optional<FileStat> stat(LayerPath path) throws StoreException {
    return safely(
        path,
        () -> {
          Path place = follow(path, false);
          if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(stat(place));
          }
          Path whiteout = place.resolveSibling(PlainSink.WHITEOUT + place.getFileName());
          return Files.exists(whiteout) ? Optional.of(WHITEOUT) : Optional.empty();
        });
  }

  private static FileStat stat(Path place) throws IOException {
    Map<String, Object> all = Files.readAttributes(place, "unix:*", LinkOption.NOFOLLOW_LINKS);
    int mode = (int) number(all, "mode");
    long device = number(all, "rdev");
    Instant time = Files.getLastModifiedTime(place, LinkOption.NOFOLLOW_LINKS).toInstant();
    return new FileStat(
        type(mode),
        mode & 07777,
        number(all, "uid") & 0xffffffffL,
        number(all, "gid") & 0xffffffffL,
        number(all, "size"),
        new Attributes.FileTime(time.getEpochSecond(), time.getNano()),
        number(all, "nlink"),
        number(all, "ino"),
        (int) (device >> 8 & 0xfff),
        (int) (device & 0xff));
  }

  private static long number(Map<String, Object> all, String name) {
    return ((Number) Objects.requireNonNull(all.get(name))).longValue();
  }

  private static FileStat.Type type(int mode) {
    return switch (mode & TYPE_MASK) {
      case 0100000 -> FileStat.Type.REGULAR;
      case 0040000 -> FileStat.Type.DIRECTORY;
      case 0120000 -> FileStat.Type.SYMLINK;
      case 0020000 -> FileStat.Type.CHARACTER_DEVICE;
      case 0060000 -> FileStat.Type.BLOCK_DEVICE;
      case 0010000 -> FileStat.Type.FIFO;
      default -> FileStat.Type.SOCKET;
    };
  }

  @Override
  public Optional<Extension> extension(LayerPath path) throws StoreException {
    return safely(
        path,
        () -> {
          Path place = follow(path, false);
          return Files.exists(place, LinkOption.NOFOLLOW_LINKS)
              ? Optional.of(new Extension(List.of(), Files.exists(place.resolve(PlainSink.OPAQUE))))
              : Optional.empty();
        });
  }

  @Override
  public Optional<Content> content(LayerPath path) throws StoreException {
    return safely(
        path,
        () -> {
          Path place = follow(path, false);
          return Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)
              ? Optional.of(
                  new PlainContent(FileChannel.open(place, StandardOpenOption.READ), place))
              : Optional.empty();
        });
  }

  @Override
  public Optional<byte[]> link(LayerPath path) throws StoreException {
    return safely(
        path,
        () -> {
          Path place = follow(path, false);
          return Files.isSymbolicLink(place)
              ? Optional.of(
                  Files.readSymbolicLink(place).toString().getBytes(StandardCharsets.UTF_8))
              : Optional.empty();
        });
  }

  @Override
  public Optional<List<byte[]>> names(LayerPath path) throws StoreException {
    return safely(
        path,
        () -> {
          Path place = follow(path, true);
          if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
          }
          try (Stream<Path> entries = Files.list(place)) {
            return Optional.of(
                entries
                    .map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.equals(PlainSink.OPAQUE))
                    .map(PlainRootFiles::unmarked)
                    .map(name -> name.getBytes(StandardCharsets.UTF_8))
                    .sorted(Arrays::compareUnsigned)
                    .toList());
          }
        });
  }

  private static String unmarked(String name) {
    return name.startsWith(PlainSink.WHITEOUT) ? name.substring(PlainSink.WHITEOUT.length()) : name;
  }

  @Override
  public void makeDirectories(LayerPath path) throws StoreException, UnsafeContentException {
    attempt(
        path,
        () -> {
          if (!path.isRoot()) {
            makeDirectories(path.parent());
            Path place = follow(path, true);
            if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
              if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                throw new UnsafeContentException(
                    "make directory %s: something else is in the way".formatted(path));
              }
              Files.createDirectory(place);
              Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
          }
          return Optional.empty();
        });
  }

  /// Where a path leads, never out of the root; the last component may be missing.
  private Path follow(LayerPath path, boolean last) throws IOException {
    Deque<Path> rest = new ArrayDeque<>();
    PlainSink.resolve(Path.of("/"), path).forEach(rest::add);
    Path at = root;
    int links = 0;
    while (!rest.isEmpty()) {
      Path name = rest.removeFirst();
      if (name.toString().equals("..")) {
        at = at.equals(root) ? root : Objects.requireNonNull(at.getParent());
        continue;
      }
      Path next = at.resolve(name).normalize();
      if (!Files.isSymbolicLink(next) || (rest.isEmpty() && !last)) {
        at = next;
        continue;
      }
      if (++links > MAX_SYMLINKS) {
        throw new IOException("too many symlinks");
      }
      Path text = Files.readSymbolicLink(next);
      at = text.isAbsolute() ? root : at;
      List<Path> names = new ArrayList<>();
      text.forEach(names::add);
      names.reversed().forEach(rest::addFirst);
    }
    return at;
  }

  private static <T> Optional<T> safely(LayerPath path, Step<T> step) throws StoreException {
    try {
      return attempt(path, step);
    } catch (UnsafeContentException unsafe) {
      throw new StoreException(unsafe.getMessage(), unsafe);
    }
  }

  private static <T> Optional<T> attempt(LayerPath path, Step<T> step)
      throws StoreException, UnsafeContentException {
    try {
      return step.run();
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (AccessDeniedException denied) {
      throw new DeniedException("look at %s: %s".formatted(path, denied), denied);
    } catch (IOException failed) {
      throw new StoreException("look at %s: %s".formatted(path, failed), failed);
    }
  }

  @Override
  public void close() {}

  private interface Step<T> {
    Optional<T> run() throws IOException, StoreException, UnsafeContentException;
  }

  private record PlainContent(FileChannel channel, Path place) implements Content {

    @Override
    public int read(ByteBuffer into, long offset) throws StoreException {
      try {
        return channel.read(into, offset);
      } catch (IOException failed) {
        throw PlainSnapshotter.failure("read", place, failed);
      }
    }

    @Override
    public boolean isZero(long from, long to) throws StoreException {
      long at = from;
      while (at < to) {
        byte[] bytes = new byte[(int) Math.min(to - at, 1 << 16)];
        int count = read(ByteBuffer.wrap(bytes), at);
        if (!Arrays.equals(bytes, new byte[bytes.length])) {
          return false;
        }
        at = count < 0 ? to : at + count;
      }
      return true;
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException failed) {
        throw new java.io.UncheckedIOException(failed);
      }
    }
  }
}
