package io.sealift.registries;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.BadReferenceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShortNamesTest {

  private static final String DIGEST = "sha256:" + "1f".repeat(32);
  private static final String ALIASES =
      "[aliases]\nimage = \"a.example/ns/image\"\n\"ns/image\" = \"docker.io/image\"\n";

  @TempDir Path directory;

  private static String meanings(RegistriesConf conf, String name) throws Exception {
    return String.join(
            " ",
            conf.meanings(name.replace("DIGEST", DIGEST)).keySet().stream()
                .map(Object::toString)
                .toList())
        .replace(DIGEST, "DIGEST");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // without any registries to search: what has always been
        "                  | busybox              | docker.io/library/busybox:latest",
        "                  | ns/busybox:v1        | docker.io/ns/busybox:v1",
        "                  | test.com:5000        | docker.io/library/test.com:5000",
        // one
        "['a.example']     | busybox              | a.example/busybox:latest",
        "['a.example']     | ns/busybox@DIGEST    | a.example/ns/busybox@DIGEST",
        "['docker.io/']    | busybox              | docker.io/library/busybox:latest",
        // several
        "['a.example', 'localhost:5000', 'docker.io'] | busybox:v1"
            + " | a.example/busybox:v1 localhost:5000/busybox:v1 docker.io/library/busybox:v1",
        "['a.example', 'a.example'] | busybox     | a.example/busybox:latest",
        // names of a registry
        "['a.example']     | b.example/busybox    | b.example/busybox:latest",
        "['a.example']     | localhost/busybox    | localhost/busybox:latest",
        "['a.example']     | docker.io/busybox    | docker.io/library/busybox:latest",
        // aliases come first
        "['b.example']     | image                | a.example/ns/image:latest",
        "['b.example']     | image:v1             | a.example/ns/image:v1",
        "['b.example']     | image@DIGEST         | a.example/ns/image@DIGEST",
        "['b.example']     | image:v1@DIGEST      | a.example/ns/image:v1@DIGEST",
        "['b.example']     | ns/image             | docker.io/library/image:latest",
        "['b.example']     | other/image          | b.example/other/image:latest",
      })
  void aNameMeans(String search, String name, String expected) throws Exception {
    String toml = search == null ? "" : "unqualified-search-registries = " + search + "\n";
    for (String mode : List.of("", "permissive", "disabled")) {
      String all = toml + "short-name-mode = '" + mode + "'\n" + ALIASES;
      assertEquals(expected, meanings(RegistriesConf.parse(all.getBytes(UTF_8), "here"), name));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "unqualified-search-registries = [] | read 'busybox': a short name, and"
            + " unqualified-search-registries of here is empty; name the registry",
        "unqualified-search-registries = ['a.example', 'b.example']~short-name-mode = 'enforcing' |"
            + " read 'busybox': a short name that 2 registries may have, and short-name-mode is"
            + " enforcing; write one of a.example/busybox:latest, b.example/busybox:latest",
      })
  void aNameThatMeansNothingCertainIsRefused(String toml, String message) throws Exception {
    RegistriesConf conf = RegistriesConf.parse(toml.replace('~', '\n').getBytes(UTF_8), "here");
    BadReferenceException bad =
        assertThrows(BadReferenceException.class, () -> conf.meanings("busybox"));
    assertEquals(message, bad.getMessage());
  }

  @Test
  void enforcingIsContentWithOneRegistry() throws Exception {
    String toml = "unqualified-search-registries = ['a.example']\nshort-name-mode = 'enforcing'";
    assertEquals(
        "a.example/busybox:latest",
        meanings(RegistriesConf.parse(toml.getBytes(UTF_8), "here"), "busybox"));
  }

  @Test
  void recordedAliasesComeBeforeThoseOfTheSettings() throws Exception {
    Path conf = Files.writeString(directory.resolve("registries.conf"), ALIASES);
    Path recorded =
        Files.writeString(
            directory.resolve("recorded"), "[aliases]\nimage = \"chosen.example/image\"\n");
    assertEquals(
        "chosen.example/image:latest",
        meanings(RegistriesConf.read(List.of(conf), recorded), "image"));
    assertEquals(
        "a.example/ns/image:latest",
        meanings(RegistriesConf.read(List.of(conf), directory.resolve("none")), "image"));
  }
}
