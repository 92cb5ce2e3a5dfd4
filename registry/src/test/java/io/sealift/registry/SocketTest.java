package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.ImageException;
import io.sealift.oci.Reference;
import io.sealift.registry.proxy.Proxies;
import io.sealift.source.ImageSource;
import io.sealift.testing.Fault;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.SocketRelay;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Registries behind a Unix socket, whose names mean nothing on the network.
class SocketTest {

  @TempDir Path directory;

  /// Neither TLS nor a proxy is used, whatever the name.
  @ParameterizedTest
  @ValueSource(strings = {"host.invalid/app:v1", "host.invalid:5000/app:v1", "docker.io/ns/app:v1"})
  void anImageComesThroughASocket(String name) throws Exception {
    Path socket = directory.resolve("socket");
    Reference reference = Reference.parse(name);
    try (Setting setting = new Setting(InProcessRegistry.builder().basic("alice", "pw").start());
        SocketRelay _ = new SocketRelay(socket, setting.registry.address())) {
      setting.registry.push("ns/app", "v1", setting.image);
      RegistryClient client =
          setting
              .client()
              .plainHttp(false)
              .proxies(
                  Proxies.of(Map.of("http_proxy", "proxy.invalid", "https_proxy", "p.invalid")))
              .credentials(Setting.user("pw"))
              .socket(reference.domain(), socket)
              .build();
      try (ImageSource source = client.open(reference)) {
        assertArrayEquals(setting.image.document().bytes(), source.manifest().bytes());
        assertArrayEquals(setting.bytes, setting.read(source));
      }
    }
  }

  @Test
  void aSocketThatIsNotThereIsNamed() throws Exception {
    Path socket = directory.resolve("none");
    RegistryClient client =
        RegistryClient.builder().socket("host.invalid", socket).retries(Retries.none()).build();
    try (ImageSource source = client.open(Reference.parse("host.invalid/app:v1"))) {
      ImageException failed = assertThrows(ImageException.class, source::manifest);
      assertEquals(
          "get http://host.invalid/v2/app/manifests/v1: no connection to the socket %s, No such file or directory"
              .formatted(socket),
          failed.getMessage());
    }
  }

  /// Nor does it lead to this machine's other servers.
  @Test
  void aRedirectFromASocketTakesNothingAlong() throws Exception {
    Path socket = directory.resolve("socket");
    try (Setting setting = new Setting(InProcessRegistry.builder().basic("alice", "pw").start());
        InProcessRegistry other = InProcessRegistry.start();
        SocketRelay _ = new SocketRelay(socket, setting.registry.address())) {
      setting.registry.plan("/manifests/", Fault.redirect(307, target -> other.url() + target));
      RegistryClient client =
          setting
              .client()
              .credentials("host.invalid", Setting.user("pw"))
              .socket("host.invalid", socket)
              .build();
      try (ImageSource source = client.open(Reference.parse("host.invalid/app:v1"))) {
        assertThrows(ImageException.class, source::manifest);
      }
      assertEquals(List.of(), other.requests());
    }
  }
}
