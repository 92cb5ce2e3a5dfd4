package io.sealift.store;

import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.StoreException;
import io.sealift.oci.DiffId;
import io.sealift.snapshot.RootFiles;
import io.sealift.snapshot.Snapshotter;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TarSplit;
import io.sealift.unpack.TarSplit.FileContent;
import io.sealift.unpack.TarSplit.FileContents;
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

/// Checks one layer: its tar split and the content of its files give the tar of its diff_id again,
/// and its tree looks as the headers of that tar say.
record LayerCheck(Snapshotter snapshotter, Hashing hashing) {

  /// @throws IntegrityException when the layer is broken
  /// @throws ImageException when this cannot be told
  void check(StoredLayer layer, Path directory) throws ImageException, InterruptedIOException {
    Path tree = layer.tree().directory();
    Path split = Layers.split(directory);
    if (!Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
      throw new IntegrityException("its tree is missing");
    }
    if (!Files.isRegularFile(split, LinkOption.NOFOLLOW_LINKS)) {
      throw new IntegrityException("its tar split is missing");
    }
    try (RootFiles files = snapshotter.open(tree)) {
      checkDigest(layer.diffId(), layer.tarBytes(), split, files);
      ExpectedTree expected = expected(split);
      new TreeComparison(files, layer.tree().summary().losses()).compare(expected.root());
    }
  }

  private void checkDigest(DiffId layer, long tarBytes, Path split, RootFiles files)
      throws ImageException, InterruptedIOException {
    ExpectedBytes tar = new ExpectedBytes("rebuilt tar", layer.digest(), tarBytes);
    try (TarSplit rebuilt =
            TarSplit.rebuild(open(split), new ContentOfFiles(files), UnpackLimits.UNBOUNDED);
        Verification verification = tar.begin(hashing)) {
      for (ByteBuffer bytes = rebuilt.next(); bytes != null; bytes = rebuilt.next()) {
        verification.update(bytes);
        StoreCheck.stopWhenInterrupted();
      }
      verification.complete();
    }
  }

  /// What the headers say; no content is read for that.
  private static ExpectedTree expected(Path split) throws ImageException, InterruptedIOException {
    ExpectedTree tree = new ExpectedTree();
    try (TarSplit headers =
        TarSplit.rebuild(open(split), _ -> new AnyContent(), UnpackLimits.UNBOUNDED)) {
      new Unpacker(UnpackLimits.UNBOUNDED).unpack(headers, tree, OutputStream.nullOutputStream());
    }
    return tree;
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
      RootFiles.Content content =
          files
              .content(path)
              .orElseThrow(() -> new IntegrityException("%s: expected a file".formatted(path)));
      return new Forward(content);
    }
  }

  /// Content that is read from its start to its end, holes included.
  private static final class Forward implements FileContent {

    private static final int SKIP_BYTES = 64 << 10;

    private final RootFiles.Content content;
    private long position;

    Forward(RootFiles.Content content) {
      this.content = content;
    }

    @Override
    public int read(ByteBuffer into, long offset) throws StoreException {
      while (position < offset) {
        int wanted = (int) Math.min(SKIP_BYTES, offset - position);
        int skipped = content.read(ByteBuffer.allocate(wanted));
        if (skipped < 0) {
          return -1;
        }
        position += skipped;
      }
      int count = content.read(into);
      position += Math.max(0, count);
      return count;
    }

    @Override
    public void close() {
      content.close();
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
