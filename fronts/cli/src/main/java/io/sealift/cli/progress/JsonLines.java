package io.sealift.cli.progress;

import io.sealift.cli.console.Json;
import io.sealift.oci.Descriptor;
import io.sealift.source.Resolved;
import java.io.PrintStream;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// A JSON object for each event, one a line:
///
/// | `event` | members |
/// |---|---|
/// | `resolved` | `image`, `digest`, `place`, `layers`: each with `digest` and `size` |
/// | `layer` | `index` from 0, `digest`, `stage`, `millis` since the start |
/// | `bytes` | `index`, `fetched` or `unpacked`: bytes so far; at most ten of each a second and layer |
/// | `note` | `text` |
final class JsonLines implements Progress {

  /// Between two lines about bytes of the same kind and layer (100 ms), in nanoseconds.
  private static final long PACE = 100_000_000;

  private final PrintStream out;
  private final LongSupplier nanoTime;
  private final long begun;
  private final ConcurrentHashMap<String, Long> told = new ConcurrentHashMap<>();

  JsonLines(PrintStream out, LongSupplier nanoTime) {
    this.out = out;
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
  }

  @Override
  public void resolved(Resolved image) {
    event("resolved")
        .with("image", image.name().toString())
        .with("digest", image.manifestDigest().toString())
        .with("place", image.place())
        .with("layers", image.layers().stream().map(JsonLines::layer).toList())
        .printLine(out);
  }

  private static Object layer(Descriptor layer) {
    return new Json().with("digest", layer.digest().toString()).with("size", layer.size()).value();
  }

  @Override
  public void layer(int index, Descriptor layer, Stage stage) {
    event("layer")
        .with("index", index)
        .with("digest", layer.digest().toString())
        .with("stage", LayerState.name(stage))
        .with("millis", (nanoTime.getAsLong() - begun) / 1_000_000)
        .printLine(out);
  }

  @Override
  public void fetched(int index, long bytes) {
    bytes(index, "fetched", bytes);
  }

  @Override
  public void unpacked(int index, long bytes) {
    bytes(index, "unpacked", bytes);
  }

  private void bytes(int index, String kind, long bytes) {
    long now = nanoTime.getAsLong();
    String key = kind + index;
    Long last = told.get(key);
    if (last == null || now - last >= PACE) {
      told.put(key, now);
      event("bytes").with("index", index).with(kind, bytes).printLine(out);
    }
  }

  @Override
  public void note(String text) {
    event("note").with("text", text).printLine(out);
  }

  private static Json event(String name) {
    return new Json().with("event", name);
  }
}
