package io.sealift.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToldTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          app:1                        | app:1
          h:5000/app:1                 | h:5000/app:1
          app@DIGEST                   | app@DIGEST
          h:5000/app:1@DIGEST          | h:5000/app:1@DIGEST
          docker://h/app@DIGEST        | docker://h/app@DIGEST
          signed by me@example.org: no | signed by me@example.org: no
          u:p@h/app                    | ***@h/app
          u:p$1@h/app                  | ***@h/app
          :p@h/app                     | ***@h/app
          https://token@h/app          | https://***@h/app
          docker://u:p@ss@h:5000/app:1 | docker://***@h:5000/app:1
          u:p@app:1@DIGEST             | ***@app:1@DIGEST
          read 'u:p@h/app': malformed  | read '***@h/app': malformed
          """)
  void passwordsAreNot(String text, String told) {
    String digest = "sha256:" + "0123456789abcdef".repeat(4);
    assertEquals(told.replace("DIGEST", digest), Told.of(text.replace("DIGEST", digest)));
  }

  @Test
  void otherLinesAreNotAndLongOnesAreCut() {
    assertEquals("a?b", Told.of("a\nb"));
    assertEquals("x".repeat(512), Told.of("x".repeat(600)));
    assertEquals("***@z", Told.of("x".repeat(600) + ":y@z"));
  }

  /// Whatever a client sends is looked through once.
  @Test
  void hostileTextsTakeNoTime() {
    assertEquals(":".repeat(512), Told.of(":".repeat(4_000_000)));
    assertEquals("***@", Told.of(":".repeat(4_000_000) + "@"));
  }
}
