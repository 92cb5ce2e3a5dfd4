package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.testing.BuiltBlob;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.crypt.LayerEncryptor;
import io.sealift.testing.crypt.SoftToken;
import io.sealift.testing.crypt.TokenRecipient;
import io.sealift.testing.guest.AnnotationPacket;
import io.sealift.testing.guest.InProcessDataHub;
import io.sealift.wire.guest.DataHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Encrypted images pulled by the launcher, where what opens them is a matter of the whole process:
/// the environment of a token's module, the place of a socket.
class KeysIT {

  private static final Path LAUNCHER =
      Path.of(System.getProperty("sealift.root")).toAbsolutePath().normalize().resolve("sealift");

  /// Gives a command a `/run` of its own that has a directory of ours where the data hub's is.
  private static final String WITH_HUB =
      """
      mount -t tmpfs none /run && mkdir "${2%/*}" && mount --bind "$1" "${2%/*}" && shift 2 && exec "$@"
      """;

  @TempDir Path directory;
  private final InProcessRegistry registry = InProcessRegistry.start();

  @AfterEach
  void stop() {
    registry.close();
  }

  private static BuiltBlob layer() {
    byte[] tar = new TarBuilder().file("motd", "secret\n").build();
    return BuiltBlob.layer(tar, Packing.GZIP, ImageBuilder.Form.OCI);
  }

  private List<String> pull(BuiltBlob layer, String... options) {
    registry.push("app", "v1", new ImageBuilder().layer(layer).build());
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString(), "pull"));
    command.add(registry.name("app", "v1"));
    command.addAll(List.of(options));
    command.addAll(List.of("--plain-http", "--insecure-policy", "--progress=none"));
    command.addAll(List.of("--snapshotter=copy", "--bundle=" + directory.resolve("bundle")));
    command.add("--work-dir=" + directory.resolve("store"));
    return command;
  }

  private void assertPulls(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path said = directory.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().keySet().removeAll(List.of("AA_KBC_PARAMS", "SOFTHSM2_CONF"));
    builder.environment().put("SEALIFT_REBUILD", "never");
    builder.environment().putAll(environment);
    assertEquals(0, builder.start().waitFor(), Files.readString(said));
    assertEquals("secret\n", Files.readString(directory.resolve("bundle/rootfs/motd")));
  }

  /// The module finds its configuration by a variable that the process was not started with.
  @Test
  @Tag("peers")
  void aTokenThatTheKeyFileConfigures() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(3072);
    KeyPair keys = generator.generateKeyPair();
    SoftToken token =
        SoftToken.create(directory.resolve("token"), "images").put(keys, "images", "key", "01");
    Path file =
        Files.writeString(
            directory.resolve("key.yaml"),
            token.keyFile("pkcs11:token=images;object=key?pin-value=1234&module-name=softhsm2"));
    BuiltBlob encrypted =
        new TokenRecipient((RSAPublicKey) keys.getPublic(), "sha256").encrypt(layer());
    assertPulls(
        pull(encrypted, "--decryption-key=" + file),
        Map.of("OCICRYPT_CONFIG", token.allowing().toString()));
  }

  /// Nothing but the socket says where keys come from.
  @Test
  @Tag("root")
  void theDataHubAtItsUsualPlace() throws Exception {
    Path place = Files.createDirectory(directory.resolve("hub"));
    byte[] key = new byte[32];
    LayerEncryptor encryptor = new LayerEncryptor(layer(), 5);
    byte[] packet =
        AnnotationPacket.gcm(
                "kbs:///default/key/app", key, new byte[12], encryptor.privateOptions())
            .build();
    BuiltBlob encrypted = encryptor.wrap("provider.attestation-agent", packet).build();
    try (InProcessDataHub hub =
        new InProcessDataHub(place.resolve("cdh.sock")).resource("default/key/app", key)) {
      List<String> command =
          new ArrayList<>(List.of("unshare", "--mount", "sh", "-c", WITH_HUB, "sh"));
      command.addAll(List.of(place.toString(), DataHub.SOCKET.toString()));
      command.addAll(pull(encrypted));
      assertPulls(command, Map.of());
      assertTrue(hub.requests().contains("kbs:///default/key/app"), hub.requests().toString());
    }
  }
}
