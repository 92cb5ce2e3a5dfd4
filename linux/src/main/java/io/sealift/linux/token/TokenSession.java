package io.sealift.linux.token;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A conversation with one token, from {@link TokenModule#open(Token)} until {@link #close}, which
/// logs out. For the thread that began it.
public final class TokenSession implements AutoCloseable {

  /// Keys of one description that are told apart; more than one is an error anyway.
  private static final int MAX_KEYS = 16;

  private static final long SERIAL_SESSION = 4;
  private static final long USER = 1;
  private static final long CLASS = 0x0;
  private static final long LABEL = 0x3;
  private static final long KEY_TYPE = 0x100;
  private static final long ID = 0x102;
  private static final long PRIVATE_KEY = 3;
  private static final long RSA = 0;

  /// Bytes of `CK_ATTRIBUTE` and of `CK_MECHANISM`: a type, an address, a length.
  private static final long TRIPLE_BYTES = 24;

  /// Bytes of `CK_RSA_PKCS_OAEP_PARAMS`.
  private static final long OAEP_BYTES = 40;

  /// The label is given as it is (`CKZ_DATA_SPECIFIED`).
  private static final long DATA_SPECIFIED = 1;

  private final Cryptoki cryptoki;
  private final long handle;
  private boolean loggedIn;

  private TokenSession(Cryptoki cryptoki, long handle) {
    this.cryptoki = cryptoki;
    this.handle = handle;
  }

  static TokenSession open(Cryptoki cryptoki, Token token) throws TokenException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment handle = arena.allocate(JAVA_LONG);
      cryptoki.must(Function.C_OPEN_SESSION, token.slot(), SERIAL_SESSION, 0, 0, handle.address());
      return new TokenSession(cryptoki, handle.get(JAVA_LONG, 0));
    }
  }

  /// Logs in as the token's user.
  ///
  /// @param pin UTF-8; the caller clears it
  public void login(byte[] pin) throws TokenException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(Math.max(1, pin.length));
      try {
        MemorySegment.copy(pin, 0, copy, JAVA_BYTE, 0, pin.length);
        long result = cryptoki.call(Function.C_LOGIN, handle, USER, copy.address(), pin.length, 0);
        if (result != TokenException.OK && result != TokenException.ALREADY_LOGGED_IN) {
          throw new TokenException(Function.C_LOGIN, result);
        }
        loggedIn = result == TokenException.OK;
      } finally {
        copy.fill((byte) 0);
      }
    }
  }

  /// The private RSA keys with this label and identifier, by their handles, which end with the
  /// session.
  ///
  /// @param label UTF-8 (`CKA_LABEL`); null for any
  /// @param id `CKA_ID`; null for any
  public List<Long> privateKeys(byte @Nullable [] label, byte @Nullable [] id)
      throws TokenException {
    try (Arena arena = Arena.ofConfined()) {
      List<MemorySegment> wanted = new ArrayList<>();
      wanted.add(triple(arena, CLASS, word(arena, PRIVATE_KEY)));
      wanted.add(triple(arena, KEY_TYPE, word(arena, RSA)));
      if (label != null) {
        wanted.add(triple(arena, LABEL, arena.allocateFrom(JAVA_BYTE, label)));
      }
      if (id != null) {
        wanted.add(triple(arena, ID, arena.allocateFrom(JAVA_BYTE, id)));
      }
      MemorySegment template = arena.allocate(TRIPLE_BYTES * wanted.size(), Long.BYTES);
      for (int i = 0; i < wanted.size(); i++) {
        template.asSlice(TRIPLE_BYTES * i, TRIPLE_BYTES).copyFrom(wanted.get(i));
      }
      return find(arena, template.address(), wanted.size());
    }
  }

  private List<Long> find(Arena arena, long template, int attributes) throws TokenException {
    MemorySegment found = arena.allocate(JAVA_LONG, MAX_KEYS);
    MemorySegment count = arena.allocate(JAVA_LONG);
    cryptoki.must(Function.C_FIND_OBJECTS_INIT, handle, template, attributes, 0, 0);
    try {
      cryptoki.must(Function.C_FIND_OBJECTS, handle, found.address(), MAX_KEYS, count.address(), 0);
    } finally {
      cryptoki.call(Function.C_FIND_OBJECTS_FINAL, handle, 0, 0, 0, 0);
    }
    List<Long> keys = new ArrayList<>();
    for (long i = 0; i < Math.min(MAX_KEYS, count.get(JAVA_LONG, 0)); i++) {
      keys.add(found.getAtIndex(JAVA_LONG, i));
    }
    return keys;
  }

  /// Whether the token decrypts with this key in this way; then {@link #decrypt} comes next.
  public boolean begin(long key, Mechanism mechanism) throws TokenException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment parameters = MemorySegment.NULL;
      if (mechanism.hasParameters()) {
        parameters = arena.allocate(OAEP_BYTES, Long.BYTES);
        parameters.setAtIndex(JAVA_LONG, 0, mechanism.hash);
        parameters.setAtIndex(JAVA_LONG, 1, mechanism.maskGeneration);
        parameters.setAtIndex(JAVA_LONG, 2, DATA_SPECIFIED);
      }
      cryptoki.must(
          Function.C_DECRYPT_INIT,
          handle,
          triple(arena, mechanism.number, parameters).address(),
          key,
          0,
          0);
      return true;
    } catch (TokenException refused) {
      if (refused.meansNotAble()) {
        return false;
      }
      throw refused;
    }
  }

  /// Decrypts as {@link #begin} said.
  ///
  /// @return no longer than `ciphertext`; the caller owns and clears it
  public byte[] decrypt(byte[] ciphertext) throws TokenException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment in = arena.allocateFrom(JAVA_BYTE, ciphertext);
      MemorySegment out = arena.allocate(Math.max(1, ciphertext.length));
      MemorySegment length = word(arena, ciphertext.length);
      try {
        cryptoki.must(
            Function.C_DECRYPT,
            handle,
            in.address(),
            ciphertext.length,
            out.address(),
            length.address());
        long written = Math.clamp(length.get(JAVA_LONG, 0), 0, ciphertext.length);
        return out.asSlice(0, written).toArray(JAVA_BYTE);
      } finally {
        out.fill((byte) 0);
      }
    }
  }

  private static MemorySegment word(Arena arena, long value) {
    return arena.allocateFrom(JAVA_LONG, value);
  }

  private static MemorySegment triple(Arena arena, long type, MemorySegment value) {
    MemorySegment triple = arena.allocate(TRIPLE_BYTES, Long.BYTES);
    triple.setAtIndex(JAVA_LONG, 0, type);
    triple.setAtIndex(JAVA_LONG, 1, value.address());
    triple.setAtIndex(JAVA_LONG, 2, value.byteSize());
    return triple;
  }

  @Override
  public void close() {
    if (loggedIn) {
      cryptoki.call(Function.C_LOGOUT, handle, 0, 0, 0, 0);
    }
    cryptoki.call(Function.C_CLOSE_SESSION, handle, 0, 0, 0, 0);
  }
}
