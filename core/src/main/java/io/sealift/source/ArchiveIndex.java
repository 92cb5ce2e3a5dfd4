package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.source.ArchiveFiles.Extent;
import io.sealift.tar.TarEntry;
import io.sealift.tar.TarLimits;
import io.sealift.tar.TarReader;
import io.sealift.tar.TarSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the headers of a tar file that holds a layout and notes where its regular files lie,
/// passing over their content.
final class ArchiveIndex {

  /// A layout has a member for each blob; names of blobs have a hundred and fifty bytes.
  private static final TarLimits LIMITS = new TarLimits(100_000, 64 * 1024, 1);

  private final FileChannel channel;
  private final String subject;

  ArchiveIndex(FileChannel channel, String subject) {
    this.channel = channel;
    this.subject = subject;
  }

  /// Regular files by their paths, without `./` or `/` before them; of two with one path the later.
  Map<String, Extent> read() throws ImageException, InterruptedIOException {
    Map<String, Extent> extents = new HashMap<>();
    TarReader tar = new TarReader(new ChannelSource(), subject, LIMITS);
    for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
      if (entry.kind() == TarEntry.Kind.FILE) {
        extents.put(path(entry), extent(entry, tar.position()));
      }
    }
    return extents;
  }

  private Extent extent(TarEntry entry, long start) throws ImageException {
    if (entry.sparse() != null) {
      throw new UnsafeContentException(
          "read %s: %s: expected a plain file, found a sparse one".formatted(subject, path(entry)));
    }
    return new Extent(start, entry.size());
  }

  private static String path(TarEntry entry) {
    String path = new String(entry.name(), StandardCharsets.UTF_8);
    while (path.startsWith("./") || path.startsWith("/")) {
      path = path.substring(path.indexOf('/') + 1);
    }
    return path;
  }

  /// The archive from its start, with jumps over what is not wanted.
  private final class ChannelSource implements TarSource {

    /// Holds a header or two; more would be read for nothing, since blobs come between them.
    private final ByteBuffer buffer = ByteBuffer.allocate(4096);

    private long position;

    @Override
    public @Nullable ByteBuffer next() throws ImageException, InterruptedIOException {
      try {
        int count = channel.read(buffer.clear(), position);
        if (count < 0) {
          return null;
        }
        position += count;
        return buffer.flip();
      } catch (IOException failed) {
        throw failure(failed);
      }
    }

    @Override
    public long skip(long count) throws ImageException, InterruptedIOException {
      try {
        long skipped = Math.clamp(channel.size() - position, 0, count);
        position += skipped;
        return skipped;
      } catch (IOException failed) {
        throw failure(failed);
      }
    }

    private ImageException failure(IOException failed) throws InterruptedIOException {
      if (failed instanceof ClosedByInterruptException) {
        InterruptedIOException interrupted =
            new InterruptedIOException("read %s: interrupted".formatted(subject));
        interrupted.initCause(failed);
        throw interrupted;
      }
      return TransferException.lasting("read %s: %s".formatted(subject, failed), failed);
    }
  }
}
