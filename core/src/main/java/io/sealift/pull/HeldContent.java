package io.sealift.pull;

import io.sealift.browse.FileContent;
import io.sealift.browse.FileExtractor;
import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.unpack.TreeSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The content of one file of a layer, held back in a temporary file until the whole layer was
/// proved; from the first {@link #begin} until {@link #close}, which removes it.
final class HeldContent implements Landing, AutoCloseable {

  private final FileContent wanted;
  private final long maxBytes;
  private @Nullable FileChannel held;

  HeldContent(FileContent wanted, long maxBytes) {
    this.wanted = wanted;
    this.maxBytes = maxBytes;
  }

  /// With a new file: a thread that is interrupted while it writes closes its channel.
  @Override
  public TreeSink begin() throws ImageException {
    try {
      close();
      held =
          FileChannel.open(
              Files.createTempFile("sealift-", ".content"),
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
      return new FileExtractor(wanted, held, maxBytes);
    } catch (IOException failed) {
      throw new StoreException("write the content: " + failed.getMessage(), failed);
    }
  }

  void copyTo(OutputStream out) throws IOException {
    if (held == null) {
      throw new IllegalStateException("not begun");
    }
    Channels.newInputStream(held.position(0)).transferTo(out);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    if (held != null) {
      held.close();
    }
  }
}
