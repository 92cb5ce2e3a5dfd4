package io.sealift.imageconfig;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.UnsafeContentException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTest {

  private static final String WHOLE_JSON =
      """
      {
        "work_dir": "/run/kata-containers/image/",
        "image_security_policy_uri": "kbs:///default/security-policy/app",
        "image_security_policy": "{}",
        "sigstore_config_uri": "kbs:///default/sigstore-config/app",
        "authenticated_registry_credentials_uri": "kbs:///default/credential/app",
        "registry_configuration_uri": "kbs:///default/registry-configuration/app",
        "max_concurrent_layer_downloads_per_image": 5,
        "image_pull_proxy": {
          "https_proxy": "http://proxy.example:3128",
          "http_proxy": "http://proxy.example:3129",
          "no_proxy": "10.0.0.0/8"
        },
        "extra_root_certificates": ["one", "two"],
        "kbc": "cc_kbc",
        "kbs_uri": "http://kbs.example:8080",
        "sealift": {
          "max_connections_per_host": 7,
          "pinned_images": ["registry.example/pause:1", "registry.example/base/*"],
          "connect_timeout": "5s",
          "read_timeout": "500ms",
          "total_timeout": "2h",
          "store_limit": "2GiB"
        }
      }
      """;

  private static final String WHOLE_TOML =
      """
      # as the data hub has it
      socket = "unix:///run/confidential-containers/cdh.sock"
      [kbc]
      name = "cc_kbc"
      url = "http://kbs.example:8080"
      [image]
      work_dir = "/run/kata-containers/image/"
      image_security_policy_uri = "kbs:///default/security-policy/app"
      sigstore_config_uri = "kbs:///default/sigstore-config/app"
      authenticated_registry_credentials_uri = "kbs:///default/credential/app"
      registry_configuration_uri = "kbs:///default/registry-configuration/app"
      max_concurrent_layer_downloads_per_image = 5
      extra_root_certificates = ["one", "two"]
      [image.image_pull_proxy]
      https_proxy = "http://proxy.example:3128"
      http_proxy = "http://proxy.example:3129"
      no_proxy = "10.0.0.0/8"
      [image.sealift]
      max_connections_per_host = 7
      pinned_images = ["registry.example/pause:1", "registry.example/base/*"]
      connect_timeout = "5s"
      read_timeout = "500ms"
      total_timeout = "2h"
      store_limit = "2GiB"
      """;

  private static final Map<Setting, String> WHOLE =
      Map.ofEntries(
          Map.entry(Setting.WORK_DIR, "/run/kata-containers/image/"),
          Map.entry(Setting.POLICY, "kbs:///default/security-policy/app"),
          Map.entry(Setting.SIGNATURE_STORES, "kbs:///default/sigstore-config/app"),
          Map.entry(Setting.CREDENTIALS, "kbs:///default/credential/app"),
          Map.entry(Setting.REGISTRIES, "kbs:///default/registry-configuration/app"),
          Map.entry(Setting.CONCURRENT_DOWNLOADS, "5"),
          Map.entry(Setting.CONNECTIONS, "7"),
          Map.entry(Setting.CONNECT_TIMEOUT, "5s"),
          Map.entry(Setting.READ_TIMEOUT, "500ms"),
          Map.entry(Setting.TOTAL_TIMEOUT, "2h"),
          Map.entry(Setting.STORE_LIMIT, "2GiB"),
          Map.entry(Setting.HTTPS_PROXY, "http://proxy.example:3128"),
          Map.entry(Setting.HTTP_PROXY, "http://proxy.example:3129"),
          Map.entry(Setting.NO_PROXY, "10.0.0.0/8"),
          Map.entry(Setting.PINNED_IMAGES, "registry.example/pause:1 registry.example/base/*"),
          Map.entry(Setting.AUTHORITIES, "config:///extra_root_certificates"),
          Map.entry(Setting.KEY_BROKER, "cc_kbc::http://kbs.example:8080"));

  private static Configuration parse(String text) throws BadReferenceException {
    return Configuration.parse(text.getBytes(UTF_8), "image.json");
  }

  private static Map<Setting, String> values(Configuration configuration) {
    return Arrays.stream(Setting.values())
        .filter(setting -> configuration.value(setting).isPresent())
        .collect(
            Collectors.toMap(
                setting -> setting, setting -> configuration.value(setting).orElseThrow().text()));
  }

  @ParameterizedTest
  @ValueSource(strings = {WHOLE_JSON, WHOLE_TOML})
  void everyKeyIsRead(String file) throws Exception {
    Configuration configuration = parse(file);
    assertEquals(WHOLE, values(configuration));
    assertEquals(
        "one\ntwo",
        new String(configuration.read("config:///extra_root_certificates", 100), UTF_8));
    assertEquals(
        "work_dir of image.json", configuration.value(Setting.WORK_DIR).orElseThrow().origin());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{}", "# nothing", "{\"image\": {}}", "{\"work_dir\": null}", "[image]"})
  void whatIsNotSaidIsNotSet(String file) throws Exception {
    assertEquals(Map.of(), values(parse(file)));
  }

  @Test
  void whatIsInsideTheFileIsAResource() throws Exception {
    Configuration configuration =
        parse(
            """
            {"image_security_policy": "{\\"default\\": []}", "sigstore_config": "docker: {}"}
            """);
    assertEquals(
        Map.of(
            Setting.POLICY, "config:///image_security_policy",
            Setting.SIGNATURE_STORES, "config:///sigstore_config"),
        values(configuration));
    assertEquals(
        "{\"default\": []}",
        new String(configuration.read("config:///image_security_policy", 15), UTF_8));
    assertEquals(
        "read config:///image_security_policy: more than the 14 bytes allowed",
        assertThrows(
                UnsafeContentException.class,
                () -> configuration.read("config:///image_security_policy", 14))
            .getMessage());
    assertEquals(
        "read config:///work_dir: the configuration has no such key",
        assertThrows(NotFoundException.class, () -> configuration.read("config:///work_dir", 100))
            .getMessage());
  }

  @Test
  void registriesInsideTheFileComeBeforeThoseElsewhere() throws Exception {
    Configuration configuration =
        parse(
            """
            {
              "registry_configuration_uri": "kbs:///default/registry-configuration/app",
              "registry_config": {
                "unqualified-search-registries": ["a.example", "b.example"],
                "short-name-mode": "permissive",
                "credential-helpers": null,
                "registry": [
                  {
                    "prefix": "app.example/\\"q\\"\\u0001",
                    "insecure": true,
                    "mirror": [{"location": "m.example"}, {"location": "n.example"}]
                  }
                ]
              }
            }
            """);
    assertEquals(Map.of(Setting.REGISTRIES, "config:///registry_config"), values(configuration));
    assertEquals(
        """
        "unqualified-search-registries" = [
        "a.example",
        "b.example",
        ]
        "short-name-mode" = "permissive"
        "registry" = [
        {"prefix" = "app.example/\\"q\\"\\u0001", "insecure" = true, "mirror" = [
        {"location" = "m.example"},
        {"location" = "n.example"},
        ]},
        ]
        """,
        new String(configuration.read("config:///registry_config", 1000), UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"image_security_polcy\": \"x\"} | image_security_polcy: there is no such setting; did you mean image_security_policy?",
        "{\"image-security-policy-uri\": \"x\"} | image-security-policy-uri: there is no such setting; did you mean image_security_policy_uri?",
        "{\"image_pull_proxy\": {\"https-proxy\": \"x\"}} | image_pull_proxy.https-proxy: there is no such setting; did you mean https_proxy?",
        "{\"image\": {\"zzzzzzzzzzzzzzzzzzz\": 1}} | zzzzzzzzzzzzzzzzzzz: there is no such setting; known are authenticated_registry_credentials_uri, ",
        "{\"image\": {}, \"work_dir\": \"/x\"} | work_dir: there is no such setting; known are aa, credentials, image, kbc, log, skip_sealed_secret_verification, socket",
        "{\"kbc\": {\"name\": \"cc_kbc\", \"uri\": \"x\"}} | kbc.uri: there is no such setting; did you mean url?",
        "{\"kbc\": {\"url\": \"x\"}} | /kbc/name: expected a value, found none",
        "{\"kbc\": {\"name\": \"cc_kbc\", \"kbs_cert\": \"x\"}} | kbc.kbs_cert: only the authorities of the Java platform and of certs.d are trusted with a key broker; put it into certs.d",
        "{\"work_dir\": 1} | /work_dir: expected a string, found a number",
        "{\"work_dir\": \"\"} | work_dir: expected a value, found an empty one; take the key away to leave it unset",
        "{\"max_concurrent_layer_downloads_per_image\": \"3\"} | /max_concurrent_layer_downloads_per_image: expected a number, found a string",
        "{\"max_concurrent_layer_downloads_per_image\": 1.5} | /max_concurrent_layer_downloads_per_image: expected a whole number of 64 bits",
        "{\"sealift\": {\"pinned_images\": [\"a b\"]}} | sealift.pinned_images: expected references, found 'a b'",
        "{\"sealift\": {\"pinned_images\": []}} | sealift.pinned_images: expected a value, found an empty one; take the key away to leave it unset",
        "{\"extra_root_certificates\": \"x\"} | /extra_root_certificates: expected an array, found a string",
        "{\"work_dir\": \"a\", \"work_dir\": \"b\"} | not sound JSON",
        "work_dir = | image.json, line 1: ",
        "{\"work_dir\": | not sound JSON",
      })
  void mistakesAreNamed(String file, String message) {
    BadReferenceException refused =
        assertThrows(BadReferenceException.class, () -> parse(file), file);
    assertEquals(true, refused.getMessage().startsWith("read image.json"), refused.getMessage());
    assertEquals(true, refused.getMessage().contains(message), refused.getMessage());
  }

  @Test
  void aFileHasABound() {
    byte[] file = new byte[Configuration.MAX_BYTES + 1];
    Arrays.fill(file, (byte) ' ');
    assertEquals(
        "read image.json: more than the 1048576 bytes allowed",
        assertThrows(BadReferenceException.class, () -> Configuration.parse(file, "image.json"))
            .getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "quiet root=/dev/vda ro                                            | {}",
        "agent.https_proxy=http://p:1 agent.http_proxy=http://q:2          | {HTTPS_PROXY=http://p:1, HTTP_PROXY=http://q:2}",
        "agent.no_proxy=a,b=c agent.no_proxy=last=1                        | {NO_PROXY=last=1}",
        "agent.image_registry_auth=kbs:///default/credential/app           | {CREDENTIALS=kbs:///default/credential/app}",
        "agent.image_policy_file=/p.json                                   | {}",
        "agent.image_policy_file=/p agent.enable_signature_verification=1  | {}",
        "agent.image_policy_file=/p agent.enable_signature_verification=true | {POLICY=/p}",
        "agent.aa_kbc_params=cc_kbc::http://kbs:8080                       | {KEY_BROKER=cc_kbc::http://kbs:8080}",
        "agent.https_proxy= agent.https_proxy agent.no_proxy               | {}",
        "=x agent.log=debug agent.unknown=1                                | {}",
      })
  void theKernelsCommandLineSaysTheSame(String line, String expected) {
    assertEquals(
        expected, new java.util.TreeMap<>(values(Configuration.ofKernel(line))).toString());
  }

  @Test
  void aValueOfTheKernelSaysWhereItStands() {
    assertEquals(
        "agent.no_proxy of the kernel's command line",
        Configuration.ofKernel("agent.no_proxy=x\n")
            .value(Setting.NO_PROXY)
            .orElseThrow()
            .origin());
  }

  @Test
  void aNameBelongsToOneSetting() {
    List<String> names =
        Arrays.stream(Setting.values())
            .flatMap(setting ->
                java.util.stream.Stream.of(
                        List.of(setting.option(), setting.kernelKey()),
                        setting.variables(),
                        setting.keys())
                    .flatMap(List::stream))
            .filter(name -> !name.isEmpty())
            .toList();
    assertEquals(names.size(), names.stream().distinct().count(), names.toString());
  }
}
