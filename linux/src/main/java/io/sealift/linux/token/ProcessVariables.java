package io.sealift.linux.token;

import java.lang.foreign.Arena;

/// The variables of this process's environment as its native libraries see them. The Java platform
/// has a copy of its own, which children are started with and nothing here changes.
public final class ProcessVariables {

  private ProcessVariables() {}

  /// Sets a variable (`setenv(3)`). For programs of which no other thread calls native code that
  /// reads variables, such as the resolver of host names: the C library has no lock for that.
  ///
  /// @param name neither empty nor with `=` or NUL
  /// @param value without NUL
  public static void set(String name, String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0 || (name + value).indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a variable cannot be called or hold so: " + name);
    }
    try (Arena arena = Arena.ofConfined()) {
      long first = arena.allocateFrom(name).address();
      long second = arena.allocateFrom(value).address();
      if (Cryptoki.callLibrary("setenv", first, second, 1) != 0) {
        throw new IllegalStateException("setenv " + name + ": no memory");
      }
    }
  }
}
