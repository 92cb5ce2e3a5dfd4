package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The settings of docs/registries.md lead where it says.
class RegistriesDocumentTest {

  private static final Path DOCUMENT = Path.of("../../docs/registries.md");

  /// A file of settings, and names with their places up to the next one.
  private static final Pattern SECTION =
      Pattern.compile("```toml\n(.*?)```(.*?)(?=```toml|\\z)", Pattern.DOTALL);

  private static final Pattern EXAMPLE = Pattern.compile("^    (\\S+) -> (.*)$", Pattern.MULTILINE);

  private static final Pattern PLACE = Pattern.compile("^\\d+ +(\\S+?)(?:,.*)?$");

  @TempDir Path directory;

  record Example(String toml, String name, String places) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Example> examples() throws Exception {
    List<Example> examples = new ArrayList<>();
    Matcher sections = SECTION.matcher(Files.readString(DOCUMENT));
    while (sections.find()) {
      Matcher lines = EXAMPLE.matcher(sections.group(2));
      while (lines.find()) {
        examples.add(new Example(sections.group(1), lines.group(1), lines.group(2)));
      }
    }
    return examples.stream();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void leadWhereItSays(Example example) throws Exception {
    String settings;
    if (example.toml().contains("[host.")) {
      Path hosts = Files.createDirectories(directory.resolve("hosts/docker.io"));
      Files.writeString(hosts.resolve("hosts.toml"), example.toml());
      settings = "--registry-hosts-dir=" + directory.resolve("hosts");
    } else {
      Path file = Files.writeString(directory.resolve("registries.conf"), example.toml());
      settings = "--registries-conf=" + file;
    }
    Run run = Run.of("places", example.name(), settings);
    boolean refused = example.places().equals("refused");
    assertEquals(refused ? 3 : 0, run.status(), run.err());
    if (!refused) {
      assertEquals(
          example.places(),
          run.out()
              .lines()
              .map(PLACE::matcher)
              .filter(Matcher::matches)
              .map(place -> place.group(1))
              .collect(Collectors.joining(", ")));
    }
  }

  @Test
  void allOfThemAreFound() throws Exception {
    assertEquals(12, examples().count());
  }
}
