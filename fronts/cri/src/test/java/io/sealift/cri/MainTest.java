package io.sealift.cri;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// What is said on the command line, as far as it does not come to serving.
class MainTest {

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine line = Main.line(Map.of());
    return line.setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void helpTellsOfEveryOption() {
    assertEquals(0, run("--help"));
    for (String word : new String[] {"--socket", "--pinned-image", "SIGHUP", "crictl"}) {
      assertTrue(out.toString().contains(word), word);
    }
    assertEquals("", err.toString());
  }

  @Test
  void versionIsOneLine() {
    assertEquals(0, run("--version"));
    assertTrue(out.toString().matches("sealift-cri \\S+\\R"), out.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--nonsense | 2 | unknown option",
        "extra | 2 | unmatched argument",
        "--max-concurrent-pulls 0 | 2 | read --max-concurrent-pulls: expected 1 to 64, found 0",
        "--max-concurrent-pulls x | 2 | invalid value for option '--max-concurrent-pulls'",
        "--policy a --insecure-policy | 2 | read --policy and --insecure-policy: expected one",
        "--registries-conf a --registry-hosts-dir b | 2 | read --registries-conf and",
        "--runtime-handler= | 2 | read --runtime-handler: expected a name",
        "--log xml | 2 | invalid value for option '--log'",
        "--config DIR/absent.json | 2 | read configuration DIR/absent.json: ",
        "--config DIR/bad.json | 2 | read DIR/bad.json: nonsense",
        "--config DIR/downloads.json | 2 | read max_concurrent_layer_downloads_per_image of DIR/downloads.json: expected 1 to 64, found '0'",
        "--config DIR/time.json | 2 | read connect_timeout of DIR/time.json: expected a time such as 15s",
        "--pinned-image ! | 2 | read reference '!'",
        "--registries-conf DIR/bad.json | 2 | read",
        "--decryption-keys-dir DIR/absent | 2 | read --decryption-keys-dir DIR/absent",
        "--socket relative --work-dir DIR/store --config DIR/empty.json | 2 | read --socket relative: expected unix:///PATH or /PATH",
        "--metrics example.org:1 --work-dir DIR/store --config DIR/empty.json | 2 | read --metrics",
      })
  void whatIsWrongIsOneLineWithARemedy(String arguments, int status, String line) throws Exception {
    Files.writeString(directory.resolve("bad.json"), "{\"nonsense\": 1}");
    Files.writeString(directory.resolve("empty.json"), "{}");
    Files.writeString(
        directory.resolve("time.json"), "{\"sealift\": {\"connect_timeout\": \"soon\"}}");
    Files.writeString(
        directory.resolve("downloads.json"), "{\"max_concurrent_layer_downloads_per_image\": 0}");
    String text = arguments.replace("DIR", directory.toString());
    assertEquals(status, run(text.split(" ")), err.toString());
    assertEquals(1, err.toString().lines().count(), err.toString());
    String expected = "sealift: " + line.replace("DIR", directory.toString());
    assertTrue(err.toString().startsWith(expected), err.toString());
  }
}
