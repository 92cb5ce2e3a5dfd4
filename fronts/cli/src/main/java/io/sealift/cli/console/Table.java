package io.sealift.cli.console;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Rows in columns that are as wide as they need to be, two spaces apart. Columns whose heading
/// begins with `>` are aligned to the right.
public final class Table {

  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... headings) {
    this.headings = List.of(headings);
  }

  /// Adds a row with a cell for each heading.
  public Table row(Object... cells) {
    if (cells.length != headings.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + headings.size());
    }
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell.toString());
    }
    rows.add(row);
    return this;
  }

  /// Writes headings and rows; no line ends in spaces.
  public void print(PrintStream out) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(headings.stream().map(Table::bare).toList());
    lines.addAll(rows);
    int[] widths = new int[headings.size()];
    for (List<String> line : lines) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], line.get(column).length());
      }
    }
    lines.forEach(line -> out.println(joined(line, widths)));
  }

  private String joined(List<String> line, int[] widths) {
    StringBuilder joined = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = line.get(column);
      String space = String.join("", Collections.nCopies(widths[column] - cell.length(), " "));
      joined.append(column == 0 ? "" : "  ");
      joined.append(headings.get(column).startsWith(">") ? space + cell : cell + space);
    }
    return joined.toString().stripTrailing();
  }

  private static String bare(String heading) {
    return heading.startsWith(">") ? heading.substring(1) : heading;
  }
}
