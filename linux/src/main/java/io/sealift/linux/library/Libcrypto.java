package io.sealift.linux.library;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sealift.crypt.LayerCipher;
import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.verify.Hasher;
import io.sealift.verify.Hashing;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/// Digests by OpenSSL's `EVP` functions (OpenSSL 3, `EVP_DigestInit(3)`): at full speed from the
/// first byte, where those of the Java platform wait for its second compiler.
public final class Libcrypto implements Hashing {

  private static final String FILE = "libcrypto.so.3";

  /// Bytes of the native copy through which heap buffers pass.
  private static final int COPY_BYTES = 16 * 1024;

  private final SharedLibrary library;
  private final NativeFunction contextNew;
  private final NativeFunction contextFree;
  private final NativeFunction init;
  private final NativeFunction update;
  private final NativeFunction finish;

  private Libcrypto(SharedLibrary library) {
    this.library = library;
    this.contextNew = library.function("EVP_MD_CTX_new");
    this.contextFree = library.function("EVP_MD_CTX_free");
    this.init = library.function("EVP_DigestInit_ex");
    this.update = library.function("EVP_DigestUpdate");
    this.finish = library.function("EVP_DigestFinal_ex");
  }

  /// The cipher of encrypted layers by the same library.
  public static Loaded<LayerCipher> loadCipher() {
    return SharedLibrary.load(
        FILE, "OpenSSL 3 (libssl3)", library -> new Loaded.Present<>(new LibcryptoCipher(library)));
  }

  /// Looks for the library; costs a few milliseconds once.
  public static Loaded<Hashing> load() {
    return SharedLibrary.load(
        FILE, "OpenSSL 3 (libssl3)", library -> new Loaded.Present<>(new Libcrypto(library)));
  }

  @Override
  public String name() {
    return version(library);
  }

  static String version(SharedLibrary library) {
    long version = library.function("OpenSSL_version_num").call();
    // 0xMNN00PP0 (OpenSSL_version_num(3))
    return "libcrypto "
        + (version >> 28 & 0xf)
        + "."
        + (version >> 20 & 0xff)
        + "."
        + (version >> 4 & 0xff);
  }

  @Override
  public Hasher open(DigestAlgorithm algorithm) {
    return new EvpHasher(algorithm);
  }

  private static String function(DigestAlgorithm algorithm) {
    return switch (algorithm) {
      case SHA256 -> "EVP_sha256";
      case SHA384 -> "EVP_sha384";
      case SHA512 -> "EVP_sha512";
    };
  }

  /// A digest context of the library, freed on close.
  private final class EvpHasher implements Hasher {

    private final DigestAlgorithm algorithm;

    /// Address of the `EVP_MD_CTX`; 0 once it was freed.
    private long context;

    EvpHasher(DigestAlgorithm algorithm) {
      this.algorithm = algorithm;
      this.context = contextNew.call();
      check(init, init.call(live(), library.function(function(algorithm)).call(), 0));
    }

    @Override
    public void update(ByteBuffer bytes) {
      if (bytes.isDirect()) {
        try {
          add(SharedLibrary.address(bytes), bytes.remaining());
        } finally {
          Reference.reachabilityFence(bytes);
        }
        bytes.position(bytes.limit());
      } else {
        updateFromHeap(bytes);
      }
    }

    private void updateFromHeap(ByteBuffer bytes) {
      try (Arena arena = Arena.ofConfined()) {
        ByteBuffer copy =
            arena.allocate(Math.min(COPY_BYTES, Math.max(1, bytes.remaining()))).asByteBuffer();
        while (bytes.hasRemaining()) {
          int length = Math.min(copy.capacity(), bytes.remaining());
          copy.clear().put(0, bytes, bytes.position(), length);
          add(SharedLibrary.address(copy), length);
          bytes.position(bytes.position() + length);
        }
      }
    }

    private void add(long address, int length) {
      check(update, update.call(live(), address, length));
    }

    @Override
    public Digest digest() {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment bytes = arena.allocate(algorithm.hexLength() / 2);
        check(finish, finish.call(live(), bytes.address(), 0));
        close();
        return new Digest(algorithm, HexFormat.of().formatHex(bytes.toArray(JAVA_BYTE)));
      }
    }

    @Override
    public void close() {
      long freed = context;
      context = 0;
      contextFree.call(freed);
    }

    private long live() {
      if (context == 0) {
        throw new IllegalStateException("digest with a hasher that has ended");
      }
      return context;
    }

    private static void check(NativeFunction function, long result) {
      if ((int) result != 1) {
        throw new IllegalStateException(
            function.name() + ": expected 1, got %d".formatted((int) result));
      }
    }
  }
}
