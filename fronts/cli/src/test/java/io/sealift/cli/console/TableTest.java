package io.sealift.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columnsAreAsWideAsTheirWidestCellAndNoLineEndsInSpaces() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Table("NAME", ">SIZE", "REST")
        .row("a", 5, "x")
        .row("longer", 12345, "")
        .print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertEquals(
        """
        NAME     SIZE  REST
        a           5  x
        longer  12345
        """,
        bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aRowHasACellForEachHeading() {
    Table table = new Table("A", "B");
    assertThrows(IllegalArgumentException.class, () -> table.row("only one"));
  }
}
