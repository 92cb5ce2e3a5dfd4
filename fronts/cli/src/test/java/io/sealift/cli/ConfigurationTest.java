package io.sealift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.imageconfig.Setting;
import io.sealift.json.JsonValue;
import io.sealift.json.JsonWriter;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessKeyBroker;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.TarBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is set for all images, and what sets it.
class ConfigurationTest {

  private static final Path DOCUMENT = Path.of("../../docs/configuration.md");
  private static final String ALL = "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}";
  private static final String NONE = "{\"default\": [{\"type\": \"reject\"}]}";
  private static final BuiltImage IMAGE =
      new ImageBuilder().layer(new TarBuilder().file("motd", "hello\n").build()).build();

  @TempDir Path directory;
  private final InProcessRegistry registry =
      InProcessRegistry.builder().https().bearer("ada", "s3same").start();
  private final InProcessKeyBroker broker = new InProcessKeyBroker();

  @AfterEach
  void stop() {
    broker.close();
    registry.close();
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  /// A configuration as a guest has it, with everything inside or at the key broker.
  private Map<String, Object> guest() {
    registry.push("mirror/app", "v1", IMAGE);
    String credentials =
        "{\"auths\": {\"%s\": {\"auth\": \"YWRhOnMzc2FtZQ==\"}}}".formatted(registry.address());
    broker.resource("resource/default/credential/app", credentials.getBytes(UTF_8));
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("work_dir", directory.resolve("store").toString());
    keys.put("image_security_policy", ALL);
    keys.put("authenticated_registry_credentials_uri", "kbs:///default/credential/app");
    keys.put(
        "registry_config",
        Map.of(
            "registry",
            List.of(
                Map.of(
                    "prefix", "app.example/team",
                    "mirror", List.of(Map.of("location", registry.address() + "/mirror")),
                    "location", "127.0.0.1:1/gone"))));
    keys.put("max_concurrent_layer_downloads_per_image", 2);
    keys.put(
        "image_pull_proxy", Map.of("https_proxy", "http://127.0.0.1:1", "no_proxy", "127.0.0.1"));
    keys.put("extra_root_certificates", List.of(new String(registry.certificate(), UTF_8)));
    keys.put("kbc", "cc_kbc");
    keys.put("kbs_uri", broker.uri().toString());
    return keys;
  }

  private Path json(Map<String, Object> keys) throws IOException {
    return Files.write(directory.resolve("image.json"), JsonWriter.compact(JsonValue.of(keys)));
  }

  private Run pull(Map<String, String> environment, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "pull",
                "app.example/team/app:v1",
                "--bundle=" + directory.resolve("bundle"),
                "--snapshotter=copy"));
    arguments.addAll(List.of(options));
    return Run.of(environment, arguments.toArray(String[]::new));
  }

  private void assertPulled(Run run) throws IOException {
    assertEquals(0, run.status(), run.err());
    assertEquals("hello\n", Files.readString(directory.resolve("bundle/rootfs/motd")));
    assertTrue(Files.isDirectory(directory.resolve("store")));
  }

  @Test
  void aFileSaysEverythingThatAPullNeeds() throws Exception {
    assertPulled(pull(Map.of(), "--config=" + json(guest())));
  }

  @Test
  void aVariableNamesTheFileToo() throws Exception {
    Path file = json(guest());
    assertPulled(pull(Map.of("SEALIFT_CONFIG", file.toString(), "CONTAINERS_REGISTRIES_CONF", "")));
  }

  @Test
  void theFileMayBeAResourceOfTheOwner() throws Exception {
    Map<String, Object> keys = guest();
    broker.resource("resource/default/config/image", JsonWriter.compact(JsonValue.of(keys)));
    assertPulled(
        pull(
            Map.of("AA_KBC_PARAMS", "cc_kbc::" + broker.uri()),
            "--config=kbs:///default/config/image"));
  }

  @Test
  void theDataHubsFileSaysItInTwoTables() throws Exception {
    registry.push("mirror/app", "v1", IMAGE);
    guest();
    Path file =
        write(
            "cdh.toml",
            """
            socket = "unix:///run/confidential-containers/cdh.sock"

            [kbc]
            name = "cc_kbc"
            url = "%s"

            [image]
            work_dir = "%s"
            image_security_policy = '%s'
            authenticated_registry_credentials_uri = "kbs:///default/credential/app"
            extra_root_certificates = [\"""
            %s\"""]

            [[image.registry_config.registry]]
            prefix = "app.example/team"
            location = "%s/mirror"
            """
                .formatted(
                    broker.uri(),
                    directory.resolve("store"),
                    ALL,
                    new String(registry.certificate(), UTF_8),
                    registry.address()));
    assertPulled(pull(Map.of(), "--config=" + file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image_security_policy                  | 3 | refused by HOME/.config/containers/policy.json",
        "registry_config                        | 1 | get https://app.example/v2/team/app/manifests/v1: no connection to the proxy http://127.0.0.1:1",
        "authenticated_registry_credentials_uri | 5 | --authfile",
        "extra_root_certificates                | 1 | certificate",
        "kbs_uri                                | 2 | read kbc of FILE: expected a URL of http or https behind cc_kbc::, found 'null'",
      })
  void withoutAKeyThePullLacksIt(String key, int status, String message) throws Exception {
    Map<String, Object> keys = guest();
    keys.remove(key);
    Path file = json(keys);
    Path home = homeThatRefuses();
    Run run = pull(Map.of("HOME", home.toString()), "--config=" + file);
    assertTrue(
        run.err()
            .contains(message.replace("FILE", file.toString()).replace("HOME", home.toString())),
        run.err());
    assertEquals(status, run.status(), run.err());
    assertFalse(Files.exists(directory.resolve("bundle")));
  }

  private Path homeThatRefuses() throws IOException {
    Path home = directory.resolve("home");
    Files.createDirectories(home.resolve(".config/containers"));
    Files.writeString(home.resolve(".config/containers/policy.json"), NONE);
    return home;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "all  | none | none | none | 0",
        "     | all  | none | none | 0",
        "     |      | all  | none | 0",
        "     |      |      | all  | 0",
        "     |      |      | none | 3",
        "none | all  | all  | all  | 3",
        "     | none | all  | all  | 3",
        "     |      | none | all  | 3",
        "     |      |      |      | 3",
      })
  void anOptionCountsThenTheEnvironmentThenTheFileThenTheKernel(
      String option, String variable, String key, String kernel, int status) throws Exception {
    write("all", ALL);
    write("none", NONE);
    Path layout = directory.resolve("layout");
    new LayoutWriter().add(IMAGE, "v1").writeTo(layout);
    List<String> arguments = new ArrayList<>(List.of("verify", "oci:" + layout + ":v1"));
    if (option != null) {
      arguments.add("--policy=" + directory.resolve(option));
    }
    if (key != null) {
      arguments.add(
          "--config="
              + json(Map.of("image_security_policy_uri", directory.resolve(key).toString())));
    }
    Map<String, String> environment =
        variable == null
            ? Map.of("HOME", homeThatRefuses().toString())
            : Map.of("SEALIFT_POLICY", directory.resolve(variable).toString());
    String line =
        kernel == null
            ? ""
            : "agent.enable_signature_verification=true agent.image_policy_file="
                + directory.resolve(kernel);
    Run run = Run.ofGuest(line, environment, arguments.toArray(String[]::new));
    assertEquals(status, run.status(), run.err() + run.out());
  }

  @Test
  void aFileTakesThePlaceOfTheWholeCommandLineOfTheKernel() throws Exception {
    Run run =
        Run.ofGuest(
            "agent.no_proxy=example agent.image_registry_auth=/a.json",
            Map.of(),
            "config",
            "show",
            "--config=" + json(Map.of("work_dir", "/w")));
    assertFalse(run.out().contains("kernel"), run.out());
  }

  @Test
  void showTellsEveryValueAndWhatSetIt() throws Exception {
    Path file =
        json(
            Map.of(
                "work_dir",
                "/from/file",
                "image_security_policy",
                "{}",
                "image_pull_proxy",
                Map.of("http_proxy", "http://ada:s3same@proxy.example:3128"),
                "sealift",
                Map.of("total_timeout", "10m")));
    Run run =
        Run.of(
            Map.of(
                "REGISTRY_AUTH_FILE", "/from/variable.json",
                "https_proxy", "ada:s3same@proxy.example",
                "SEALIFT_READ_TIMEOUT", "30s",
                "HOME", directory.toString()),
            "config",
            "show",
            "--max-concurrent-downloads=7",
            "--max-connections-per-host=9",
            "--store-limit=1.5G",
            "--config=" + file);
    assertEquals(0, run.status(), run.err());
    assertEquals(
        """
        SETTING               VALUE                                SET BY
        work-dir              /from/file                           work_dir of FILE
        policy                config:///image_security_policy      image_security_policy of FILE
        signature-stores      /etc/containers/registries.d         default
        credentials           /from/variable.json                  variable REGISTRY_AUTH_FILE
        registries            the files of the containers tools    default
        concurrent-downloads  7                                    --max-concurrent-downloads
        connections           9                                    --max-connections-per-host
        connect-timeout       15s                                  default
        read-timeout          30s                                  variable SEALIFT_READ_TIMEOUT
        total-timeout         10m                                  total_timeout of FILE
        store-limit           1.5G                                 --store-limit
        https-proxy           ***@proxy.example                    variable https_proxy
        http-proxy            http://***@proxy.example:3128        http_proxy of FILE
        no-proxy              none                                 default
        authorities           those of the Java platform           default
        pinned-images         registry.k8s.io/pause:*              default
        key-broker            none                                 default
        """
            .replaceAll(" +", " "),
        run.out().replace(file.toString(), "FILE").replaceAll(" +", " "));
  }

  @Test
  void showSpeaksJson() throws Exception {
    Run run =
        Run.ofGuest(
            "agent.aa_kbc_params=cc_kbc::http://kbs.example",
            Map.of(),
            "config",
            "show",
            "--output=json");
    assertEquals(0, run.status(), run.err());
    assertTrue(
        run.out()
            .replaceAll("\\s+", " ")
            .contains(
                "{ \"setting\": \"key-broker\", \"value\": \"cc_kbc::http://kbs.example\", \"origin\":"
                    + " \"agent.aa_kbc_params of the kernel's command line\", \"option\": \"\","
                    + " \"variables\": [ \"AA_KBC_PARAMS\" ], \"keys\": [ \"kbc\", \"kbs_uri\" ],"
                    + " \"kernel\": \"agent.aa_kbc_params\" }"),
        run.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"image_security_polcy\": \"{}\"} | read FILE: image_security_polcy: there is no such setting; did you mean image_security_policy?",
        "{\"max_concurrent_layer_downloads_per_image\": 65} | read max_concurrent_layer_downloads_per_image of FILE: expected 1 to 64, found '65'",
        "{\"sealift\": {\"total_timeout\": \"0\"}} | read total_timeout of FILE: expected a time such as 15s, 500ms or 2m, found '0'",
        "{\"sealift\": {\"max_connections_per_host\": 65}} | read max_connections_per_host of FILE: expected 1 to 64, found '65'",
        "{\"sealift\": {\"reed_timeout\": \"1s\"}} | read FILE: sealift.reed_timeout: there is no such setting; did you mean read_timeout?",
        "{\"max_concurrent_layer_downloads_per_image\": 0} | read max_concurrent_layer_downloads_per_image of FILE: expected 1 to 64, found '0'",
      })
  void mistakesEndEveryCommandThatTheyMatterTo(String content, String message) throws Exception {
    Path file = write("image.json", content);
    for (String command : List.of("config show", "ls oci:/nowhere")) {
      List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
      arguments.add("--config=" + file);
      Run run = Run.of(arguments.toArray(String[]::new));
      assertEquals(
          "sealift: " + message.replace("FILE", file.toString()) + "\n", run.err(), command);
      assertEquals(2, run.status());
    }
  }

  @Test
  void aFileThatIsNotThereIsNoEmptyOne() {
    Run run = Run.of("config", "show", "--config=" + directory.resolve("gone"));
    assertEquals(
        "sealift: read %s: there is no such file\n".formatted(directory.resolve("gone")),
        run.err());
    assertEquals(4, run.status());
  }

  /// With a signature that gpg made, kept in a directory that only the file of configuration tells.
  @Test
  @Tag("peers")
  void whereSimpleSignaturesAreMayBeInsideTheFile() throws Exception {
    registry.push("app", "v1", IMAGE);
    String name = registry.name("app", "v1");
    Path home = Files.createDirectory(directory.resolve("gpg"));
    Path key = directory.resolve("key.gpg");
    gpg(home, "--passphrase=", "--quick-generate-key", "ada@example.org", "ed25519", "sign");
    gpg(home, "--output", key.toString(), "--export");
    Path signatures =
        Files.createDirectories(
            directory.resolve("kept/app@" + IMAGE.digest().toString().replace(':', '=')));
    Path payload =
        write(
            "payload",
            """
            {"critical": {"type": "atomic container signature",
              "image": {"docker-manifest-digest": "%s"},
              "identity": {"docker-reference": "%s"}}, "optional": {}}
            """
                .formatted(IMAGE.digest(), name));
    gpg(
        home,
        "--output",
        signatures.resolve("signature-1").toString(),
        "--sign",
        payload.toString());
    String policy =
        "{\"default\": [{\"type\": \"signedBy\", \"keyType\": \"GPGKeys\", \"keyPath\": \"%s\"}]}"
            .formatted(key);
    String kept = "default-docker: {lookaside: 'file://%s'}".formatted(directory.resolve("kept"));
    assertEquals(0, verify(name, policy, kept).status(), verify(name, policy, kept).err());
    assertEquals(3, verify(name, policy, kept + "-not").status());
    Run malformed = verify(name, policy, "docker: [");
    assertEquals(3, malformed.status(), malformed.err());
    assertTrue(malformed.err().contains("read config:///sigstore_config"), malformed.err());
  }

  private Run verify(String name, String policy, String signatureStores) throws IOException {
    return Run.of(
        "verify",
        name,
        "--creds=ada:s3same",
        "--config="
            + json(
                Map.of(
                    "image_security_policy", policy,
                    "sigstore_config", signatureStores,
                    "extra_root_certificates",
                        List.of(new String(registry.certificate(), UTF_8)))));
  }

  private static void gpg(Path home, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("gpg", "--batch", "--quiet", "--homedir"));
    command.add(home.toString());
    command.addAll(List.of(arguments));
    Process gpg = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(gpg.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, gpg.waitFor(), said);
  }

  /// The document has a line for each setting, with all its names.
  @Test
  void theDocumentListsAllNames() throws Exception {
    String table =
        java.util.Arrays.stream(Setting.values())
            .map(setting ->
                "| %s | %s | %s | %s | %s |"
                    .formatted(
                        setting.label(),
                        code(List.of(setting.option())),
                        code(setting.variables()),
                        code(setting.keys()),
                        code(List.of(setting.kernelKey()))))
            .collect(Collectors.joining("\n"));
    assertTrue(Files.readString(DOCUMENT).contains(table), table);
  }

  private static String code(List<String> names) {
    return names.stream()
        .filter(name -> !name.isEmpty())
        .map(name -> "`" + name + "`")
        .collect(Collectors.joining(", "));
  }
}
