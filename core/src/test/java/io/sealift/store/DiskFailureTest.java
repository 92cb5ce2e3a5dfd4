package io.sealift.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiskFailureTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "No space left on device | the disk is full; make room, for example with 'sealift gc', or choose another store with --work-dir",
        "Disk quota exceeded | the quota is used up; make room, for example with 'sealift gc', or choose another store with --work-dir",
        "Read-only file system | the store is read-only; choose another one with --work-dir",
        "/s/x (Permission denied) | no permission; run as the store's owner, or choose another store with --work-dir",
        "Operation not permitted | no permission; run as the store's owner, or choose another store with --work-dir",
        "Too many open files | this process has too many files open; raise its limit (ulimit -n)",
        "Input/output error | Input/output error",
      })
  void saysWhatToDo(String reason, String text) {
    String expected = "write /s/x: " + text;
    assertEquals(expected, message(new IOException(reason)));
    assertEquals(expected, message(new FileSystemException("/s/x", null, reason)));
  }

  @Test
  void saysWhatJavaHasOwnTypesFor() {
    assertEquals(
        "write /s/x: no permission; run as the store's owner, or choose another store with --work-dir",
        message(new AccessDeniedException("/s/x")));
    assertEquals("write /s/x: no such file", message(new NoSuchFileException("/s/x")));
    assertEquals("write /s/x: IOException", message(new IOException()));
  }

  private static String message(IOException failed) {
    return DiskFailure.of("write", Path.of("/s/x"), failed).getMessage();
  }
}
