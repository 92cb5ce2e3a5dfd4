package io.sealift.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.crypt.KeyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which modules may be loaded.
class ModuleRulesTest {

  @TempDir Path directory;

  @BeforeEach
  void makeFiles() throws Exception {
    for (String file :
        List.of("a/libsofthsm2.so", "a/libsofthsm.so.1", "a/sub/evil.so", "b/x.so")) {
      Files.createDirectories(directory.resolve(file).getParent());
      Files.writeString(directory.resolve(file), "");
    }
  }

  private String find(String query, String directories, String allowed) throws Exception {
    String uri =
        "pkcs11:token=t;object=k" + (query.isEmpty() ? "" : "?" + query.replace("@", root()));
    Path found = new ModuleRules(paths(directories), paths(allowed)).find(TokenUri.parse(uri));
    return directory.relativize(found).toString();
  }

  private String root() {
    return directory.toString();
  }

  private List<String> paths(String list) {
    return list.isEmpty() ? List.of() : List.of(list.replace("@", root()).split(" ", -1));
  }

  @ParameterizedTest
  @CsvSource({
    "module-path=@/a/libsofthsm2.so, '', @/a/, a/libsofthsm2.so",
    "module-path=@/a/libsofthsm2.so, '', @/b/ @/a/libsofthsm2.so, a/libsofthsm2.so",
    "module-name=softhsm2, @/b/ @/a/, @/a/, a/libsofthsm2.so",
    "module-name=SoftHSM2, @/a, @/a/, a/libsofthsm2.so",
    "module-name=libsofthsm2.so, @/a/, @/a/, a/libsofthsm2.so",
    "module-name=softhsm, @/a/, @/a/, a/libsofthsm.so.1",
    "module-name=softhsm2&module-path=@/a, @/b/, @/a/, a/libsofthsm2.so",
    "module-name=x, @/nowhere/ @/b/, @/b/, b/x.so",
  })
  void findsWhatAUriMeans(String query, String directories, String allowed, String found)
      throws Exception {
    assertEquals(found, find(query, directories, allowed));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "module-path=@/a/libsofthsm2.so | @/a/ | '' | is not allowed; allow it in ocicrypt.conf",
        "module-path=@/a/libsofthsm2.so | '' | @/a | is not allowed",
        "module-path=@/a/sub/evil.so | '' | @/a/ | is not allowed",
        "module-path=@/a/../b/x.so | '' | @/a/ @/b/ | expected an absolute path without . and ..",
        "module-path=x.so | '' | @/a/ | expected an absolute path",
        "module-path=@/a/none.so | '' | @/a/ | none.so is not there",
        "module-path=@/a | '' | @/a/ | names no module",
        "'' | @/a/ | @/a/ | names no module: neither module-path= nor module-name=",
        "module-name=softhsm2 | '' | '' | no module may be loaded",
        "module-name=softhsm2 | @/a/ | @/b/ | is not allowed",
        "module-name=softhsm3 | @/a/ @/b/ | @/a/ | module 'softhsm3' is in none of",
        "module-name=../b/x | @/a/ | @/a/ @/b/ | is in none of",
      })
  void refusesEverythingElse(String query, String directories, String allowed, String why) {
    KeyException refused =
        assertThrows(KeyException.class, () -> find(query, directories, allowed));
    assertTrue(refused.reason().contains(why), refused.reason());
  }

  private ModuleRules ofUser(Map<String, String> variables) throws Exception {
    return ModuleRules.ofUser(name -> Optional.ofNullable(variables.get(name)));
  }

  private Path write(String file, String allowed) throws Exception {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(
        path,
        "pkcs11:\n  module-directories:\n  - /d/\n  allowed-module-paths: [%s]\n"
            .formatted(allowed));
  }

  @Test
  void theConfigurationIsWhereOcicryptLooksForIt() throws Exception {
    String named = write("named", "/named/").toString();
    write("xdg/ocicrypt.conf", "/xdg/");
    String xdg = root() + "/xdg";
    write("home/.config/ocicrypt.conf", "/home/");
    String home = root() + "/home";
    assertEquals(
        List.of("/named/"),
        ofUser(Map.of("OCICRYPT_CONFIG", named, "XDG_CONFIG_HOME", xdg)).allowed());
    assertEquals(
        new ModuleRules(List.of("/d/"), List.of("/xdg/")),
        ofUser(Map.of("XDG_CONFIG_HOME", xdg, "HOME", home)));
    assertEquals(
        List.of("/home/"), ofUser(Map.of("XDG_CONFIG_HOME", root(), "HOME", home)).allowed());
    assertTrue(
        ofUser(Map.of("OCICRYPT_CONFIG", "internal")).allowed().contains("/usr/lib/softhsm/"));
  }

  @Test
  void aConfigurationThatIsNamedHasToBeThere() {
    KeyException refused =
        assertThrows(KeyException.class, () -> ofUser(Map.of("OCICRYPT_CONFIG", root() + "/none")));
    assertEquals("read %s/none: it cannot be read".formatted(root()), refused.reason());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "pkcs11: {allowed-module-paths: /a} | 'allowed-module-paths' is no list",
        "pkcs11: {allowed-module-paths: [a/]} | expected an absolute path",
        "pkcs11: {allowed-module-paths: ['']} | expected an absolute path",
        "pkcs11: {allowed-module-paths: [[/a]]} | is no text",
        "pkcs11: [] | 'pkcs11' is no map",
        "pkcs11: {a: 1, a: 2} | there twice",
        "a: &x {}\\nb: *x | no use here, line 1",
        "[[[[[[[[[[1]]]]]]]]]] | inside each other",
        "{ | malformed YAML",
      })
  void aMalformedConfigurationIsRefused(String yaml, String why) {
    KeyException refused =
        assertThrows(
            KeyException.class, () -> ModuleRules.parse(yaml.replace("\\n", "\n").getBytes(UTF_8)));
    assertTrue(refused.reason().contains(why), refused.reason());
  }

  @Test
  void anEmptyConfigurationAllowsNothing() throws Exception {
    for (String yaml : List.of("", "pkcs11:\n", "other: 1\n")) {
      assertEquals(ModuleRules.NONE, ModuleRules.parse(yaml.getBytes(UTF_8)));
    }
  }
}
