package io.sealift.service;

import static io.sealift.service.Log.field;

import io.sealift.oci.Descriptor;
import io.sealift.pull.LayerReport;
import io.sealift.pull.ProgressListener;
import io.sealift.service.ObservedPulls.Origin;
import io.sealift.service.metrics.Counter;
import io.sealift.service.metrics.Label;
import io.sealift.source.Resolved;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Listens to one pull for the log and the numbers, and passes on what it hears.
final class PullProgress implements ProgressListener {

  private final Log log;
  private final String image;
  private final ProgressListener next;
  private final Bytes fetched;
  private final Bytes unpacked;

  /// Places in the manifest of layers that another pull was fetching.
  private final Set<Integer> waited = ConcurrentHashMap.newKeySet();

  PullProgress(Log log, String image, ProgressListener next, Counter fetched, Counter unpacked) {
    this.log = log;
    this.image = image;
    this.next = next;
    this.fetched = new Bytes(fetched);
    this.unpacked = new Bytes(unpacked);
  }

  /// @param index of the layer's first place in the manifest
  Origin origin(int index, LayerReport layer) {
    if (!layer.cached()) {
      return Origin.FETCHED;
    }
    return waited.contains(index) ? Origin.SHARED : Origin.CACHED;
  }

  long fetchedBytes() {
    return fetched.sum.get();
  }

  long unpackedBytes() {
    return unpacked.sum.get();
  }

  @Override
  public void resolved(Resolved resolved) {
    log.debug(
        "image found",
        field("image", image),
        field("digest", resolved.manifestDigest()),
        field("layers", resolved.layers().size()));
    next.resolved(resolved);
  }

  @Override
  public void layer(int index, Descriptor layer, Stage stage) {
    if (stage == Stage.WAITING_FOR_OTHER) {
      waited.add(index);
    }
    log.log(
        stage == Stage.STORED ? Log.Level.INFO : Log.Level.DEBUG,
        "layer",
        field("image", image),
        field("index", index),
        field("digest", layer.digest()),
        field("size", layer.size()),
        field("stage", Label.value(stage)));
    next.layer(index, layer, stage);
  }

  @Override
  public void fetched(int index, long bytes) {
    fetched.add(index, bytes);
    next.fetched(index, bytes);
  }

  @Override
  public void unpacked(int index, long bytes) {
    unpacked.add(index, bytes);
    next.unpacked(index, bytes);
  }

  @Override
  public void note(String text) {
    log.info("note", field("image", image), field("text", text));
    next.note(text);
  }

  /// Adds to a counter what came since the last time; listeners are told how much there is so far.
  private static final class Bytes {

    private final Counter counter;
    private final AtomicLong sum = new AtomicLong();
    private final Map<Integer, AtomicLong> soFar = new ConcurrentHashMap<>();

    Bytes(Counter counter) {
      this.counter = counter;
    }

    void add(int index, long bytes) {
      AtomicLong last = soFar.computeIfAbsent(index, _ -> new AtomicLong());
      long before = last.getAndSet(bytes);
      long more = bytes >= before ? bytes - before : bytes; // fewer: the layer began anew
      if (more > 0) {
        counter.add(more);
        sum.addAndGet(more);
      }
    }
  }
}
