package io.sealift.linux.library;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A function of a shared library whose arguments are all integers or pointers, called with at most
/// three of them; {@link Wide} calls with up to five.
///
/// One handle calls them all, because each shape of call costs milliseconds at start-up: the
/// calling conventions of x86-64 and aarch64 (System V ABI, AAPCS64) pass such arguments in
/// registers, and a function looks only at those that it has. A result narrower than `long` is in
/// the low bits: cast it to `int`; that of a void function means nothing.
record NativeFunction(String name, MemorySegment address) {

  @SuppressWarnings("restricted") // this module is the one with native access
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

  long call() {
    return call(0, 0, 0);
  }

  long call(long argument) {
    return call(argument, 0, 0);
  }

  long call(long first, long second, long third) {
    try {
      return (long) CALL.invokeExact(address, first, second, third);
    } catch (Throwable thrown) {
      throw new IllegalStateException("call " + name, thrown);
    }
  }

  /// Calls with four or five arguments; the shape is made when the first such call is.
  static final class Wide {

    @SuppressWarnings("restricted") // this module is the one with native access
    private static final MethodHandle CALL =
        Linker.nativeLinker()
            .downcallHandle(
                FunctionDescriptor.of(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private Wide() {}

    static long call(
        NativeFunction function, long first, long second, long third, long fourth, long fifth) {
      try {
        return (long) CALL.invokeExact(function.address, first, second, third, fourth, fifth);
      } catch (Throwable thrown) {
        throw new IllegalStateException("call " + function.name, thrown);
      }
    }
  }
}
