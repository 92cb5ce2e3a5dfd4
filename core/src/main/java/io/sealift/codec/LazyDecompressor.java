package io.sealift.codec;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A decompressor whose library is looked for when the first layer needs it. Thread-safe.
public final class LazyDecompressor implements Decompressor {

  private final Compression compression;
  private final Supplier<Decompressor> load;
  private @Nullable Decompressor loaded;

  /// @param load finds it, and is called once
  public LazyDecompressor(Compression compression, Supplier<Decompressor> load) {
    this.compression = compression;
    this.load = load;
  }

  private synchronized Decompressor loaded() {
    Decompressor found = loaded;
    if (found == null) {
      found = load.get();
      loaded = found;
    }
    return found;
  }

  @Override
  public Compression compression() {
    return compression;
  }

  @Override
  public String name() {
    return loaded().name();
  }

  @Override
  public Stream open() {
    return loaded().open();
  }

  @Override
  public Stream open(Windows windows) {
    return loaded().open(windows);
  }
}
