package io.sealift.pull;

import io.sealift.codec.Compression;
import io.sealift.codec.Decompressor;
import io.sealift.codec.Decompressors;
import io.sealift.crypt.Decryption;
import io.sealift.crypt.LayerCipher;
import io.sealift.crypt.LayerKeys;
import io.sealift.failure.ImageException;
import io.sealift.failure.IntegrityException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.failure.UnsupportedImageException;
import io.sealift.oci.Descriptor;
import io.sealift.oci.DiffId;
import io.sealift.oci.EmbeddedData;
import io.sealift.pull.StageTimes.Stage;
import io.sealift.source.BlobStream;
import io.sealift.source.EmbeddedBlob;
import io.sealift.source.LayerSource;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.UnpackLimits;
import io.sealift.unpack.Unpacker;
import io.sealift.verify.ExpectedBytes;
import io.sealift.verify.Hashing;
import io.sealift.verify.Verification;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Runs layers, one after the other, from their source into a sink over three threads, with every
/// byte digested twice:
///
/// | thread | does | proves |
/// |---|---|---|
/// | fetch | reads, decrypts, decompresses | size and digest of the descriptor, HMAC and digest of what was encrypted |
/// | digest | hashes the plain bytes | the diff_id |
/// | unpack | reads the tar, writes the tree | names, types and bounds |
///
/// Nothing about a layer is proved before {@link #run} returned. Thread-safe; a layer waits until
/// there are buffers for it.
final class LayerPipeline {

  private static final int DIGEST = 0;
  private static final int UNPACK = 1;

  private final LayerSource source;
  private final Decompressors decompressors;
  private final Hashing hashing;
  private final LayerKeys keys;
  private final LayerCipher cipher;
  private final UnpackLimits limits;
  private final LayerMemory memory;

  LayerPipeline(
      LayerSource source,
      Decompressors decompressors,
      Hashing hashing,
      LayerKeys keys,
      LayerCipher cipher,
      UnpackLimits limits,
      LayerMemory memory) {
    this.source = source;
    this.decompressors = decompressors;
    this.hashing = hashing;
    this.keys = keys;
    this.cipher = cipher;
    this.limits = limits;
    this.memory = memory;
  }

  /// A layer that arrived whole and was what manifest and config said.
  ///
  /// @param tarBytes bytes of the plain tar
  /// @param decompressor name of what took the compression away; `none` when there was none
  record Arrived(TreeSummary summary, long tarBytes, String decompressor) {}

  /// Opens the key of an encrypted layer; null when the layer is not encrypted. The caller closes
  /// it.
  @Nullable Decryption unlock(Descriptor layer) throws ImageException, InterruptedIOException {
    return keys.open(layer);
  }

  /// Brings one layer to where it goes. When it returns, every byte was proved.
  Arrived run(Descriptor layer, DiffId diffId, Landing landing, Meter meter)
      throws ImageException, InterruptedIOException {
    try (Decryption decryption = unlock(layer)) {
      return run(layer, decryption, diffId, landing, meter, new StageTimes.Clock());
    }
  }

  /// The same with a key that was opened already.
  Arrived run(
      Descriptor layer,
      @Nullable Decryption decryption,
      DiffId diffId,
      Landing landing,
      Meter meter,
      StageTimes.Clock clock)
      throws ImageException, InterruptedIOException {
    EmbeddedData embedded = layer.data();
    LayerSource from = embedded == null ? source : _ -> new EmbeddedBlob(embedded);
    try (LayerBuffers.Loan loan = memory.buffers.take()) {
      return from.read(
          layer,
          (stream, before) -> {
            if (before != null) {
              meter.again(
                  "layer %s: fetched again, from another place; %s"
                      .formatted(layer.digest(), before.getMessage()));
            }
            return new Run(loan, stream, layer, decryption, diffId, meter, clock, landing).land();
          });
    }
  }

  /// One layer on its way; each method runs on a thread of its own.
  private final class Run {

