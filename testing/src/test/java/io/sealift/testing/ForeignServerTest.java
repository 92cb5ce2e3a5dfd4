package io.sealift.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForeignServerTest {

  @TempDir Path directory;

  @Test
  void oneThatEndsSaysWhy() {
    List<String> command = List.of("sh", "-c", "echo no such setting; exit 3");
    IllegalStateException ended =
        assertThrows(
            IllegalStateException.class,
            () ->
                ForeignServer.start(
                    "127.0.0.1", ForeignServer.freePort(), directory.resolve("log"), command));
    assertEquals(command + " ended with status 3 and said: no such setting\n", ended.getMessage());
  }
}
