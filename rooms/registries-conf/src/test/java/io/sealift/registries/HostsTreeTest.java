package io.sealift.registries;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.NotFoundException;
import io.sealift.oci.Reference;
import io.sealift.source.Place;
import io.sealift.source.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  /// Without a server the settings outside of tables are about the registry itself.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "skip_verify=true | https://r.example/v2/app:v1!",
        "[header]~x='y' | https://r.example/v2/app:v1",
        "capabilities=['push']~[host.'https://m.example']"
            + " | https://m.example/v2/app:v1?r.example r.example/app:v1",
        "skip_verify=true~[host.'https://m.example']"
            + " | https://m.example/v2/app:v1?r.example https://r.example/v2/app:v1!",
      })
  void aFileSaysThingsOfTheRegistryItself(String toml, String expected) throws Exception {
    write("r.example", toml);
    assertEquals(expected, places("r.example/app:v1"));
  }

  /// DIR is the directory of the file. What is expected is the authorities, a semicolon, and
  /// certificates of ours with their keys.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ca='a.crt' | [DIR/a.crt]; []",
        "ca=['/etc/a.crt', '../b.crt'] | [/etc/a.crt, DIR/../b.crt]; []",
        "client='a.pem' | []; [DIR/a.pem + DIR/a.pem]",
        "client=['a.pem', '/b.pem'] | []; [DIR/a.pem + DIR/a.pem, /b.pem + /b.pem]",
        "client=[['a.cert', 'a.key'], ['b.cert', '/b.key']]"
            + " | []; [DIR/a.cert + DIR/a.key, DIR/b.cert + /b.key]",
        "client=['a.pem', ['b.cert', 'b.key']]~ca='c.crt'"
            + " | [DIR/c.crt]; [DIR/a.pem + DIR/a.pem, DIR/b.cert + DIR/b.key]",
      })
  void aHostHasCertificates(String settings, String expected) throws Exception {
    for (String toml :
        List.of(
            settings,
            "server='https://r.example'~" + settings,
            "[host.'https://m.example']~" + settings)) {
      write("r.example", toml);
      assertEquals(expected, certificates());
    }
  }

  private String certificates() throws Exception {
    Place.Repository first =
        (Place.Repository) HostsTree.at(root).of(Reference.parse("r.example/app")).getFirst();
    TlsFiles tls = Objects.requireNonNull(first.server()).tls();
    List<String> own =
        tls.own().stream().map(pair -> pair.certificate() + " + " + pair.key()).toList();
    return (tls.authorities() + "; " + own).replace(root.resolve("r.example").toString(), "DIR");
  }

  /// As Docker keeps them.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDirectoryWithoutSettingsHasThoseOfTheRegistry(boolean empty) throws Exception {
    write("r.example", "# nothing");
    if (!empty) {
      Files.delete(root.resolve("r.example/hosts.toml"));
    }
    for (String name : List.of("b.crt", "a.crt", "x.cert", "x.key", "y.cert", "z.key", "q.txt")) {
      Files.createFile(root.resolve("r.example").resolve(name));
    }
    assertEquals(
        "[DIR/a.crt, DIR/b.crt]; [DIR/x.cert + DIR/x.key, DIR/y.cert + DIR/y.cert]",
        certificates());
    assertEquals("https://r.example/v2/app:v1", places("r.example/app:v1"));
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
        "ca=1 | line 1: ca: expected a list of texts, found a number",
        "ca='' | line 1: ca: expected a path, found an empty text",
        "client={} | line 1: client: expected a text or a list, found a table",
        "client=[['a', 'b', 'c']] | line 1: client: expected a file, or a certificate and its key, found 3 files",
        "client=[[]] | line 1: client: expected a file, or a certificate and its key, found 0 files",
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
