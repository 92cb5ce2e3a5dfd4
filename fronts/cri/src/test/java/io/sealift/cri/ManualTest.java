package io.sealift.cri;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

/// Keeps the manual page as the help is. Written anew with `-Dsealift.manual=write`.
class ManualTest {

  private static final Path DOCS = Path.of("../../docs");
  private static final Path PAGE = DOCS.resolve("man/sealift-serve-cri.1");

  @Test
  void thePageIsUpToDate() throws IOException {
    String help = Main.line(Map.of()).getUsageMessage(Ansi.OFF);
    String text =
        help.replace("\\", "\\e")
            .replace("-", "\\-")
            .replace("'", "\\(aq")
            .replaceAll("(?m)^\\.", "\\\\&.");
    String expected =
        """
        .TH SEALIFT-SERVE-CRI 1
        .SH NAME
        sealift-serve-cri \\- the image service of a Kubernetes node
        .SH DESCRIPTION
        .nf
        %s.fi
        .SH SEE ALSO
        .BR sealift (1)
        """
            .formatted(text);
    if ("write".equals(System.getProperty("sealift.manual"))) {
      Files.writeString(PAGE, expected);
    }
    assertEquals(
        expected,
        Files.readString(PAGE),
        () -> PAGE + " is not as the help is; write it anew with -Dsealift.manual=write");
  }

  /// What the document names is there.
  @Test
  void theDocumentSpeaksOfOptionsThatThereAre() throws IOException {
    String document = Files.readString(DOCS.resolve("cri.md"));
    var known =
        Main.line(Map.of()).getCommandSpec().options().stream()
            .map(OptionSpec::longestName)
            .toList();
    java.util.regex.Pattern.compile("`(--[a-z-]+)")
        .matcher(document)
        .results()
        .map(found -> found.group(1))
        .forEach(name -> assertTrue(known.contains(name), name));
  }
}
