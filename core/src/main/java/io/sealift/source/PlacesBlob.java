package io.sealift.source;

import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Reference;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A blob from the first place that gives it. When that breaks off, the next place goes on from the
/// byte that was reached, if it can. Nothing is proved here: what several places gave together is
/// checked as one, and when that is not the blob, the next try is due:
///
/// | what came was from | asked next, for the whole |
/// |---|---|
/// | one place | the next one |
/// | several, of which the earlier ones broke off | the last of them: its part may have been good |
///
/// So no place gives bytes that are wrong by themselves more than once.
final class PlacesBlob implements BlobStream {

  private final Descriptor blob;
  private final boolean choice;
  private final Deque<From> rest;
  private final Tried tried;
  private final List<From> givers = new ArrayList<>();
  private long position;
  private long begunAt;
  private volatile @Nullable BlobStream current;
  private volatile boolean closed;
  private volatile boolean proved;

  /// A place, and its source when it is needed.
  record From(Place place, Source source) {}

  /// Opens a place.
  interface Source {
    ImageSource get() throws ImageException, InterruptedIOException;
  }

  /// @param offset where to begin, in bytes
  PlacesBlob(Reference name, Descriptor blob, List<From> places, long offset) {
    this.blob = blob;
    this.choice = places.size() > 1;
    this.rest = new ArrayDeque<>(places);
    this.tried = new Tried("fetch blob %s of %s".formatted(blob.digest(), name));
    this.position = offset;
  }

  /// Another try from the beginning, by the places that are left.
  private PlacesBlob(PlacesBlob spoiled) {
    this.blob = spoiled.blob;
    this.choice = true;
    this.rest = spoiled.rest;
    this.tried = spoiled.tried;
  }

  /// Reads all of it from place after place until it proves.
  static <T> T read(PlacesBlob first, LayerSource.Reader<T> reader)
      throws ImageException, InterruptedIOException {
    PlacesBlob next = first;
    ImageException before = null;
    while (true) {
      try (PlacesBlob blob = next) {
        blob.begin();
        return reader.read(blob, before);
      } catch (IntegrityException | UnsafeContentException | UnsupportedImageException bad) {
        if (next.proved || next.givers.isEmpty()) {
          throw bad; // it is the blob's own fault, or no place is left
        }
        before = next.spoiled(bad);
        next = new PlacesBlob(next);
      }
    }
  }

  /// Notes that what came is not the blob.
  private ImageException spoiled(ImageException bad) throws InterruptedIOException {
    List<String> names = new ArrayList<>();
    for (From giver : givers) {
      names.add(name(giver));
    }
    ImageException failure = Tried.from(names, bad);
    From last = givers.getLast();
    tried.failed(last.place(), failure);
    if (givers.size() > 1) {
      rest.addFirst(last);
    }
    return failure;
  }

  private static String name(From giver) throws InterruptedIOException {
    try {
      return giver.source().get().place();
    } catch (ImageException gone) {
      return giver.place().where();
    }
  }

  /// Opens the first place that has it.
  ///
  /// @throws ImageException when none has
  void begin() throws ImageException, InterruptedIOException {
    while (true) {
      From from = rest.poll();
      if (from == null) {
        givers.clear();
        throw tried.failure();
      }
      try {
        BlobStream opened = open(from.source().get());
        givers.add(from);
        begunAt = position;
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
      if (stream == null) {
        throw new IllegalStateException("not begun");
      }
      From from = givers.getLast();
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
                "fetch blob %s from %s: ended after %d of %d bytes"
                    .formatted(blob.digest(), name(from), position, blob.size()),
                null));
      } catch (ImageException failed) {
        next(from, failed);
      }
      stream.close();
      if (position == begunAt) {
        givers.removeLast();
      }
      begin();
    }
  }

  @Override
  public boolean hasOtherPlaces() {
    return choice;
  }

  @Override
  public void proved() {
    proved = true;
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
