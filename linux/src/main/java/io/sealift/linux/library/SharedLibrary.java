package io.sealift.linux.library;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.function.Function;

/// One shared library, open until the process ends.
@SuppressWarnings("restricted") // this module is the one with native access
final class SharedLibrary {

  private final SymbolLookup symbols;

  private SharedLibrary(SymbolLookup symbols) {
    this.symbols = symbols;
  }

  /// Opens the library and hands it to what makes something of it; whatever is missing on the way
  /// becomes the reason of an absence.
  ///
  /// @param file the library's `DT_SONAME`, so that an incompatible one is never opened
  /// @param remedy the package that brings the library
  static <T> Loaded<T> load(String file, String remedy, Function<SharedLibrary, Loaded<T>> use) {
    try {
      return use.apply(new SharedLibrary(SymbolLookup.libraryLookup(file, Arena.global())));
    } catch (IllegalCallerException denied) {
      return new Loaded.Absent<>(file, "no native access: run with --enable-native-access");
    } catch (IllegalArgumentException unopened) {
      return new Loaded.Absent<>(file, "cannot be opened: install " + remedy);
    } catch (NoSuchElementException missing) {
      return new Loaded.Absent<>(
          file, "lacks a function (" + missing.getMessage() + "): install another " + remedy);
    }
  }

  /// The function, to be called.
  ///
  /// @throws NoSuchElementException when the library has no such function
  NativeFunction function(String name) {
    return new NativeFunction(name, symbols.findOrThrow(name));
  }

  /// The address of the byte at the buffer's position. Valid while the buffer is reachable and, if
  /// it is a view of an arena's memory, the arena open: the caller sees to both.
  ///
  /// @throws IllegalArgumentException when the buffer is in the Java heap, which may move
  static long address(ByteBuffer buffer) {
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("a direct buffer is needed, this one is in the heap");
    }
    return MemorySegment.ofBuffer(buffer).address();
  }

  /// The end of the name of the file behind a loaded library, as `2.0.30` of `libisal.so.2.0.30`;
  /// the library's own name when that cannot be told.
  static String versionOf(String file) {
    String stem = "/" + file.substring(0, file.indexOf(".so") + ".so.".length());
    try {
      String mappings = Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1);
      int at = mappings.indexOf(stem);
      return at < 0 ? file : mappings.substring(at + stem.length(), mappings.indexOf('\n', at));
    } catch (IOException unreadable) {
      return file; // a sandbox may hide it
    }
  }
}
