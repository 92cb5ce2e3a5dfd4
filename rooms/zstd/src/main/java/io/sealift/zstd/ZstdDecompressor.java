package io.sealift.zstd;

import com.github.luben.zstd.util.Native;
import io.sealift.codec.Compression;
import io.sealift.codec.Decompressor;
import io.sealift.linux.library.Libzstd;
import io.sealift.linux.library.Loaded;
import java.util.function.Supplier;

/// Takes zstd compression away, with one of two engines: the machine's libzstd, or the one that the
/// zstd-jni library carries.
public final class ZstdDecompressor implements Decompressor {

  /// Bytes of the largest window that a frame may ask for, which is memory this process has to
  /// have: 32 MiB.
  ///
  /// RFC 8878 §3.1.1.1.2 asks all decoders for 8 MiB, which is what the encoders of today's image
  /// builders use at most; older ones went up to 32 MiB at their best level, as does zstd(1) at
  /// level 20. zstd(1) itself decodes up to 128 MiB, but three such layers side by side would be
  /// more than the whole memory that a pull may use.
  public static final long WINDOW_LIMIT = 32L << 20;

  private final String name;
  private final Supplier<FrameDecoder> engine;

  private ZstdDecompressor(String name, Supplier<FrameDecoder> engine) {
    this.name = name;
    this.engine = engine;
  }

  /// The one over the machine's library; costs a millisecond once.
  public static Loaded<Decompressor> load() {
    return switch (Libzstd.load()) {
      case Loaded.Present<Libzstd>(Libzstd library) ->
          new Loaded.Present<>(
              new ZstdDecompressor(library.name(), () -> new LibzstdFrames(library.open())));
      case Loaded.Absent<Libzstd>(String file, String reason) -> new Loaded.Absent<>(file, reason);
    };
  }

  /// The one over the library in zstd-jni's jar, for machines without their own. It is written to a
  /// file in `java.io.tmpdir`, which must allow to execute it.
  public static Loaded<Decompressor> loadBundled() {
    try {
      Native.load();
      return new Loaded.Present<>(new ZstdDecompressor("zstd-jni", ZstdJniFrames::new));
    } catch (LinkageError refused) {
      return new Loaded.Absent<>(
          "zstd-jni",
          "cannot be loaded from java.io.tmpdir: install libzstd1, or set -Djava.io.tmpdir to a"
              + " directory that is not mounted noexec");
    }
  }

  @Override
  public Compression compression() {
    return Compression.ZSTD;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Stream open() {
    return open(Windows.FREE);
  }

  @Override
  public Stream open(Windows windows) {
    return new ZstdStream(engine, WINDOW_LIMIT, windows);
  }
}
