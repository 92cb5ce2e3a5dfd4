package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionTest {

  static final List<String> COMMANDS = Commands.NAMES;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void bashUnderstandsTheScript(String shell) throws Exception {
    Path script = script(shell);
    Process check =
        new ProcessBuilder("bash", "-n", script.toString()).redirectErrorStream(true).start();
    String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, check.waitFor(), said);
  }

  @ParameterizedTest
  @CsvSource({
    "sealift unm,           unmount",
    "sealift pull --snap,   --snapshotter",
    "sealift images --outp, --output"
  })
  void bashCompletes(String line, String expected) throws Exception {
    String program =
        "source '%s'; COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); COMP_LINE='%s';"
                .formatted(script("bash"), line, line)
            + " COMP_POINT=${#COMP_LINE}; _complete_sealift; printf '%s\\n' \"${COMPREPLY[@]}\"";
    Process shell = new ProcessBuilder("bash", "-c", program).start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, shell.waitFor());
    assertTrue(said.lines().map(String::strip).anyMatch(expected::equals), said);
  }

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void fishIsToldOfEveryCommand(String command) {
    assertTrue(
        Run.of("completion", "fish")
            .out()
            .contains("-n __fish_use_subcommand -a " + command + " -d '"),
        command);
  }

  @Test
  void fishScriptsQuoteEveryTextAndLeaveNoPlaceholder() {
    for (String line : Run.of("completion", "fish").out().lines().toList()) {
      assertTrue(line.startsWith("complete -c sealift"), line);
      String unescaped = line.replace("\\'", "");
      assertEquals(0, unescaped.chars().filter(c -> c == '\'').count() % 2, line);
      assertTrue(!line.contains("${") && !line.contains("$$"), line);
    }
  }

  private Path script(String shell) throws IOException {
    Path script = directory.resolve("completion." + shell);
    Files.writeString(script, Run.of("completion", shell).out());
    return script;
  }
}
