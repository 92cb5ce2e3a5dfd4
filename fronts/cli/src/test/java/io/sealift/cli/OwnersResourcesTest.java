package io.sealift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sealift.testing.BuiltBlob;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessKeyBroker;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.crypt.JweRecipient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A guest that has no files of its own: its owner's key broker keeps where images are, whom to
/// trust, who asks, what may enter and what opens it.
class OwnersResourcesTest {

  private static final String IMAGE = "app.example/team/app:v1";
  private static final JweRecipient OWNER = JweRecipient.withNewKey("EC");

  @TempDir Path directory;
  private final InProcessRegistry registry =
      InProcessRegistry.builder().https().bearer("ada", "s3same").start();
  private final InProcessKeyBroker broker = new InProcessKeyBroker();

  OwnersResourcesTest() {
    BuiltBlob layer =
        BuiltBlob.layer(
            new TarBuilder().file("motd", "secret\n").build(), Packing.GZIP, ImageBuilder.Form.OCI);
    registry.push("mirror/app", "v1", new ImageBuilder().layer(OWNER.encrypt(layer)).build());
    keep(
        "registry-configuration",
        """
        [[registry]]
        prefix = "app.example/team"
        location = "%s/mirror"
        """
            .formatted(registry.address()));
    keep(
        "credential",
        "{\"auths\": {\"%s\": {\"auth\": \"YWRhOnMzc2FtZQ==\"}}}".formatted(registry.address()));
    keep("ca", new String(registry.certificate(), UTF_8));
    keep("security-policy", "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}");
    keep("key", OWNER.privateKey());
  }

  private void keep(String type, String content) {
    broker.resource("resource/default/%s/app".formatted(type), content.getBytes(UTF_8));
  }

  @AfterEach
  void stop() {
    broker.close();
    registry.close();
  }

  private Run pull(String... changed) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "pull",
                IMAGE,
                "--registries-conf=kbs:///default/registry-configuration/app",
                "--authfile=kbs:///default/credential/app",
                "--tls-ca=kbs:///default/ca/app",
                "--policy=kbs:///default/security-policy/app",
                "--decryption-key=kbs:///default/key/app",
                "--bundle=" + directory.resolve("bundle"),
                "--work-dir=" + directory.resolve("store"),
                "--snapshotter=copy"));
    for (String option : changed) {
      String name = option.substring(0, option.indexOf('=') + 1);
      arguments.removeIf(argument -> argument.startsWith(name));
      arguments.add(option);
    }
    return Run.of(
        Map.of("AA_KBC_PARAMS", "cc_kbc::" + broker.uri()), arguments.toArray(String[]::new));
  }

  private void assertPulled(Run run) throws IOException {
    assertEquals(0, run.status(), run.err());
    assertEquals("secret\n", Files.readString(directory.resolve("bundle/rootfs/motd")));
  }

  @Test
  void everythingComesFromTheBroker() throws Exception {
    assertPulled(pull());
  }

  @Test
  void aPasswordStandsBehindTheUriOfAKey() throws Exception {
    assertPulled(
        pull("--decryption-key=kbs:///default/key/app:pass=of no use, as it is not locked"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--decryption-key", "--registries-conf", "--policy", "--authfile", "--tls-ca"})
  void aFileOfThisMachineMayBeAUriToo(String option) throws Exception {
    Path file = directory.resolve("file with spaces");
    Files.writeString(
        file,
        switch (option) {
          case "--decryption-key" -> OWNER.privateKey();
          case "--policy" -> "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}";
          case "--tls-ca" -> new String(registry.certificate(), UTF_8);
          case "--authfile" ->
              "{\"auths\": {\"%s\": {\"auth\": \"YWRhOnMzc2FtZQ==\"}}}"
                  .formatted(registry.address());
          default ->
              "registry = [{prefix = 'app.example/team', location = '%s/mirror'}]"
                  .formatted(registry.address());
        });
    assertPulled(pull(option + "=" + file.toUri()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--registries-conf | kbs:///default/gone/app  | 5 | read kbs:///default/gone/app: the key broker says no",
        "--decryption-key  | kbs:///default/gone/app  | 5 | read kbs:///default/gone/app: the key broker says no",
        "--decryption-key  | kbs:///default/ca/app    | 5 | no key opens it",
        "--decryption-key  | kbs:///default/credential/app | 2 | read --decryption-key kbs:///default/credential/app: expected a private key",
        "--registries-conf | kbs:///default/ca/app    | 2 | read kbs:///default/ca/app, line 1:",
        "--registries-conf | http://127.0.0.1/x       | 2 | nothing here reads resources of the scheme http; it knows config, file, kbs",
        "--decryption-key  | https://127.0.0.1/x:pass=p4ss | 2 | read https://127.0.0.1/x: nothing here reads resources of the scheme https; it knows config, file, kbs",
      })
  void whatIsNotThereOrOfAnotherKindIsNamed(String option, String uri, int status, String message) {
    Run run = pull(option + "=" + uri);
    assertEquals(status, run.status(), run.err());
    assertEquals(true, run.err().contains(message), run.err());
    assertFalse(run.err().contains("p4ss"), run.err());
    assertFalse(Files.exists(directory.resolve("bundle")));
  }
}