    private final BufferRing plain;
    private final ByteBuffer packed;
    private final BlobStream stream;
    private final Descriptor layer;
    private final @Nullable Decryption decryption;
    private final DiffId diffId;
    private final Meter meter;
    private final StageTimes.Clock clock;
    private final Landing landing;
    private long packedBytes;
    private long plainBytes;
    private @Nullable Decompressor decompressor;
    private @Nullable TreeSummary summary;

    /// Whether what is wrong inside the layer means nothing before all of it was proved: the key
    /// may be another one, or the place may have given something else.
    private final boolean proofFirst;

    Run(
        LayerBuffers.Loan loan,
        BlobStream stream,
        Descriptor layer,
        @Nullable Decryption decryption,
        DiffId diffId,
        Meter meter,
        StageTimes.Clock clock,
        Landing landing) {
      this.plain = loan.plain();
      this.packed = loan.packed();
      this.stream = stream;
      this.layer = layer;
      this.decryption = decryption;
      this.diffId = diffId;
      this.meter = meter;
      this.clock = clock;
      this.landing = landing;
      this.proofFirst = decryption != null || stream.hasOtherPlaces();
    }

    Arrived land() throws ImageException, InterruptedIOException {
      plain.reset();
      try (TreeSink sink = landing.begin();
          TaskGroup group = new TaskGroup();
          Verification verification = ExpectedBytes.of(diffId).begin(hashing)) {
        OutputStream split = landing.split();
        group.onCancel(stream::close);
        String name = layer.digest().hex().substring(0, 12);
        group.fork("fetch " + name, this::fetch);
        group.fork("digest " + name, () -> digest(verification));
        group.fork("unpack " + name, () -> unpack(sink, split));
        group.join();
        verification.complete();
        return new Arrived(
            Objects.requireNonNull(summary),
            verification.size(),
            Objects.requireNonNull(decompressor).name());
      }
    }

    private void fetch() throws ImageException, InterruptedIOException {
      try (Verification verification = ExpectedBytes.of("layer", layer).begin(hashing);
          Decryption.Stream decrypting =
              decryption == null ? null : decryption.begin(cipher, hashing, diffId)) {
        Packed input = new Packed(verification, decrypting);
        ImageException malformed = null;
        try {
          inflate(input);
        } catch (IntegrityException | UnsafeContentException | UnsupportedImageException failed) {
          if (!proofFirst) {
            throw failed;
          }
          malformed = failed;
        }
        input.complete();
        if (malformed != null) {
          throw malformed;
        }
        if (plain.claim().position() > 0) {
          naming(this::publish);
        }
        plain.end();
      }
    }

    /// The packed bytes as they come, decrypted.
    private final class Packed {

      private final Verification verification;
      private final Decryption.@Nullable Stream decrypting;
      private boolean more = true;

      Packed(Verification verification, Decryption.@Nullable Stream decrypting) {
        this.verification = verification;
        this.decrypting = decrypting;
      }

      /// Reads until the buffer holds at least `atLeast` bytes, or the blob ended.
      void fill(int atLeast) throws ImageException, InterruptedIOException {
        long now = System.nanoTime();
        packed.clear();
        while (packed.position() < atLeast && more) {
          more = stream.read(packed) >= 0;
        }
        packed.flip();
        now = clock.add(Stage.FETCH, now);
        verification.update(packed.duplicate());
        now = clock.add(Stage.DIGEST_BLOB, now);
        if (decrypting != null) {
          decrypting.decrypt(packed);
          clock.add(Stage.DECRYPT, now);
        }
        packedBytes += packed.remaining();
        meter.fetched(packedBytes);
      }

      /// Reads what is left, and ends: the bytes were those of the descriptor, and of the key.
      void complete() throws ImageException, InterruptedIOException {
        while (more) {
          fill(1);
        }
        verification.complete();
        stream.proved();
        if (decrypting != null) {
          decrypting.complete();
        }
      }
    }

