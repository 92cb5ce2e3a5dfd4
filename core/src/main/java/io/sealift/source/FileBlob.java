package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;

/// A part of a file as the bytes of a blob; from the constructor until {@link #close}, which closes
/// the channel too.
final class FileBlob implements BlobStream {

  private final String subject;
  private final FileChannel channel;
  private final long end;
  private long position;

  /// @param start where the blob begins in the file
  /// @param end where it ends
  FileBlob(String subject, FileChannel channel, long start, long end) {
    this.subject = subject;
    this.channel = channel;
    this.position = start;
    this.end = end;
  }

  @Override
  public int read(ByteBuffer into) throws ImageException, InterruptedIOException {
    if (position >= end) {
      return -1;
    }
    int limit = into.limit();
    into.limit((int) Math.min(limit, into.position() + (end - position)));
    try {
      int count = channel.read(into, position);
      if (count > 0) {
        position += count;
      }
      return count;
    } catch (ClosedByInterruptException interrupted) {
      throw interruption(interrupted);
    } catch (IOException failed) {
      throw TransferException.lasting("read %s: %s".formatted(subject, failed), failed);
    } finally {
      into.limit(limit);
    }
  }

  private static InterruptedIOException interruption(IOException cause) {
    InterruptedIOException interrupted = new InterruptedIOException("read: interrupted");
    interrupted.initCause(cause);
    return interrupted;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException nothingToLose) {
      // The file was only read.
      System.getLogger(FileBlob.class.getName())
          .log(System.Logger.Level.DEBUG, "close {0}: {1}", subject, nothingToLose.getMessage());
    }
  }
}
