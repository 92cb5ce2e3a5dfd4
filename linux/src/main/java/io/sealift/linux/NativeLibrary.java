package io.sealift.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// A shared library of this machine, loaded until the process ends. Bind what is called once,
/// lazily, in a table (a record of method handles); functions of one shape share most of the cost.
///
/// @param file the name it was found by, as `libisal.so.2`
record NativeLibrary(String file, SymbolLookup symbols) {

  /// Looks for a library where the dynamic linker does.
  ///
  /// @param files names to try, in this order
  @SuppressWarnings("restricted")
  static Optional<NativeLibrary> find(String... files) {
    for (String file : files) {
      try {
        return Optional.of(
            new NativeLibrary(file, SymbolLookup.libraryLookup(file, Arena.global())));
      } catch (IllegalArgumentException missing) {
        // the next one
      }
    }
    return Optional.empty();
  }

  /// Whether the library has all these functions, so that an older or reduced one can be refused.
  boolean has(String... functions) {
    for (String function : functions) {
      if (symbols.find(function).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /// @throws java.util.NoSuchElementException when the library lacks it
  @SuppressWarnings("restricted")
  MethodHandle function(String name, FunctionDescriptor shape, Linker.Option... options) {
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), shape, options);
  }
}
