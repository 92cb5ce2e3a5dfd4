package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// Keeps the reference and the manual pages of the repository as the commands are. Written anew
/// with `-Dsealift.manual=write`.
class ManualTest {

  private static final Path DOCS = Path.of("../../docs");
  private static final Path PAGES = DOCS.resolve("man");

  private static CommandLine all() {
    return Program.with(TestSurroundings.QUIET, Commands.NAMES);
  }

  @Test
  void theReferenceIsUpToDate() throws IOException {
    keep(DOCS.resolve("cli.md"), Manual.reference(all()));
  }

  @Test
  void theManualPagesAreUpToDate() throws IOException {
    Map<String, String> pages = Manual.pages(all());
    Files.createDirectories(PAGES);
    for (Map.Entry<String, String> page : pages.entrySet()) {
      keep(PAGES.resolve(page.getKey()), page.getValue());
    }
    TreeSet<String> there = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(PAGES)) {
      files.forEach(file -> there.add(file.getFileName().toString()));
    }
    // Those of daemons are kept as these are by their own fronts.
    there.removeIf(page -> page.startsWith("sealift-serve-"));
    assertEquals(new TreeSet<>(pages.keySet()), there);
  }

  @Test
  void noLineOfAManualPageIsAnUnknownRequest() {
    Manual.pages(all())
        .forEach((name, page) ->
            page.lines()
                .filter(line -> line.startsWith("."))
                .forEach(line ->
                    assertTrue(
                        line.matches("\\.(TH|SH|TP|B|BR|PP|nf|fi)( .*)?"), name + ": " + line)));
  }

  private static void keep(Path file, String expected) throws IOException {
    if ("write".equals(System.getProperty("sealift.manual"))) {
      Files.writeString(file, expected);
    }
    assertEquals(
        expected,
        Files.readString(file),
        () -> file + " is not as the commands are; write it anew with -Dsealift.manual=write");
  }
}
