package io.sealift.linux.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SharedLibraryTest {

  @Test
  void tellsThatALibraryIsMissing() {
    Loaded<String> loaded =
        SharedLibrary.load("libnothing.so.9", "nothing", _ -> new Loaded.Present<>("found"));
    assertEquals(
        new Loaded.Absent<>("libnothing.so.9", "cannot be opened: install nothing"), loaded);
    assertEquals(Optional.empty(), loaded.found());
  }

  @Test
  void tellsThatAFunctionIsMissing() {
    Loaded<NativeFunction> loaded =
        SharedLibrary.load(
            "libc.so.6",
            "libc6",
            library -> new Loaded.Present<>(library.function("no_such_function")));
    assertEquals(
        new Loaded.Absent<>(
            "libc.so.6",
            "lacks a function (Symbol not found: no_such_function): install another libc6"),
        loaded);
  }

  @Test
  void callsAFunctionWithItsArguments() {
    Loaded<Long> loaded =
        SharedLibrary.load(
            "libc.so.6",
            "libc6",
            library -> new Loaded.Present<>(library.function("labs").call(-7_000_000_000L)));
    assertEquals(Optional.of(7_000_000_000L), loaded.found());
  }

  @Test
  void refusesTheAddressOfHeapMemory() {
    assertThrows(
        IllegalArgumentException.class, () -> SharedLibrary.address(ByteBuffer.allocate(1)));
  }
}
