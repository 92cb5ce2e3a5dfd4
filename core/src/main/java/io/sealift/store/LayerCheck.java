package io.sealift.store;

import io.sealift.failure.DeniedException;
import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.StoreException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.Snapshotter;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TarSplit;
import io.sealift.unpack.TarSplit.FileContent;
import io.sealift.unpack.TarSplit.FileContents;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.UnpackLimits;
import io.sealift.unpack.Unpacker;
import io.sealift.verify.ExpectedBytes;
import io.sealift.verify.Hashing;
import io.sealift.verify.Verification;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks one layer: its tar split and the content of its files give the tar of its diff_id again,
/// and its tree looks as the headers of that tar say.
record LayerCheck(Snapshotter snapshotter, Hashing hashing) {

  /// A path or a PAX header of a layer that was let in has less (1 MiB), and so has a map of a
  /// sparse file.
  private static final int MAX_EXTENSION_BYTES = 1 << 20;

  /// Entries of a layer whose tree is compared; the tree of so many takes some 250 MB.
  private static final long MAX_ENTRIES = 1_000_000;

  /// @return what could not be proved, and why, though nothing is known to be wrong; null when the
  ///   layer is sound
  /// @throws IntegrityException when the layer is broken
  /// @throws ImageException when this cannot be told
  @Nullable String check(StoredLayer layer, Path directory)
      throws ImageException, InterruptedIOException {
    Path tree = layer.tree().directory();
    Path split = Layers.split(directory);
    if (!Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
      throw new IntegrityException("its tree is missing");
    }
    if (!Files.isRegularFile(split, LinkOption.NOFOLLOW_LINKS)) {
      throw new IntegrityException("its tar split is missing");
    }
    try (RootFiles files = snapshotter.open(tree)) {
      ImageException obstacle = obstacle(layer, split, files);
      try {
        ExpectedTree expected = new ExpectedTree();
        TreeSummary summary = unpack(split, layer.tarBytes(), expected);
        String why = obstacle == null ? null : why(obstacle, expected);
        TreeSummary known = layer.tree().summary();
        TreeComparison comparison = new TreeComparison(files, known);
        comparison.compare(expected.root());
        compare(summary, known);
        return why == null ? comparison.denied() : why;
      } catch (UnsafeContentException beyond) {
        if (obstacle instanceof IntegrityException broken) {
          throw broken;
        }
        return "its tree was not compared with its tar: " + beyond.getMessage();
      }
    }
  }

  /// Rebuilds the tar.
  ///
  /// @return why its digest was not proved; null when it was
  private @Nullable ImageException obstacle(StoredLayer layer, Path split, RootFiles files)
      throws ImageException, InterruptedIOException {
    ExpectedBytes tar = new ExpectedBytes("rebuilt tar", layer.diffId().digest(), layer.tarBytes());
    try (TarSplit rebuilt =
            TarSplit.rebuild(
                open(split),
                new ContentOfFiles(files),
                limits(layer.tarBytes(), Integer.MAX_VALUE));
        Verification verification = tar.begin(hashing)) {
      for (ByteBuffer bytes = rebuilt.next(); bytes != null; bytes = rebuilt.next()) {
        verification.update(bytes);
        StoreCheck.stopWhenInterrupted();
      }
      verification.complete();
      return null;
    } catch (IntegrityException | DeniedException unproved) {
      return unproved;
    }
  }

  /// Why a digest that was not proved does not mean that the layer is broken.
  ///
  /// @throws ImageException when it does
  private static String why(ImageException obstacle, ExpectedTree expected) throws ImageException {
    if (obstacle instanceof DeniedException denied) {
      return "its digest was not computed, because a file cannot be read: %s; run 'sealift fsck' as root"
          .formatted(denied.getMessage());
    }
    LayerPath replaced = expected.replaced();
    if (replaced == null) {
      throw obstacle;
    }
    return "its digest was not computed, because a later entry replaces %s, whose content is gone"
        .formatted(replaced);
  }

  /// What the headers say; no content is read for that.
  private static TreeSummary unpack(Path split, long tarBytes, ExpectedTree tree)
      throws ImageException, InterruptedIOException {
    try (TarSplit headers =
        TarSplit.rebuild(open(split), _ -> new AnyContent(), limits(tarBytes, Integer.MAX_VALUE))) {
      return new Unpacker(limits(tarBytes, UnpackLimits.MAX_DEPTH))
          .unpack(headers, tree, OutputStream.nullOutputStream());
    }
  }

  private static void compare(TreeSummary expected, TreeSummary found) throws IntegrityException {
    if (!Set.copyOf(expected.implied()).equals(Set.copyOf(found.implied()))) {
      throw new IntegrityException("its layer.json knows other directories without entries");
    }
    if (!Set.copyOf(expected.pendingLinks()).equals(Set.copyOf(found.pendingLinks()))) {
      throw new IntegrityException("its layer.json knows other hard links to lower layers");
    }
  }

  /// What was let in had bounds of its own. These keep a split that somebody altered from taking
  /// all memory.
  private static UnpackLimits limits(long tarBytes, int maxDepth) {
    return new UnpackLimits(
        tarBytes,
        Long.MAX_VALUE,
        Integer.MAX_VALUE,
        MAX_ENTRIES,
        maxDepth,
        MAX_EXTENSION_BYTES,
        MAX_EXTENSION_BYTES,
        MAX_EXTENSION_BYTES,
        MAX_EXTENSION_BYTES,
        MAX_EXTENSION_BYTES);
  }

  private static InputStream open(Path split) throws StoreException {
    try {
      return Files.newInputStream(split, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException failed) {
      throw DiskFailure.of("read", split, failed);
    }
  }

  private record ContentOfFiles(RootFiles files) implements FileContents {

    @Override
    public FileContent open(LayerPath path) throws ImageException {
      return files
          .content(path)
          .orElseThrow(() -> new IntegrityException("%s: expected a file".formatted(path)));
    }
  }

  /// Content that nobody looks at.
  private static final class AnyContent implements FileContent {

    @Override
    public int read(ByteBuffer into, long offset) {
      int count = into.remaining();
      into.position(into.limit());
      return count;
    }

    @Override
    public void close() {}
  }
}
