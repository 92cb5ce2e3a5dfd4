package io.sealift.registry;

import io.sealift.failure.ImageException;
import io.sealift.registry.Trial.Sight;
import io.sealift.registry.Trial.Verdict;
import io.sealift.source.BlobStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A large blob. It comes over one connection, the front, like any other; while it does, a {@link
/// Trial} finds out whether a second one brings more, and when it does, what is far enough ahead
/// comes over several {@link Lanes}:
///
/// ```text
/// 0         position            fringe                                size
/// |-- read --|-- from the front --|-- chunk --|-- chunk --|-- chunk … --|
/// ```
///
/// Where lanes fail, or nobody fetches what is next, a front of its own fetches just that, with all
/// the patience that there is for one connection. What the lanes of a lost trial brought comes
/// again over the front, which never ended.
final class WideBlob implements BlobStream {

  /// Chunks that have to be left beyond the fringe for lanes to be worth it, for each of them.
  private static final int CHUNKS_FOR_EACH = 2;

  /// Chunks that the front has before it at least when a trial begins.
  private static final int MIN_LEAD_CHUNKS = 3;

  /// Chunks that a trial may cost.
  private static final int TRIAL_CHUNKS = 2;

  private final BlobBody body;
  private final Width width;
  private final Cancellation work;
  private final Supplier<Sight> now;
  private final long size;
  private long position;

  /// Null while lanes bring what is next.
  private @Nullable BlobBody front;

  /// Where the front ends.
  private long fringe;

  /// Null when there will be none any more.
  private @Nullable Trial trial;

  private volatile @Nullable Lanes lanes;

  /// Whether the fault that ended the lanes was waited out.
  private boolean isPatient;

  /// @param body just begun
  /// @param now the moment
  WideBlob(BlobBody body, Width width, Cancellation work, Supplier<Sight> now) {
    this.body = body;
    this.width = width;
    this.work = work;
    this.now = now;
    this.size = body.size();
    this.position = body.position();
    this.front = body;
    this.fringe = size;
    this.trial = body.isOfferedInParts() ? width.trial(now) : null;
  }

  @Override
  public int read(ByteBuffer into) throws ImageException, InterruptedIOException {
    while (true) {
      BlobBody direct = front;
      Lanes ahead = lanes;
      if (direct != null && (fringe == size || position < fringe)) {
        return readFront(direct, into);
      }
      if (direct != null) {
        endFront(direct, ahead);
      } else if (position == size) {
        end(ahead);
        return -1;
      } else if (ahead == null) {
        begin(size, null);
      } else {
        int count = ahead.read(into);
        if (count >= 0) {
          position += count;
          return count;
        }
        begin(ahead.gap(), ahead.fault());
      }
    }
  }

  private int readFront(BlobBody direct, ByteBuffer into)
      throws ImageException, InterruptedIOException {
    int limit = into.limit();
    if (fringe < size) {
      into.limit((int) Math.min(limit, into.position() + (fringe - position)));
    }
    try {
      long begun = System.nanoTime();
      int count = direct.read(into);
      long waited = System.nanoTime() - begun;
      position += Math.max(count, 0);
      if (trial != null) {
        observe(trial, waited);
      }
      return count;
    } finally {
      into.limit(limit);
    }
  }

  private void observe(Trial judge, long waited) {
    Lanes second = lanes;
    if (second == null) {
      if (judge.begins(waited)) {
        begin(judge);
      }
      return;
    }
    Verdict verdict = judge.verdict(second);
    boolean sound = second.fault() == null;
    if (verdict == Verdict.WON && sound) {
      second.start(width.lanes() - 1, Integer.MAX_VALUE);
      trial = null;
    } else if (verdict == Verdict.LOST || !sound || position == fringe) {
      judge.over();
      trial = sound ? judge : null;
      fringe = size;
      end(second);
    }
  }

  /// Begins a trial, where enough is left for what may follow.
  private void begin(Trial judge) {
    long chunk = width.chunkBytes();
    long from = position + Math.max(judge.lead(), MIN_LEAD_CHUNKS * chunk);
    if (size - from < CHUNKS_FOR_EACH * chunk * width.lanes()) {
      trial = null;
    } else if (width.take()) {
      Part rest = new Part(from, size, size, body.tag());
      Lanes second = new Lanes(body.operation(), body.opener(), rest, width, work.part(), now);
      fringe = from;
      lanes = second;
      second.start(1, TRIAL_CHUNKS);
    }
  }

  /// The lanes bring what is next, or nobody does.
  private void endFront(BlobBody direct, @Nullable Lanes ahead) {
    direct.close();
    front = null;
    if (ahead != null && ahead.isDone()) {
      end(ahead);
    }
  }

  /// Begins a front for what the lanes do not bring.
  ///
  /// @param fault why they do not
  private void begin(long to, @Nullable ImageException fault)
      throws ImageException, InterruptedIOException {
    BlobBody next = body.part(position, to, work.part());
    next.begin(isPatient ? null : fault);
    isPatient = true;
    front = next;
    fringe = next.extend() ? size : to;
    if (fringe == size) {
      end(lanes);
    }
  }

  private void end(@Nullable Lanes ahead) {
    if (ahead != null) {
      lanes = null;
      ahead.close();
    }
  }

  /// From any thread.
  @Override
  public void close() {
    work.close();
    Lanes ahead = lanes;
    if (ahead != null) {
      ahead.close();
    }
  }
}
