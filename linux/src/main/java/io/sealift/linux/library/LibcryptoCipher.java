package io.sealift.linux.library;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.sealift.crypt.LayerCipher;
import io.sealift.crypt.LayerKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/// The cipher of encrypted layers by OpenSSL's `EVP` functions (OpenSSL 3, `EVP_DecryptInit(3)`,
/// `EVP_DigestSignInit(3)`): at full speed from the first byte, where that of the Java platform
/// waits for its second compiler.
final class LibcryptoCipher implements LayerCipher {

  /// `EVP_PKEY_HMAC`, the type of a key for an HMAC.
  private static final int PKEY_HMAC = 855;

  private static final int HMAC_BYTES = 32;

  private final SharedLibrary library;
  private final NativeFunction decrypt;
  private final NativeFunction sign;

  LibcryptoCipher(SharedLibrary library) {
    this.library = library;
    this.decrypt = library.function("EVP_DecryptUpdate");
    this.sign = library.function("EVP_DigestUpdate");
    for (String name :
        new String[] {
          "EVP_aes_256_ctr",
          "EVP_sha256",
          "EVP_CIPHER_CTX_new",
          "EVP_CIPHER_CTX_free",
          "EVP_DecryptInit_ex",
          "EVP_MD_CTX_new",
          "EVP_MD_CTX_free",
          "EVP_PKEY_new_raw_private_key",
          "EVP_PKEY_free",
          "EVP_DigestSignInit",
          "EVP_DigestSignFinal"
        }) {
      library.function(name);
    }
  }

  @Override
  public String name() {
    return Libcrypto.version(library);
  }

  @Override
  public Stream open(LayerKey key) {
    return new EvpStream(key);
  }

  /// Two contexts of the library, which clears and frees them on close.
  private final class EvpStream implements Stream {

    /// Holds the length that the library gives back.
    private final Arena arena = Arena.ofShared();

    private final MemorySegment length = arena.allocate(8, 8);

    /// Address of the `EVP_CIPHER_CTX`; 0 once it was freed.
    private long cipher;

    /// Address of the `EVP_MD_CTX`.
    private long mac;

    EvpStream(LayerKey key) {
      cipher = call("EVP_CIPHER_CTX_new");
      mac = call("EVP_MD_CTX_new");
      try (Arena secrets = Arena.ofConfined()) {
        MemorySegment secret = secrets.allocate(LayerKey.KEY_BYTES);
        MemorySegment nonce = secrets.allocate(LayerKey.NONCE_BYTES);
        try {
          MemorySegment.copy(key.key(), 0, secret, JAVA_BYTE, 0, LayerKey.KEY_BYTES);
          MemorySegment.copy(key.nonce(), 0, nonce, JAVA_BYTE, 0, LayerKey.NONCE_BYTES);
          begin(secret.address(), nonce.address());
        } finally {
          secret.fill((byte) 0);
        }
      }
    }

    private void begin(long secret, long nonce) {
      check("EVP_DecryptInit_ex", cipher, call("EVP_aes_256_ctr"), 0, secret, nonce);
      long key =
          NativeFunction.Wide.call(
              library.function("EVP_PKEY_new_raw_private_key"),
              PKEY_HMAC,
              0,
              secret,
              LayerKey.KEY_BYTES,
              0);
      try {
        check("EVP_DigestSignInit", mac, 0, call("EVP_sha256"), 0, key);
      } finally {
        library.function("EVP_PKEY_free").call(key);
      }
    }

    @Override
    public void decrypt(ByteBuffer bytes) {
      long address = SharedLibrary.address(bytes);
      int count = bytes.remaining();
      try {
        expectOne(sign, sign.call(live(mac), address, count));
        long result =
            NativeFunction.Wide.call(
                decrypt, live(cipher), address, length.address(), address, count);
        expectOne(decrypt, result);
      } finally {
        Reference.reachabilityFence(bytes);
      }
    }

    @Override
    public byte[] hmac() {
      try (Arena result = Arena.ofConfined()) {
        MemorySegment bytes = result.allocate(HMAC_BYTES);
        MemorySegment size = result.allocate(8, 8);
        size.set(java.lang.foreign.ValueLayout.JAVA_LONG, 0, HMAC_BYTES);
        NativeFunction end = library.function("EVP_DigestSignFinal");
        expectOne(end, end.call(live(mac), bytes.address(), size.address()));
        return bytes.toArray(JAVA_BYTE);
      }
    }

    @Override
    public void close() {
      if (cipher == 0) {
        return;
      }
      library.function("EVP_CIPHER_CTX_free").call(cipher);
      library.function("EVP_MD_CTX_free").call(mac);
      cipher = 0;
      mac = 0;
      arena.close();
    }

    private long call(String name) {
      return library.function(name).call();
    }

    private void check(String name, long... arguments) {
      NativeFunction function = library.function(name);
      expectOne(
          function,
          NativeFunction.Wide.call(
              function, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4]));
    }

    private static long live(long context) {
      if (context == 0) {
        throw new IllegalStateException("decrypt with a stream that is closed");
      }
      return context;
    }

    private static void expectOne(NativeFunction function, long result) {
      if ((int) result != 1) {
        throw new IllegalStateException(
            function.name() + ": expected 1, got %d".formatted((int) result));
      }
    }
  }
}
