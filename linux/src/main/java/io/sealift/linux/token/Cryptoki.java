package io.sealift.linux.token;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.NoSuchElementException;

/// A module's functions. All arguments are words or addresses, at most five of them, so that one
/// handle calls them all; a function looks only at those that it has (System V ABI, AAPCS64).
///
/// @param functions the list of functions, as long as {@link Function#listBytes}
@SuppressWarnings("restricted") // this module is the one with native access
record Cryptoki(MemorySegment functions) {

  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

  /// Loads a module, which stays until the process ends.
  static Cryptoki load(Path module) throws TokenException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment entry =
          SymbolLookup.libraryLookup(module, Arena.global()).findOrThrow("C_GetFunctionList");
      MemorySegment list = arena.allocate(JAVA_LONG);
      long result = call("C_GetFunctionList", entry, list.address(), 0, 0, 0, 0);
      long address = list.get(JAVA_LONG, 0);
      if (result != TokenException.OK || address == 0) {
        throw new TokenException("module %s has no list of functions".formatted(module));
      }
      return new Cryptoki(MemorySegment.ofAddress(address).reinterpret(Function.listBytes()));
    } catch (IllegalCallerException denied) {
      throw new TokenException("no native access: run with --enable-native-access", denied);
    } catch (IllegalArgumentException unopened) {
      throw new TokenException("module %s cannot be loaded".formatted(module), unopened);
    } catch (NoSuchElementException missing) {
      throw new TokenException("%s is no module of PKCS #11".formatted(module), missing);
    }
  }

  /// Calls a function of the C library that gives an `int`.
  static int callLibrary(String name, long a, long b, long c) {
    return (int) call(name, Linker.nativeLinker().defaultLookup().findOrThrow(name), a, b, c, 0, 0);
  }

  private static long call(
      String name, MemorySegment address, long a, long b, long c, long d, long e) {
    try {
      return (long) CALL.invokeExact(address, a, b, c, d, e);
    } catch (Throwable thrown) {
      throw new IllegalStateException("call " + name, thrown);
    }
  }

  /// Calls a function.
  ///
  /// @return its result (`CK_RV`)
  long call(Function function, long a, long b, long c, long d, long e) {
    MemorySegment address = MemorySegment.ofAddress(functions.get(JAVA_LONG, function.offset()));
    return call(function.title, address, a, b, c, d, e);
  }

  /// The same, for results that cannot be coped with.
  void must(Function function, long a, long b, long c, long d, long e) throws TokenException {
    long result = call(function, a, b, c, d, e);
    if (result != TokenException.OK) {
      throw new TokenException(function, result);
    }
  }
}
