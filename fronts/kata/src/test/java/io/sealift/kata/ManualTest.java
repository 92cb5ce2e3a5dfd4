package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Keeps the manual page as the help is. Written anew with `-Dsealift.manual=write`.
class ManualTest {

  private static final Path PAGE = Path.of("../../docs/man/sealift-serve-kata.1");

  @Test
  void thePageIsUpToDate() throws IOException {
    String expected =
        """
        .TH SEALIFT-SERVE-KATA 1
        .SH NAME
        sealift-serve-kata \\- Answers the Kata agent of a confidential guest
        .SH DESCRIPTION
        .nf
        %s.fi
        .SH SEE ALSO
        .BR sealift (1)
        """
            .formatted(Help.TEXT.replace("\\", "\\e").replace("-", "\\-").replace("\n.", "\n\\&."));
    if ("write".equals(System.getProperty("sealift.manual"))) {
      Files.writeString(PAGE, expected);
    }
    assertEquals(
        expected,
        Files.readString(PAGE),
        () -> PAGE + " is not as the help is; write it anew with -Dsealift.manual=write");
  }
}
