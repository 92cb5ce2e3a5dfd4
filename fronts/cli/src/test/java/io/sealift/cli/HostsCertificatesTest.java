package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.ServerCertificate;
import io.sealift.testing.TarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A mirror in containerd's settings that has a private authority and wants to know who asks.
class HostsCertificatesTest {

  private static final BuiltImage IMAGE =
      new ImageBuilder().layer(new TarBuilder().file("f", "x").build()).build();

  @TempDir Path hosts;
  private final ServerCertificate server = ServerCertificate.make();
  private final ServerCertificate ours = ServerCertificate.make();

  private Run inspect(InProcessRegistry registry, String settings) throws Exception {
    Path own = Files.createDirectories(hosts.resolve("registry.example"));
    Files.writeString(own.resolve("ca.crt"), server.pem());
    Files.writeString(own.resolve("ours.cert"), ours.pem());
    Files.writeString(own.resolve("ours.key"), ours.keyPem());
    Files.writeString(own.resolve("both.pem"), ours.pem() + ours.keyPem());
    Files.writeString(
        own.resolve("hosts.toml"),
        "server='%s'\n".formatted(registry.url()) + settings.replace('~', '\n'));
    registry.push("app", "v1", IMAGE);
    return Run.of("inspect", "registry.example/app:v1", "--registry-hosts-dir=" + hosts);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ca='ca.crt'~client=[['ours.cert','ours.key']] | 0",
        "skip_verify=true~client='both.pem'            | 0",
        "ca='ca.crt'                                   | 5",
        "client='both.pem'                             | 1",
      })
  void theMirrorSeesWhatItsSettingsName(String settings, int status) throws Exception {
    try (InProcessRegistry registry =
        InProcessRegistry.builder().https(server).client(ours).start()) {
      Run run = inspect(registry, settings);
      assertEquals(status, run.status(), run.err());
      assertEquals(status == 0, run.out().contains("place       " + registry.url() + "/v2/app\n"));
    }
  }

  @Test
  void aPairThatWasWrittenAsTwoFilesWithBothIsToldOf() throws Exception {
    try (InProcessRegistry registry =
        InProcessRegistry.builder().https(server).client(ours).start()) {
      Run run = inspect(registry, "ca='ca.crt'~client=['ours.cert','ours.key']");
      assertTrue(
          run.err()
              .contains(
                  "read %s: expected a private key, found something else"
                      .formatted(hosts.resolve("registry.example/ours.cert"))),
          run.err());
    }
  }
}
