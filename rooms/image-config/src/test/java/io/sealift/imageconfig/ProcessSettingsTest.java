package io.sealift.imageconfig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.BadReferenceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is set for a daemon, and what set it.
class ProcessSettingsTest {

  @TempDir private Path dir;

  private Path file(String toml) throws Exception {
    return Files.writeString(dir.resolve("image.toml"), toml);
  }

  @Test
  void variablesComeBeforeTheFile() throws Exception {
    Path file = file("work_dir = '/of/file'\n");
    ProcessSettings settings =
        ProcessSettings.read(file, Map.of("SEALIFT_POLICY", "/p", "SEALIFT_WORK_DIR", ""));
    assertEquals(
        Optional.of(new Configuration.Value("/of/file", "work_dir of " + file)),
        settings.value(Setting.WORK_DIR));
    assertEquals(
        Optional.of(new Configuration.Value("/p", "variable SEALIFT_POLICY")),
        settings.value(Setting.POLICY));
    assertEquals(
        Optional.of("/of/variable"),
        ProcessSettings.read(file, Map.of("SEALIFT_WORK_DIR", "/of/variable"))
            .text(Setting.WORK_DIR));
  }

  @Test
  void aVariableMayNameTheFile() throws Exception {
    Map<String, String> environment =
        Map.of("SEALIFT_CONFIG", file("work_dir = '/of/file'\n").toString());
    assertEquals(
        Optional.of("/of/file"), ProcessSettings.read(null, environment).text(Setting.WORK_DIR));
    assertEquals(
        Optional.empty(),
        ProcessSettings.read(Files.writeString(dir.resolve("other"), "{}"), environment)
            .text(Setting.WORK_DIR));
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path missing = dir.resolve("missing");
    BadReferenceException bad =
        assertThrows(BadReferenceException.class, () -> ProcessSettings.read(missing, Map.of()));
    assertTrue(
        bad.getMessage().startsWith("read configuration %s: ".formatted(missing))
            && bad.getMessage().endsWith("; make it readable, or name another file with --config"),
        bad.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "64, 64", ", 3"})
  void numbers(String set, int expected) throws Exception {
    assertEquals(expected, downloads(set).number(Setting.CONCURRENT_DOWNLOADS, 64, 3));
  }

  private ProcessSettings downloads(String set) throws Exception {
    String line = "max_concurrent_layer_downloads_per_image = %s\n".formatted(set);
    return ProcessSettings.read(file(set == null ? "" : line), Map.of());
  }

  @ParameterizedTest
  @CsvSource({"0", "65", "-1", "100000"})
  void numbersOutOfBounds(String set) throws Exception {
    ProcessSettings settings = downloads(set);
    BadReferenceException bad =
        assertThrows(
            BadReferenceException.class,
            () -> settings.number(Setting.CONCURRENT_DOWNLOADS, 64, 3));
    assertEquals(
        "read max_concurrent_layer_downloads_per_image of %s: expected 1 to 64, found '%s'"
            .formatted(dir.resolve("image.toml"), set),
        bad.getMessage());
  }

  @Test
  void times() throws Exception {
    Setting setting = Setting.READ_TIMEOUT;
    String key = setting.keys().getFirst();
    assertEquals(
        Optional.of(Duration.ofSeconds(90)),
        ProcessSettings.read(file(key + " = '90s'\n"), Map.of()).time(setting));
    assertEquals(Optional.empty(), ProcessSettings.read(file(""), Map.of()).time(setting));
    ProcessSettings wrong =
        ProcessSettings.read(file(""), Map.of(setting.variables().getFirst(), "soon"));
    BadReferenceException bad =
        assertThrows(BadReferenceException.class, () -> wrong.time(setting));
    assertEquals(
        "read variable SEALIFT_READ_TIMEOUT: expected a time such as 15s, 500ms or 2m, found 'soon'",
        bad.getMessage());
  }
}
