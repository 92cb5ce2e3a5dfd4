package io.sealift.registries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.oci.Reference;
import io.sealift.source.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RegistriesConfTest {

  private static final String DIGEST = "sha256:" + "1f".repeat(32);

  /// Every way to name a place once.
  private static final String CONF =
      """
      [[registry]]
      prefix = "a.example/foo"
      location = "inner.example:5000/bar/"
      [[registry.mirror]]
      location = "m1.example"
      insecure = true
      [[registry.mirror]]
      location = "m2.example/digests"
      pull-from-mirror = "digest-only"
      [[registry.mirror]]
      location = "m3.example/tags"
      pull-from-mirror = "tag-only"

      [[registry]]
      prefix = "a.example/foo/deep"
      location = "deep.example"

      [[registry]]
      location = "b.example:5000"
      insecure = true

      [[registry]]
      prefix = "*.c.example"
      [[registry.mirror]]
      location = "m4.example/c"

      [[registry]]
      prefix = "d.example"
      location = "d.example"
      mirror-by-digest-only = true
      [[registry.mirror]]
      location = "m5.example"

      [[registry]]
      location = "evil.example"
      blocked = true

      [[registry]]
      prefix = "*.evil.example"
      blocked = true

      [[registry]]
      prefix = "e.example/app:v1"
      location = "e.example/other:v2"

      [[registry]]
      prefix = "f.example/ns"
      location = "f.example/ns"
      [[registry.mirror]]
      location = "oci:/cache/f"

      [[registry]]
      prefix = "x.g.example"
      location = "host.example"

      [[registry]]
      prefix = "*.g.example"
      location = "wild.example"
      """;

  @TempDir Path directory;

  private static RegistriesConf conf(String toml) throws BadReferenceException {
    return RegistriesConf.parse(toml.getBytes(UTF_8), "here");
  }

  private static String places(RegistriesConf conf, String reference) throws ImageException {
    return String.join(
        " ",
        conf.of(Reference.parse(reference.replace("DIGEST", DIGEST))).stream()
            .map(RegistriesConfTest::text)
            .toList());
  }

  private static String text(Place place) {
    boolean insecure = place instanceof Place.Repository repository && repository.insecure();
    return place.where().replace(DIGEST, "DIGEST") + (insecure ? "!" : "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // mirrors in order, those for tags or digests only as they say, the location last
        "a.example/foo/app:v1 | m1.example/app:v1! m3.example/tags/app:v1 inner.example:5000/bar/app:v1",
        "a.example/foo/app@DIGEST | m1.example/app@DIGEST! m2.example/digests/app@DIGEST"
            + " inner.example:5000/bar/app@DIGEST",
        // both: the digest says what is meant
        "a.example/foo/app:v1@DIGEST | m1.example/app@DIGEST! m2.example/digests/app@DIGEST"
            + " inner.example:5000/bar/app@DIGEST",
        // the longest prefix, and what may follow it
        "a.example/foo/deep/app:v1 | deep.example/app:v1",
        "a.example/foo/deeper/app:v1 | m1.example/deeper/app:v1! m3.example/tags/deeper/app:v1"
            + " inner.example:5000/bar/deeper/app:v1",
        "a.example/food:v1     | a.example/food:v1",
        "a.example/bar/foo:v1  | a.example/bar/foo:v1",
        "myа.example:443/foo/app:v1 | -",
        "xa.example/foo/app:v1 | xa.example/foo/app:v1",
        "z.example/a.example/foo/app:v1 | z.example/a.example/foo/app:v1",
        // ports
        "b.example:5000/app:v1 | b.example:5000/app:v1!",
        "b.example/app:v1      | b.example/app:v1",
        "b.example:50/app:v1   | b.example:50/app:v1",
        "b.example:50000/app:v1| b.example:50000/app:v1",
        "d.example:443/app:v1  | d.example:443/app:v1",
        // wildcards
        "x.c.example/app:v1    | m4.example/c/app:v1 x.c.example/app:v1",
        "y.x.c.example/app:v1  | m4.example/c/app:v1 y.x.c.example/app:v1",
        "c.example/app:v1      | c.example/app:v1",
        "xc.example/app:v1     | xc.example/app:v1",
        "x.c.example.org/app:v1 | x.c.example.org/app:v1",
        "org.example/x.c.example/app:v1 | org.example/x.c.example/app:v1",
        "x.c.example:5000/app:v1 | x.c.example:5000/app:v1",
        // as long a prefix, but without a wildcard
        "x.g.example/app:v1    | host.example/app:v1",
        "y.g.example/app:v1    | wild.example/app:v1",
        // digests only
        "d.example/app:v1      | d.example/app:v1",
        "d.example/app@DIGEST  | m5.example/app@DIGEST d.example/app@DIGEST",
        // a tag in the prefix
        "e.example/app:v1      | e.example/other:v2",
        "e.example/app:v11     | e.example/app:v11",
        "e.example/app@DIGEST  | e.example/app@DIGEST",
        // a layout
        "f.example/ns/app:v1   | oci:/cache/f:f.example/ns/app:v1 f.example/ns/app:v1",
        "f.example/ns/app@DIGEST | oci:/cache/f@DIGEST f.example/ns/app@DIGEST",
        // nothing said
        "busybox               | docker.io/library/busybox:latest",
      })
  void aReferenceHasThesePlaces(String reference, String expected) throws Exception {
    if (expected.equals("-")) {
      assertThrows(BadReferenceException.class, () -> Reference.parse(reference));
    } else {
      assertEquals(expected, places(conf(CONF), reference));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "evil.example/app, evil.example",
    "evil.example:443/app, evil.example",
    "x.evil.example/app, *.evil.example",
    "x.evil.example:8443/app, *.evil.example"
  })
  void whatIsBlockedIsRefusedWithFileAndPrefix(String reference, String prefix) throws Exception {
    PolicyRefusedException refused =
        assertThrows(PolicyRefusedException.class, () -> places(conf(CONF), reference));
    assertTrue(
        refused
            .getMessage()
            .matches("find .*: \\Q%s\\E is blocked, line \\d+ of here; .*".formatted(prefix)),
        refused.getMessage());
  }

  @Test
  void aMirrorThatIsBlockedByAnotherTableIsNoWayAroundIt() throws Exception {
    RegistriesConf conf =
        conf(
            """
            [[registry]]
            location = "a.example"
            [[registry.mirror]]
            location = "evil.example/a"
            [[registry]]
            location = "evil.example"
            blocked = true
            """);
    PolicyRefusedException refused =
        assertThrows(PolicyRefusedException.class, () -> places(conf, "a.example/app"));
    assertEquals(
        "find a.example/app:latest: mirror 1 of a.example, line 4 of here leads to evil.example, which is"
            + " blocked, line 6 of here; take one of them away",
        refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[[registry]]~insecure=true | line 2: registry.insecure: expected a prefix or a location beside it, found neither",
        "[[registry]]~prefix='a.example' | line 2: registry.prefix: expected a location beside it; to leave 'a.example' as it is repeat it",
        "[[registry]]~location='http://a.example' | line 2: registry.location: expected a registry without a scheme, found 'http://a.example'; for one without TLS set insecure = true",
        "[[registry]]~location='a' | line 2: registry.location: expected host[:port][/namespace…] with a dot or a port in the host, or oci:/DIRECTORY, found 'a'",
        "[[registry]]~prefix='*.a.example/b'~location='c.example' | line 2: registry.prefix: expected host[:port][/namespace…] with a dot or a port in the host, or *.domain, found '*.a.example/b'",
        "[[registry]]~prefix='*.a.example:5'~location='c.example' | line 2: registry.prefix: expected host[:port][/namespace…] with a dot or a port in the host, or *.domain, found '*.a.example:5'",
        "[[registry]]~prefix='a.*.example'~location='c.example' | line 2: registry.prefix: expected host[:port][/namespace…] with a dot or a port in the host, or *.domain, found 'a.*.example'",
        "[[registry]]~location='a.example'~[[registry.mirror]]~insecure=true | line 4: registry.mirror.insecure: expected a location in a mirror of a.example",
        "[[registry]]~location='a.example'~pull-from-mirror='all' | line 3: registry.pull-from-mirror: belongs into a [[registry.mirror]]",
        "[[registry]]~location='a.example'~mirror-by-digest-only=true~[[registry.mirror]]~location='b.example'~pull-from-mirror='all' | line 6: registry.mirror.pull-from-mirror: expected this or mirror-by-digest-only of the [[registry]], found both",
        "[[registry]]~location='a.example'~[[registry.mirror]]~location='b.example'~pull-from-mirror='some' | line 5: registry.mirror.pull-from-mirror: expected all, digest-only or tag-only, found 'some'",
        "[[registry]]~location='a.example'~[[registry]]~prefix='b.example'~location='a.example'~insecure=true | line 6: registry.insecure: 'a.example' is given two different values of 'insecure', the other by line 2 of here; give it one",
        "[[registry]]~location='a.example'~blocked=true~[[registry]]~prefix='b.example'~location='a.example' | line 6: registry.location: 'a.example' is given two different values of 'blocked', the other by line 2 of here; give it one",
        "[[registry]]~location='oci:cache' | line 2: registry.location: expected oci: and an absolute path, found 'oci:cache'",
        "[[registry]]~location='oci:/cache' | line 2: registry.location: expected a prefix beside a layout directory",
        "[registries.search]~registries=['a'] | line 1: registries: this is version 1 of the format, which is not read; write unqualified-search-registries and [[registry]] tables instead",
        "[registries.block]~registries=[]~[[registry]]~location='a.example' | line 1: registries: this is version 1 of the format, which is not read; write unqualified-search-registries and [[registry]] tables instead",
        "~unqualified-search-registry=['a'] | line 2: unqualified-search-registry: there is no such setting; did you mean unqualified-search-registries?",
        "[[registry]]~location='a.example'~blockd=true | line 3: registry.blockd: there is no such setting; did you mean blocked?",
        "[[registry]]~location='a.example'~[[registry.mirrors]]~location='b' | line 3: registry.mirrors: there is no such setting; did you mean mirror?",
        "[[registry]]~location='a.example'~[[registry.mirror]]~location='b.example'~blocked=true | line 5: registry.mirror.blocked: there is no such setting; known are insecure, location, pull-from-mirror",
        "whatever=1 | line 1: whatever: there is no such setting; known are additional-layer-store-auth-helper, aliases, credential-helpers, registry, short-name-mode, unqualified-search-registries",
        "unqualified-search-registries='docker.io' | line 1: unqualified-search-registries: expected a list of texts, found a text",
        "unqualified-search-registries=[1] | line 1: unqualified-search-registries: expected a text, found a number",
        "unqualified-search-registries=['a/b'] | line 1: unqualified-search-registries: expected host[:port], found 'a/b'",
        "short-name-mode='prompt' | line 1: short-name-mode: expected enforcing, permissive or disabled, found 'prompt'",
        "[[registry]]~location='a.example'~insecure='yes' | line 3: registry.insecure: expected true or false, found a text",
        "[registry]~location='a.example' | line 1: registry: expected [[registry]], found a table",
        "[aliases]~'a.example/b'='c.example/d' | line 2: aliases.a.example/b: expected a name without registry, tag and digest before the =",
        "[aliases]~'b:v1'='c.example/d' | line 2: aliases.b:v1: expected a name without registry, tag and digest before the =",
        "[aliases]~b='c.example/d:v1' | line 2: aliases.b: expected a registry and a repository without tag and digest, found 'c.example/d:v1'",
        "[aliases]~b='d' | line 2: aliases.b: expected a registry and a repository without tag and digest, found 'd'",
        "[aliases]~b='c.example/d'~b='c.example/e' | line 3: b previously defined at line 2, column 1",
      })
  void aMistakeIsToldWithFileLineAndKey(String toml, String message) {
    BadReferenceException bad =
        assertThrows(BadReferenceException.class, () -> conf(toml.replace('~', '\n')));
    assertEquals("read here, " + message, bad.getMessage());
  }

  static Stream<Arguments> tooMuch() {
    String deep = "read here: arrays and tables nest deeper than the 16 allowed";
    return Stream.of(
        Arguments.of(
            "[".repeat(20_000),
            "read here, line 1: 20004 characters are more than the 8192 allowed"),
        Arguments.of("[\n".repeat(17), deep),
        Arguments.of("[ # ]\n".repeat(17), deep),
        Arguments.of("[ ']', \n".repeat(17), deep),
        Arguments.of("[ \"\\\"]\", \n".repeat(17), deep),
        Arguments.of("[ \"\"\"\n]\"\"\", \n".repeat(17), deep),
        Arguments.of("{a=".repeat(17), deep),
        Arguments.of("x\n".repeat(150_000), "read here: more than the 262144 bytes allowed"));
  }

  @ParameterizedTest
  @MethodSource("tooMuch")
  void whatIsTooMuchIsRefused(String value, String message) {
    BadReferenceException bad =
        assertThrows(BadReferenceException.class, () -> conf("a = " + value));
    assertEquals(message, bad.getMessage());
  }

  @Test
  void aTextThatIsNoTomlIsToldWithItsLine() {
    BadReferenceException bad = assertThrows(BadReferenceException.class, () -> conf("#\na = \n"));
    assertTrue(
        bad.getMessage().startsWith("read here, line 2: Unexpected end of line"), bad.getMessage());
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    assertThrows(
        BadReferenceException.class,
        () -> RegistriesConf.parse(new byte[] {'a', (byte) 0xff}, "here"));
  }

  @Test
  void laterFilesCountWhereTheySaySomething() throws Exception {
    Path first =
        file(
            "1.conf",
            """
            unqualified-search-registries = ["a.example"]
            short-name-mode = "enforcing"
            credential-helpers = ["secretservice"]
            [aliases]
            one = "a.example/one"
            two = "a.example/two"
            [[registry]]
            location = "a.example"
            insecure = true
            [[registry]]
            location = "b.example"
            blocked = true
            """);
    Path second =
        file(
            "2.conf",
            """
            unqualified-search-registries = ["b.example", "c.example"]
            [aliases]
            one = "b.example/uno"
            two = ""
            [[registry]]
            prefix = "a.example"
            location = "a2.example"
            """);
    RegistriesConf conf = RegistriesConf.read(List.of(first, second), null);
    assertEquals("a2.example/x:v1", places(conf, "a.example/x:v1"));
    assertThrows(PolicyRefusedException.class, () -> places(conf, "b.example/x"));
    assertEquals(List.of("secretservice"), conf.credentialHelpers());
    assertEquals(ShortNameMode.ENFORCING, conf.shortNameMode());
    assertEquals("[b.example/uno:latest]", conf.meanings("one").keySet().toString());
    assertThrows(BadReferenceException.class, () -> conf.meanings("two"));
    assertEquals(List.of(first.toString(), second.toString()), conf.origins());
  }

  private Path file(String name, String text) throws Exception {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void theUsualFilesAreThoseOfTheUserOrElseOfTheMachine() throws Exception {
    Path home = directory.resolve("home");
    Path machine = directory.resolve("etc");
    assertEquals(List.of(), SettingsFiles.usual(home, machine));
    Path main = file("etc/registries.conf", "");
    Path b = file("etc/registries.conf.d/b.conf", "");
    Path a = file("etc/registries.conf.d/a.conf", "");
    file("etc/registries.conf.d/c.ignored", "");
    Files.createDirectory(directory.resolve("etc/registries.conf.d/d.conf"));
    Path own = file("home/.config/containers/registries.conf.d/0.conf", "");
    assertEquals(List.of(main, a, b), SettingsFiles.usual(null, machine));
    assertEquals(List.of(main, a, b, own), SettingsFiles.usual(home, machine));
    Path mine = file("home/.config/containers/registries.conf", "");
    assertEquals(List.of(mine, own), SettingsFiles.usual(home, machine));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "# names~[aliases]~a = 'b.example/a' # [x]~~ | true",
        "[aliases]~a = 'b.example/a'~[[registry]]~location='a.example' | false",
        "[aliases]~a = \"\"\"~[\"\"\" | false",
        "short-name-mode = ''~[aliases]~a = 'b.example/a' | false",
        "[ aliases ]~a = 'b.example/a' | false",
        "# nothing | false",
      })
  void filesOfAliasesAreKnownWithoutReadingThem(String toml, boolean only) throws Exception {
    byte[] bytes = toml.replace('~', '\n').getBytes(UTF_8);
    assertEquals(only, RegistriesFile.holdsOnlyAliases(bytes));
  }

  @Test
  void placesDoNotDependOnAliases() throws Exception {
    Path aliases = file("1.conf", "[aliases]\nmalformed\n");
    Path rules = file("2.conf", "[[registry]]\nprefix='a.example'\nlocation='b.example'\n");
    assertEquals(
        "b.example/x:v1",
        RegistriesConf.readPlaces(List.of(aliases, rules))
            .of(Reference.parse("a.example/x:v1"))
            .getFirst()
            .where());
    assertThrows(
        BadReferenceException.class, () -> RegistriesConf.read(List.of(aliases, rules), null));
  }

  @Test
  void aFileThatIsNotThereIsNotFound() {
    NotFoundException missing =
        assertThrows(
            NotFoundException.class,
            () -> RegistriesConf.read(List.of(directory.resolve("none")), null));
    assertEquals(
        "read %s: there is no such file".formatted(directory.resolve("none")),
        missing.getMessage());
  }
}
