package io.sealift.imageconfig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.BadReferenceException;
import io.sealift.imageconfig.Configuration.Value;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a data hub's file says besides images.
class HubSettingsTest {

  private static final String WHOLE_TOML =
      """
      socket = "unix:///run/cdh.sock"
      skip_sealed_secret_verification = true
      [aa]
      aa_socket = "unix:///run/aa.sock"
      [kbc]
      name = "offline_fs_kbc"
      kbs_cert = ""
      [[credentials]]
      resource_uri = "kbs:///default/key/1"
      path = "/run/confidential-containers/cdh/kbs/1"
      [log]
      level = "debug"
      """;

  private static final String WHOLE_JSON =
      """
      {"socket": "unix:///run/cdh.sock", "aa": {"aa_socket": "unix:///run/aa.sock"},
       "credentials": [{"resource_uri": "kbs:///default/key/1", "path": "/run/confidential-containers/cdh/kbs/1"}],
       "log": {"level": "debug"}}
      """;

  @ParameterizedTest
  @ValueSource(strings = {WHOLE_TOML, WHOLE_JSON})
  void everyKeyIsRead(String file) throws Exception {
    assertEquals(
        new HubSettings(
            new Value("unix:///run/cdh.sock", "socket of cdh.toml"),
            new Value("unix:///run/aa.sock", "aa.aa_socket of cdh.toml"),
            new Value("debug", "log.level of cdh.toml"),
            List.of(
                new HubSettings.Resource(
                    "kbs:///default/key/1",
                    "/run/confidential-containers/cdh/kbs/1",
                    "credentials of cdh.toml"))),
        parse(file).hub());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[image]\n", "{\"work_dir\": \"/w\"}", "[log]\n", "[aa]\n"})
  void whatIsNotSaidIsNotSet(String file) throws Exception {
    assertEquals(HubSettings.NONE, parse(file).hub());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          {'socket': ''}, "socket: expected a value, found an empty one; take the key away to leave it unset"
          {'aa': {'socket': 'x'}}, "aa.socket: there is no such setting; did you mean aa_socket?"
          {'log': {'levels': 'x'}}, "log.levels: there is no such setting; did you mean level?"
          {'credentials': [{'resource_uri': 'kbs:///a/b/c'}]}, "/credentials/0/path: expected a value, found none"
          {'credentials': [{'uri': 'x'}]}, "credentials.uri: there is no such setting; known are path, resource_uri"
          "{'image': {}, 'sockets': 'x'}", "sockets: there is no such setting; did you mean socket?"
          """)
  void mistakesAreNamed(String file, String message) {
    BadReferenceException bad =
        assertThrows(BadReferenceException.class, () -> parse(file.replace('\'', '"')));
    assertEquals("read cdh.toml: " + message, bad.getMessage());
  }

  @Test
  void thereIsABoundOnResources() {
    String one = "[[credentials]]\nresource_uri = \"kbs:///a/b/c\"\npath = \"/p\"\n";
    BadReferenceException bad =
        assertThrows(BadReferenceException.class, () -> parse(one.repeat(65)));
    assertEquals("read cdh.toml: credentials: more than the 64 allowed", bad.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          cdh.kbs_resources=kbs:///a/b/c::/p, kbs:///a/b/c -> /p
          "cdh.kbs_resources=kbs:///a/b/c::/p,kbs:///d/e/f::/q", "kbs:///a/b/c -> /p, kbs:///d/e/f -> /q"
          "cdh.kbs_resources=,kbs:///a/b/c,::/p,kbs:///a/b/c::", ""
          quiet, ""
          """)
  void theKernelMayNameResources(String line, String expected) {
    assertEquals(
        expected,
        String.join(
            ", ",
            Configuration.ofKernel(line).hub().resources().stream()
                .map(resource -> resource.uri() + " -> " + resource.path())
                .toList()));
  }

  @Test
  void aHubsFileWithoutImagesLeavesThemToTheKernel() throws Exception {
    Configuration kernel = Configuration.ofKernel("agent.image_registry_auth=file:///auth");
    Optional<Value> ofKernel = kernel.value(Setting.CREDENTIALS);
    assertEquals(ofKernel, parse(WHOLE_TOML).completedBy(kernel).value(Setting.CREDENTIALS));
    assertEquals(
        "offline_fs_kbc::",
        parse(WHOLE_TOML)
            .completedBy(Configuration.ofKernel("agent.aa_kbc_params=cc_kbc::http://kbs"))
            .value(Setting.KEY_BROKER)
            .orElseThrow()
            .text());
    assertEquals(
        Optional.empty(),
        parse(WHOLE_TOML + "[image]\n").completedBy(kernel).value(Setting.CREDENTIALS));
    assertEquals(ofKernel, Configuration.none().completedBy(kernel).value(Setting.CREDENTIALS));
  }

  private static Configuration parse(String file) throws BadReferenceException {
    return Configuration.parse(file.getBytes(UTF_8), "cdh.toml");
  }
}