    private void inflate(Packed input) throws ImageException, InterruptedIOException {
      input.fill(Decompressor.HEAD_BYTES);
      Decompressor chosen = decompressors.choose(Compression.detect(packed));
      decompressor = chosen;
      try (WindowBudget.Share share = memory.windows.open();
          Decompressor.Stream inflater = chosen.open(share)) {
        while (packed.hasRemaining()) {
          naming(() -> inflate(inflater));
          if (input.more) {
            input.fill(1);
          }
        }
        naming(inflater::finish);
      }
    }

    /// Does something with the layer's content, and names the layer when the content is bad.
    private void naming(TaskGroup.Task step) throws ImageException, InterruptedIOException {
      try {
        step.run();
      } catch (IntegrityException bad) {
        throw new IntegrityException(named(bad), bad);
      } catch (UnsafeContentException bad) {
        throw new UnsafeContentException(named(bad), bad);
      }
    }

    private String named(ImageException bad) {
      return "layer %s: %s".formatted(layer.digest(), bad.getMessage());
    }

    /// Inflates all of the packed buffer, and whatever output waits inside.
    private void inflate(Decompressor.Stream inflater)
        throws ImageException, InterruptedIOException {
      boolean full = true;
      while (packed.hasRemaining() || full) {
        ByteBuffer output = plain.claim();
        long now = System.nanoTime();
        inflater.decompress(packed, output);
        clock.add(Stage.INFLATE, now);
        full = !output.hasRemaining();
        if (full) {
          publish();
        }
      }
    }

    /// Bounds come first, so that the unpacker, which has the same ones, is not there before.
    private void publish() throws ImageException, InterruptedIOException {
      plainBytes += plain.claim().position();
      if (plainBytes > limits.maxBytes()) {
        throw new UnsafeContentException(
            "inflate: expected at most %d bytes of tar (maxBytes), found more"
                .formatted(limits.maxBytes()));
      }
      if (plainBytes > UnpackLimits.RATIO_FREE_BYTES
          && (plainBytes - 1) / packedBytes >= limits.maxRatio()) {
        throw new UnsafeContentException(
            "inflate: expected at most %d plain bytes for each compressed one (maxRatio), found %d for %d"
                .formatted(limits.maxRatio(), plainBytes, packedBytes));
      }
      landing.grow(plainBytes);
      plain.publish();
    }

    private void digest(Verification verification) throws ImageException, InterruptedIOException {
      for (long number = 0; ; number++) {
        ByteBuffer bytes = plain.next(DIGEST, number);
        if (bytes == null) {
          return;
        }
        long now = System.nanoTime();
        verification.update(bytes);
        clock.add(Stage.DIGEST_TAR, now);
      }
    }

    private void unpack(TreeSink sink, OutputStream split)
        throws ImageException, InterruptedIOException {
      PlainTar tar = new PlainTar(plain, meter, clock);
      try {
        naming(() -> summary = new Unpacker(limits).unpack(tar, sink, split));
        tar.working();
      } catch (ImageException malformed) {
        if (proofFirst) {
          tar.skip();
        }
        throw malformed;
      }
    }
  }

  /// The plain bytes for the unpacker.
  private static final class PlainTar implements io.sealift.unpack.TarInput {

    private final BufferRing plain;
    private final Meter meter;
    private final StageTimes.Clock clock;
    private long number;
    private long bytes;
    private long since = System.nanoTime();

    PlainTar(BufferRing plain, Meter meter, StageTimes.Clock clock) {
      this.plain = plain;
      this.meter = meter;
      this.clock = clock;
    }

    /// Says that the time since the last buffer was one of work.
    void working() {
      clock.add(Stage.UNPACK, since);
    }

    void skip() throws InterruptedIOException {
      while (next() != null) {}
    }

    @Override
    public @Nullable ByteBuffer next() throws InterruptedIOException {
      working();
      meter.unpacked(bytes);
      ByteBuffer buffer = plain.next(UNPACK, number);
      since = System.nanoTime();
      if (buffer != null) {
        number++;
        bytes += buffer.remaining();
      }
      return buffer;
    }
  }
}
