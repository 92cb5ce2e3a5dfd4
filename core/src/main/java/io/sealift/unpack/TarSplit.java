package io.sealift.unpack;

import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.StoreException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A layer's tar split: all of the tar that is not content of files, in a compact form, as {@link
/// Unpacker} writes it. Together with the files of the layer's tree it gives the very tar again.
///
/// The format, after eight bytes `SLSPLIT1`, is a sequence of operations; numbers are unsigned
/// LEB128 of at most 63 bits:
///
/// | byte | then | stands for |
/// |--:|---|---|
/// | 0 | – | the end of the tar; nothing follows |
/// | 1 | count | that many zeros |
/// | 2 | count, bytes | these bytes |
/// | 3, 4, 5 | runs; for each: gap, count, bytes | a block of 512 bytes: the one before with the same number, with these bytes put in, each run `gap` after the one before |
/// | 6 | shared, count, bytes, size | content of a file from 0 to `size`; its path is the first `shared` bytes of the last path and these bytes |
/// | 7 | gap, size | content of the same file, `gap` after the end of what came before |
///
/// An entry whose file is replaced by a later entry of the same layer has its content nowhere but
/// in the tar. Such layers are forbidden by the image specification but seen; their tar is rebuilt
/// with the later file's content, or cut short, and fails on its digest. Whoever checks it has to
/// see in the headers that this is so.
public final class TarSplit implements TarInput, AutoCloseable {

  private final SplitReader reader;

  private TarSplit(SplitReader reader) {
    this.reader = reader;
  }

  /// Begins to rebuild a tar. Its bytes are proved by nothing but their digest, so whoever reads
  /// them computes it; the split itself is read with bounds, since it may have been altered.
  ///
  /// @param split what {@link Unpacker#unpack} wrote; closed together with this
  /// @param files where the content is
  /// @param limits bounds on paths and on the bytes of the tar
  public static TarSplit rebuild(InputStream split, FileContents files, UnpackLimits limits) {
    return new TarSplit(new SplitReader(split, files, limits));
  }

  /// The next bytes of the tar, never empty.
  ///
  /// @throws IntegrityException when the split is not well formed, or a file has less content than
  ///   it had
  /// @throws StoreException when split or file cannot be read
  @Override
  public @Nullable ByteBuffer next() throws ImageException, InterruptedIOException {
    return reader.next();
  }

  @Override
  public void close() throws StoreException {
    reader.close();
  }

  /// The content of a layer's regular files. Symlinks that lead to a file's directory are followed
  /// as they were while unpacking, within the root of the layer; the file itself is none.
  @FunctionalInterface
  public interface FileContents {

    /// Opens the file at `path`; the caller closes it before it opens another one.
    ///
    /// @throws IntegrityException when there is no such file
    FileContent open(LayerPath path) throws ImageException, InterruptedIOException;
  }

  /// The content of one file.
  public interface FileContent extends AutoCloseable {

    /// Reads bytes at `offset` into the buffer's remaining space, as many as there are at once.
    ///
    /// @return bytes read, none only when there is no space; -1 at the end of the file
    int read(ByteBuffer into, long offset) throws StoreException;

    @Override
    void close();
  }
}
