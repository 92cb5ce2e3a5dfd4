package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class UsageTest {

  static final List<String> COMMANDS = Commands.NAMES;

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void everyCommandExplainsItselfWithAnExampleOnStandardOutput(String command) {
    Run run = Run.of(command, "--help");
    assertEquals(0, run.status());
    assertTrue(run.out().startsWith("Usage: sealift " + command), run.out());
    assertTrue(run.out().contains("\nExamples:\n  "), run.out());
    assertTrue(run.out().contains("sealift " + command), run.out());
    assertEquals("", run.err());
  }

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void helpOfACommandIsTheSameBothWays(String command) {
    assertEquals(Run.of(command, "--help").out(), Run.of("help", command).out());
  }

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void theListOfCommandsNamesEveryOne(String command) {
    assertTrue(Run.of("--help").out().contains("\n  " + command + " "), command);
  }

  @Test
  void theRehearsalIsNotInTheHelp() {
    assertFalse(Run.of("--help").out().contains("rehearse"));
  }

  @Test
  void theVersionIsOneLine() {
    Run run = Run.of("--version");
    assertEquals(0, run.status());
    assertTrue(run.out().matches("sealift [0-9][^ ]*\n|sealift of unknown version\n"), run.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                         | missing command; see 'sealift --help'",
        "pul                                        | did you mean",
        "pull                                       | missing required",
        "pull x --bundle b --bogus                  | unknown option: '--bogus'",
        "images --output yaml                       | expected one of [text, json]",
        "pull x --bundle b --max-layer-bytes many   | expected a size such as 512, 64K or 1.5G",
        "pull x --bundle b --profile docker         | expected one of image-rs, containerd",
        "pull x --bundle b --snapshotter zfs        | expected one of [auto, overlay, copy]",
        "pull x --bundle b --max-entries -          | '-'",
        "inspect x --raw --raw-config               | mutually exclusive",
        "completion tcsh                            | expected one of [bash, zsh, fish]",
        "help nothing                               | unknown command 'nothing'",
        "unpack x                                   | missing required parameter: 'DIR'",
      })
  void badUsageIsOneLineAndStatusTwo(String line, String message) {
    Run run = Run.of(line.isEmpty() ? new String[0] : line.split(" "));
    assertEquals(2, run.status(), run.err());
    assertEquals("", run.out());
    assertTrue(run.err().contains(message), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().startsWith("sealift: "), run.err());
    assertTrue(run.err().contains("; see 'sealift"), run.err());
  }
}
