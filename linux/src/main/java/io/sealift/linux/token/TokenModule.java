package io.sealift.linux.token;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// A PKCS #11 module at work, from {@link #open} until {@link #close} by the same thread. There is
/// one at a time in a process, others wait: who logs in to a token logs in the whole process, and
/// who logs out logs it out.
public final class TokenModule implements AutoCloseable {

  private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

  /// Slots that are looked at; a machine with many partitions of an HSM has a few dozen.
  private static final int MAX_SLOTS = 256;

  /// Bytes of `CK_C_INITIALIZE_ARGS`, and where its flags are.
  private static final long INITIALIZE_BYTES = 48;

  private static final long INITIALIZE_FLAGS_AT = 32;

  /// The module may use the locks of the operating system (`CKF_OS_LOCKING_OK`).
  private static final long OS_LOCKING = 2;

  /// Bytes of `CK_TOKEN_INFO`, rounded up.
  private static final long TOKEN_INFO_BYTES = 256;

  private final Cryptoki cryptoki;
  private final Arena arena;

  /// Whether nobody else in this process has it at work.
  private boolean own;

  private TokenModule(Cryptoki cryptoki, Arena arena) {
    this.cryptoki = cryptoki;
    this.arena = arena;
  }

  /// Loads a module and makes it ready. Code of the module's runs: whoever names it has to trust
  /// it.
  ///
  /// @param library absolute
  /// @throws InterruptedException while it waits for another
  @SuppressWarnings("MustBeClosedChecker") // closed by close()
  public static TokenModule open(Path library) throws TokenException, InterruptedException {
    ONE_AT_A_TIME.lockInterruptibly();
    TokenModule module = null;
    try {
      Cryptoki cryptoki = Cryptoki.load(library);
      Arena arena = Arena.ofConfined();
      TokenModule opened = new TokenModule(cryptoki, arena);
      opened.initialize();
      module = opened;
      return opened;
    } finally {
      if (module == null) {
        ONE_AT_A_TIME.unlock();
      }
    }
  }

  private void initialize() throws TokenException {
    MemorySegment arguments = arena.allocate(INITIALIZE_BYTES, Long.BYTES);
    arguments.set(JAVA_LONG, INITIALIZE_FLAGS_AT, OS_LOCKING);
    long result = cryptoki.call(Function.C_INITIALIZE, arguments.address(), 0, 0, 0, 0);
    if (result != TokenException.OK && result != TokenException.ALREADY_INITIALIZED) {
      arena.close();
      throw new TokenException(Function.C_INITIALIZE, result);
    }
    own = result == TokenException.OK;
  }

  /// The tokens that are in their slots.
  public List<Token> tokens() throws TokenException {
    MemorySegment count = arena.allocate(JAVA_LONG);
    cryptoki.must(Function.C_GET_SLOT_LIST, 1, 0, count.address(), 0, 0);
    long slots = count.get(JAVA_LONG, 0);
    if (slots < 0 || slots > MAX_SLOTS) {
      throw new TokenException(
          "the module has %d slots, more than the %d looked at".formatted(slots, MAX_SLOTS));
    }
    MemorySegment list = arena.allocate(JAVA_LONG, Math.max(1, slots));
    cryptoki.must(Function.C_GET_SLOT_LIST, 1, list.address(), count.address(), 0, 0);
    List<Token> tokens = new ArrayList<>();
    for (long i = 0; i < Math.min(slots, count.get(JAVA_LONG, 0)); i++) {
      tokens.add(token(list.getAtIndex(JAVA_LONG, i)));
    }
    return tokens;
  }

  private Token token(long slot) throws TokenException {
    MemorySegment info = arena.allocate(TOKEN_INFO_BYTES, Long.BYTES);
    cryptoki.must(Function.C_GET_TOKEN_INFO, slot, info.address(), 0, 0, 0);
    return new Token(
        slot, text(info, 0, 32), text(info, 32, 32), text(info, 64, 16), text(info, 80, 16));
  }

  private static String text(MemorySegment info, long at, long bytes) {
    byte[] text = info.asSlice(at, bytes).toArray(JAVA_BYTE);
    return new String(text, StandardCharsets.UTF_8).stripTrailing();
  }

  /// Begins to speak with a token. The session is closed before the module.
  public TokenSession open(Token token) throws TokenException {
    return TokenSession.open(cryptoki, token);
  }

  @Override
  public void close() {
    try {
      arena.close();
      if (own) {
        cryptoki.call(Function.C_FINALIZE, 0, 0, 0, 0, 0);
      }
    } finally {
      ONE_AT_A_TIME.unlock();
    }
  }
}
