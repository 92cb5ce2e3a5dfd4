package io.sealift.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.cli.demo.DemoOwner;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.crypt.JweRecipient;
import io.sealift.testing.crypt.LayerEncryptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Secrets that were planted show in nothing that is printed, and in no file that others can read:
/// not when all goes well, and not when anything fails.
class PlantedSecretsTest {

  private static final String PLAINTEXT = "planted plaintext of the layer";
  private static final String KEY_PASSWORD = "planted-key-password";
  private static final String REGISTRY_PASSWORD = "planted-registry-password";

  @TempDir Path directory;
  private final InProcessRegistry registry =
      InProcessRegistry.builder().bearer("ada", REGISTRY_PASSWORD).start();
  private final DemoOwner owner = new DemoOwner();
  private final JweRecipient recipient = JweRecipient.withNewKey("EC");
  private final Map<String, String> secrets = new TreeMap<>();
  private String jwe = "";
  private String packet = "";

  @BeforeEach
  void plant() throws IOException {
    BuiltBlob layer =
        BuiltBlob.layer(
            new TarBuilder().file("motd", PLAINTEXT).build(), Packing.TAR, ImageBuilder.Form.OCI);
    LayerEncryptor encryptor = new LayerEncryptor(layer, 99);
    String options = new String(encryptor.privateOptions(), UTF_8);
    secret("key of the layer", between(options, "\"symkey\":\"", "\""));
    secret("nonce of the layer", between(options, "\"nonce\":\"", "\""));
    secret("private key", recipient.privateKey().lines().skip(1).findFirst().orElseThrow());
    secrets.put("plaintext", PLAINTEXT);
    secrets.put("password of a key", KEY_PASSWORD);
    secrets.put("password at the registry", REGISTRY_PASSWORD);
    BuiltBlob encrypted = encryptor.wrap("jwe", recipient.wrap(encryptor.privateOptions())).build();
    registry.push("jwe", "v1", new ImageBuilder().layer(encrypted).build());
    jwe = registry.name("jwe", "v1");
    packet =
        owner.publish(new ImageBuilder().layer(owner.encrypt(layer)).build(), registry, "packet");
    Files.writeString(directory.resolve("key.pem"), recipient.privateKey());
    Files.writeString(directory.resolve("other.pem"), JweRecipient.withNewKey("EC").privateKey());
  }

  @AfterEach
  void stop() {
    owner.close();
    registry.close();
  }

  /// Planted as base64 has it, as hexadecimal digits, and as it is.
  private void secret(String name, String base64) {
    byte[] bytes = java.util.Base64.getDecoder().decode(base64);
    secrets.put(name + ", base64", base64.replace("=", ""));
    secrets.put(name + ", hexadecimal", HexFormat.of().formatHex(bytes));
    secrets.put(name, new String(bytes, ISO_8859_1));
  }

  private static String between(String text, String before, String after) {
    int from = text.indexOf(before) + before.length();
    return text.substring(from, text.indexOf(after, from));
  }

  private Run run(int status, String command, String image, String... options) {
    List<String> line = new ArrayList<>(List.of(command, image, "--plain-http", "--verbose"));
    line.add("--creds=ada:" + REGISTRY_PASSWORD);
    line.addAll(List.of(options));
    Map<String, String> environment = Map.of("AA_KBC_PARAMS", "cc_kbc::" + owner.broker());
    Run run = Run.of(environment, line.toArray(String[]::new));
    assertEquals(status, run.status(), run.err());
    registry.requests().stream()
        .map(request -> request.header("authorization").replaceFirst("^(Bearer|Basic) ", ""))
        .filter(token -> !token.isEmpty())
        .forEach(token -> secrets.put("token " + token, token));
    assertShowsNone(command + " " + image, run.out() + run.err());
    return run;
  }

  private void assertShowsNone(String what, String text) {
    secrets.forEach((name, secret) -> assertFalse(text.contains(secret), what + ": " + name));
  }

  private String key(String file) {
    return "--decryption-key=" + directory.resolve(file) + ":pass=" + KEY_PASSWORD;
  }

  private String[] pulling(String... more) {
    return Stream.concat(
            Stream.of(
                "--bundle=" + directory.resolve("bundle"),
                "--work-dir=" + directory.resolve("store"),
                "--snapshotter=copy"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  @Test
  void whenAllGoesWell() throws IOException {
    run(0, "pull", jwe, pulling("--insecure-policy", key("key.pem")));
    run(0, "inspect", jwe);
    run(0, "inspect", jwe, "--output=json");
    run(0, "decrypt-key", jwe, key("key.pem"));
    run(0, "decrypt-key", packet, "--output=json");
    run(0, "verify", packet, "--policy=" + DemoOwner.POLICY);
    run(0, "unpack", packet, "--policy=" + DemoOwner.POLICY, directory.resolve("tree").toString());
    Run images = Run.of("images", "--output=json", "--work-dir=" + directory.resolve("store"));
    assertTrue(images.out().contains(jwe.replaceFirst(":v1$", "")), images.out());
    assertShowsNone("images", images.out() + images.err());
    assertFilesAreNotForOthers();
  }

  @Test
  void whenAnythingFails() throws IOException {
    run(5, "pull", jwe, pulling("--insecure-policy"));
    run(5, "pull", jwe, pulling("--insecure-policy", key("other.pem")));
    run(5, "decrypt-key", jwe, key("other.pem"));
    run(3, "pull", jwe, pulling("--policy=" + DemoOwner.POLICY, key("key.pem")));
    registry.plan("/blobs/", 9, Fault.status(403, "no"));
    run(5, "pull", jwe, pulling("--insecure-policy", key("key.pem")));
    assertFilesAreNotForOthers();
  }

  /// Of the secrets only what an image is made of is in files, and those are in a directory that
  /// others cannot enter.
  private void assertFilesAreNotForOthers() throws IOException {
    Path store = directory.resolve("store");
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(store)));
    try (Stream<Path> all = Files.walk(store)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        assertShowsNone(file.toString(), Files.readString(file, ISO_8859_1).replace(PLAINTEXT, ""));
      }
    }
  }
}
