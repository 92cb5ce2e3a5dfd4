package io.sealift.registries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.NotFoundException;
import io.sealift.oci.Reference;
import io.sealift.source.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostsTreeTest {

  @TempDir Path root;

  private void write(String directory, String toml) throws Exception {
    Files.createDirectories(root.resolve(directory));
    Files.writeString(root.resolve(directory).resolve("hosts.toml"), toml.replace('~', '\n'));
  }

  private String places(String reference) throws Exception {
    return HostsTree.at(root).of(Reference.parse(reference)).stream()
        .map(HostsTreeTest::text)
        .collect(Collectors.joining(" "));
  }

  private static String text(Place place) {
    Place.Repository repository = (Place.Repository) place;
    Place.Server server = repository.server();
    String namespace = server == null ? null : server.namespace();
    return place.where()
        + (repository.insecure() ? "!" : "")
        + (place.knowsTags() ? "" : "-tags")
        + (place.hasContent() ? "" : "-content")
        + (namespace == null ? "" : "?" + namespace);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "server='https://r.example' | https://r.example/v2/app:v1",
        "server='r.example:5000' | https://r.example:5000/v2/app:v1?r.example",
        "server='http://up.example/' | http://up.example/v2/app:v1?r.example",
        // hosts in the order of the file, whatever their names, the server last
        "server='https://r.example'~[host.'https://z.example']~[host.'http://a.example:5000']"
            + " | https://z.example/v2/app:v1?r.example http://a.example:5000/v2/app:v1?r.example"
            + " https://r.example/v2/app:v1",
        // without a server the registry itself
        "[host.'https://m.example'] | https://m.example/v2/app:v1?r.example r.example/app:v1",
        // what they can
        "[host.'https://m.example']~capabilities=['pull'] |"
            + " https://m.example/v2/app:v1-tags?r.example r.example/app:v1",
        "[host.'https://m.example']~capabilities=['resolve', 'Push'] |"
            + " https://m.example/v2/app:v1-content?r.example r.example/app:v1",
        "[host.'https://m.example']~capabilities=['push'] | r.example/app:v1",
        "[host.'https://m.example']~skip_verify=true |"
            + " https://m.example/v2/app:v1!?r.example r.example/app:v1",
        // paths
        "[host.'https://m.example/a/b/'] |"
            + " https://m.example/a/b/v2/app:v1?r.example r.example/app:v1",
        "[host.'https://m.example/a/v2'] |"
            + " https://m.example/a/v2/app:v1?r.example r.example/app:v1",
        "[host.'https://m.example/a']~override_path=true |"
            + " https://m.example/a/app:v1?r.example r.example/app:v1",
        "# nothing | r.example/app:v1",
      })
  void aFileNamesPlaces(String toml, String expected) throws Exception {
    write("r.example", toml);
    assertEquals(expected, places("r.example/app:v1"));
  }

  @Test
  void theFirstDirectoryThatIsThereCounts() throws Exception {
    write("_default", "[host.'https://d.example']");
    write("r.example:5000", "[host.'https://colon.example']");
    assertEquals(
        "https://d.example/v2/app:v1?r.example r.example/app:v1", places("r.example/app:v1"));
    assertEquals(
        "https://colon.example/v2/app:v1?r.example:5000 r.example:5000/app:v1",
        places("r.example:5000/app:v1"));
    write("r.example_5000_", "[host.'https://under.example']");
    assertEquals(
        "https://under.example/v2/app:v1?r.example:5000 r.example:5000/app:v1",
        places("r.example:5000/app:v1"));
    Files.createDirectory(root.resolve("r.example"));
    assertEquals("r.example/app:v1", places("r.example/app:v1"));
  }

  @Test
  void dockerHubIsKnownByTwoNames() throws Exception {
    write("docker.io", "server='https://registry-1.docker.io'");
    assertEquals("https://registry-1.docker.io/v2/library/a:v1", places("a:v1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "severs='x' | line 1: severs: there is no such setting; did you mean server?",
        "[host.'https://m']~overide_path=true"
            + " | line 2: host.https://m.overide_path: there is no such setting; did you mean override_path?",
        "server='ftp://x' | line 1: server: expected a URL of http or https, without user, query and ..",
        "server='https://a:b@x' | line 1: server: expected a URL of http or https, without user, query and ..",
        "server='https://x/../y' | line 1: server: expected a URL of http or https, without user, query and ..",
        "server='https://x y' | line 1: server: expected a URL of http or https",
        "server='https://x'~capabilities=['fly'] | line 2: capabilities: expected pull, resolve, push or referrers, found 'fly'",
        "server='https://x'~[header]~x-a=1 | line 3: header.x-a: expected a list of texts, found a number",
        "server='https://x'~[header]~'x:a'='b' | line 3: header.x:a: expected a header that may be added, with a value of one line",
        "server='https://x'~[header]~a='ä' | line 3: header.a: expected a header that may be added, with a value of one line",
        "server='https://x'~[header]~Host='b' | line 3: header.Host: expected a header that may be added, with a value of one line",
      })
  void aMistakeIsToldWithFileLineAndKey(String toml, String message) throws Exception {
    write("r.example", toml);
    BadReferenceException bad =
        assertThrows(BadReferenceException.class, () -> places("r.example/app"));
    assertEquals(
        "read %s, %s".formatted(root.resolve("r.example/hosts.toml"), message), bad.getMessage());
  }

  @Test
  void aTreeThatIsNotThereIsNotFound() {
    assertThrows(NotFoundException.class, () -> HostsTree.at(root.resolve("none")));
  }
}
