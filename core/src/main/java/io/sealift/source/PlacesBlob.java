package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Reference;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A blob from the first place that gives it. When that breaks off, the next place goes on from the
/// byte that was reached, if it can. Nothing is proved here: what several places gave together is
/// checked as one.
final class PlacesBlob implements BlobStream {

  private final Descriptor blob;
  private final Deque<From> rest;
  private final Tried tried;
  private long position;
  private volatile @Nullable BlobStream current;
  private @Nullable From giving;
  private volatile boolean closed;

  /// A place, and its source when it is needed.
  record From(Place place, Source source) {}

  /// Opens a place.
  interface Source {
    ImageSource get() throws ImageException, InterruptedIOException;
  }

  /// @param offset where to begin, in bytes
  PlacesBlob(Reference name, Descriptor blob, List<From> places, long offset) {
    this.blob = blob;
    this.rest = new ArrayDeque<>(places);
    this.tried = new Tried("fetch blob %s of %s".formatted(blob.digest(), name));
    this.position = offset;
  }

  /// Opens the first place that has it.
  ///
  /// @throws ImageException when none has
  void begin() throws ImageException, InterruptedIOException {
    while (true) {
      From from = rest.poll();
      if (from == null) {
        throw tried.failure();
      }
      try {
        BlobStream opened = open(from.source().get());
        giving = from;
        current = opened;
        if (closed) {
          opened.close();
        }
        return;
      } catch (ImageException failed) {
        next(from, failed);
      }
    }
  }

  private BlobStream open(ImageSource source) throws ImageException, InterruptedIOException {
    if (position == 0) {
      return source.open(blob);
    }
    if (source instanceof LayerSource.Ranged ranged) {
      return ranged.open(blob, position);
    }
    throw TransferException.lasting(
        "fetch blob %s of %s: cannot begin at byte %d"
            .formatted(blob.digest(), source.place(), position),
        null);
  }

  private void next(From from, ImageException failed) throws ImageException {
    tried.failed(from.place(), failed);
    if (closed) {
      throw failed;
    }
  }

  @Override
  public int read(ByteBuffer into) throws ImageException, InterruptedIOException {
    while (true) {
      BlobStream stream = current;
      From from = giving;
      if (stream == null || from == null) {
        throw new IllegalStateException("not begun");
      }
      try {
        int count = stream.read(into);
        if (count >= 0) {
          position += count;
          return count;
        }
        if (position >= blob.size() || rest.isEmpty()) {
          return count;
        }
        next(
            from,
            TransferException.lasting(
                "fetch blob %s: ended after %d of %d bytes"
                    .formatted(blob.digest(), position, blob.size()),
                null));
      } catch (ImageException failed) {
        next(from, failed);
      }
      stream.close();
      begin();
    }
  }

  @Override
  public void close() {
    closed = true;
    BlobStream stream = current;
    if (stream != null) {
      stream.close();
    }
  }
}
