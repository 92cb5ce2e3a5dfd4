package io.sealift.linux.library;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// A function of a shared library with at most three arguments, all of them integers or pointers.
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
}
