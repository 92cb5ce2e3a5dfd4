package io.sealift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.crypt.JweRecipient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Encrypted images and the options that open them.
class DecryptionTest {

  @TempDir Path directory;
  private InProcessRegistry registry = InProcessRegistry.start();
  private Path key = Path.of("");
  private Path other = Path.of("");
  private final JweRecipient recipient = JweRecipient.withNewKey("EC");

  @BeforeEach
  void writeKeys() throws Exception {
    key = Files.writeString(directory.resolve("key.pem"), recipient.privateKey());
    other =
        Files.writeString(
            directory.resolve("other.pem"), JweRecipient.withNewKey("EC").privateKey());
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private String push(Packing packing) {
    BuiltBlob layer =
        BuiltBlob.layer(
            new TarBuilder().file("motd", "secret\n").build(), packing, ImageBuilder.Form.OCI);
    registry.push(
        "app",
        "v1",
        new ImageBuilder()
            .layer(new TarBuilder().file("plain", "x").build())
            .layer(recipient.encrypt(layer))
            .build());
    return registry.name("app", "v1");
  }

  private Run unpack(String name, String... options) {
    return Run.of(
        Stream.concat(
                Stream.of("unpack", name, root().toString(), "--plain-http", "--insecure-policy"),
                Stream.of(options))
            .toArray(String[]::new));
  }

  private Path root() {
    return directory.resolve("root");
  }

  @ParameterizedTest
  @EnumSource(names = {"TAR", "GZIP", "ZSTD"})
  void opensLayersWithTheKeyGiven(Packing packing) throws Exception {
    Run run = unpack(push(packing), "--decryption-key=" + other, "--decryption-key=" + key);
    assertEquals(0, run.status(), run.err());
    assertEquals("secret\n", Files.readString(root().resolve("motd")));
  }

  @Test
  void pullsListsAndShowsThem() throws Exception {
    String name = push(Packing.GZIP);
    String keyOption = "--decryption-key=" + key;
    Run cat = Run.of("cat", name, "motd", "--plain-http", "--insecure-policy", keyOption);
    assertEquals("secret\n", cat.out(), cat.err());
    Run ls = Run.of("ls", name, "--plain-http", "--insecure-policy", keyOption);
    assertEquals("motd\nplain\n", ls.out(), ls.err());
    pull(name, "bundle");
    assertEquals("secret\n", Files.readString(directory.resolve("bundle/rootfs/motd")));
  }

  @Test
  void tellsWhatTheTimeWentInto() throws Exception {
    String name = push(Packing.GZIP);
    List<String> plain = List.of("fetch", "digestBlob", "inflate", "digestTar", "unpack", "commit");
    List<String> encrypted = new ArrayList<>(plain);
    encrypted.add(0, "unlock");
    encrypted.add(3, "decrypt");
    assertEquals(List.of(plain, encrypted), stages(pull(name, "first", "--output=json")));
    // The key is proved on every pull.
    assertEquals(
        List.of(List.of(), List.of("unlock")), stages(pull(name, "second", "--output=json")));
    assertTrue(
        Pattern.compile("(?m)^sealift: worked, side by side: unlock \\d+ ms$")
            .matcher(pull(name, "third", "--verbose").err())
            .find());
  }

  private static List<List<String>> stages(Run pull) throws Exception {
    List<List<String>> stages = new ArrayList<>();
    byte[] json = pull.out().getBytes(UTF_8);
    for (JsonObject layer :
        JsonReader.readObject(json, "pull", JsonLimits.DEFAULT).objects("layers")) {
      stages.add(List.copyOf(layer.object("stages").members().keySet()));
    }
    return stages;
  }

  private Run pull(String name, String bundle, String... options) {
    List<String> pull =
        new ArrayList<>(
            List.of("pull", name, "--plain-http", "--insecure-policy", "--snapshotter=copy"));
    pull.add("--bundle=" + directory.resolve(bundle));
    pull.add("--work-dir=" + directory.resolve("store"));
    pull.add("--decryption-key=" + key);
    pull.addAll(List.of(options));
    Run run = Run.of(pull.toArray(String[]::new));
    assertEquals(0, run.status(), run.err());
    return run;
  }

  @Test
  void refusesWithoutAKey() throws Exception {
    Run run = unpack(push(Packing.GZIP));
    assertEquals(5, run.status(), run.err());
    assertTrue(
        run.err()
            .endsWith(
                ": no key opens it (jwe: no private key was given); name one with --decryption-key or a"
                    + " key provider\n"),
        run.err());
    assertFalse(Files.exists(root()));
  }

  @Test
  void refusesAnotherKey() throws Exception {
    Run run = unpack(push(Packing.GZIP), "--decryption-key=" + other);
    assertEquals(5, run.status(), run.err());
    assertTrue(
        run.err().contains("(jwe: the private key does not open it, or it was changed)"),
        run.err());
  }

  @Test
  void inspectTellsWhomLayersAreFor() throws Exception {
    String name = push(Packing.GZIP);
    Run text = Run.of("inspect", name, "--plain-http");
    assertTrue(text.out().contains("gzip, encrypted\n"), text.out());
    assertTrue(text.out().contains("  for jwe: ECDH-ES+A256KW\n"), text.out());
    Run run = Run.of("inspect", name, "--plain-http", "--output=json");
    List<JsonObject> layers = json(run).objects("layers");
    assertEquals(List.of(), layers.getFirst().objects("recipients"));
    JsonObject jwe = layers.getLast().objects("recipients").getFirst();
    assertEquals("jwe", jwe.string("scheme"));
    assertEquals(1, jwe.integer("wrappedKeys"));
    assertEquals(List.of("ECDH-ES+A256KW"), jwe.strings("names"));
  }

  @Test
  void decryptKeyTellsWhichLayersAKeyOpens() throws Exception {
    String name = push(Packing.GZIP);
    Run opened = Run.of("decrypt-key", name, "--plain-http", "--decryption-key=" + key);
    assertEquals(0, opened.status(), opened.err());
    List<String> lines = opened.out().lines().toList();
    assertTrue(lines.getFirst().endsWith("  not encrypted"), opened.out());
    assertTrue(lines.getLast().endsWith("  opened by jwe"), opened.out());
    Run locked =
        Run.of("decrypt-key", name, "--plain-http", "--decryption-key=" + other, "--output=json");
    assertEquals(5, locked.status(), locked.err());
    JsonObject layer = json(locked).objects("layers").getLast();
    assertFalse(layer.has("openedBy"));
    assertTrue(layer.string("failure").contains("the private key does not open it"));
  }

  private static JsonObject json(Run run) throws Exception {
    return JsonReader.readObject(run.out().getBytes(UTF_8), "output", JsonLimits.ofBytes(1 << 20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing.pem", "missing.pem:secret"})
  void saysThatAKeyFileIsMissing(String file) throws Exception {
    Run run = unpack(push(Packing.GZIP), "--decryption-key=" + file);
    assertEquals(4, run.status());
    assertEquals("sealift: read --decryption-key missing.pem: there is no such file\n", run.err());
  }

  @Test
  void saysThatAFileIsNoKey() throws Exception {
    Path text = Files.writeString(directory.resolve("text"), "hello");
    Run run = unpack(push(Packing.GZIP), "--decryption-key=" + text);
    assertEquals(2, run.status());
    assertTrue(
        run.err().contains("expected a private key, a certificate, a secret key ring or"),
        run.err());
  }
}
