package io.sealift.linux.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What can be said without a token; the room of their keys asks real ones.
class TokenModuleTest {

  @TempDir Path directory;

  @Test
  void aFileThatIsNoLibraryCannotBeLoaded() throws Exception {
    Path text = Files.writeString(directory.resolve("text.so"), "text");
    assertEquals(
        "module %s cannot be loaded".formatted(text),
        assertThrows(TokenException.class, () -> TokenModule.open(text)).getMessage());
  }

  @Test
  void aLibraryThatIsNoModuleIsNone() throws Exception {
    try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
      Path library =
          Path.of(
              mappings
                  .filter(line -> line.endsWith("/libc.so.6"))
                  .map(line -> line.substring(line.indexOf('/')))
                  .findFirst()
                  .orElseThrow());
      assertEquals(
          library + " is no module of PKCS #11",
          assertThrows(TokenException.class, () -> TokenModule.open(library)).getMessage());
    }
  }

  /// A failure leaves nothing locked: the next one is not waited for.
  @Test
  void aFailureLetsTheNextOneIn() throws Exception {
    Path missing = directory.resolve("missing.so");
    assertThrows(TokenException.class, () -> TokenModule.open(missing));
    Thread other =
        Thread.ofPlatform()
            .start(() -> assertThrows(TokenException.class, () -> TokenModule.open(missing)));
    other.join();
    assertEquals(Thread.State.TERMINATED, other.getState());
  }

  @ParameterizedTest
  @CsvSource({"'', x", "A=B, x", "'A\0', x", "A, 'x\0'"})
  void aVariableThatCannotBeIsRefused(String name, String value) {
    assertThrows(IllegalArgumentException.class, () -> ProcessVariables.set(name, value));
  }

  @Test
  void failuresAreNamedAsTheSpecificationNamesThem() {
    assertEquals(
        "C_Login: CKR_PIN_INCORRECT", new TokenException(Function.C_LOGIN, 0xa0).getMessage());
    assertEquals(
        "C_Decrypt: 0x80000001", new TokenException(Function.C_DECRYPT, 0x80000001L).getMessage());
  }
}
