package io.sealift.simple;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.oci.Digest;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.oci.Reference;
import io.sealift.policy.Material;
import io.sealift.policy.Signature;
import io.sealift.registry.RegistryClient;
import io.sealift.registry.Retries;
import io.sealift.source.ImageSource;
import io.sealift.source.Resolved;
import io.sealift.source.Resolver;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.DockerRegistry;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.LayoutWriter;
import io.sealift.testing.TarBuilder;
import io.sealift.verify.JcaHashing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Images that skopeo pushed and signed, whose signatures are kept in a directory and read from
/// there or from a web server; and what skopeo itself says of them.
@Tag("peers")
class SkopeoTest {

  @TempDir static Path directory;

  private static Gpg gpg;
  private static DockerRegistry registry;
  private static String key;
  private static String stranger;
  private static Path store;
  private static Skopeo signing;

  @BeforeAll
  static void open() throws Exception {
    gpg = new Gpg(directory.resolve("gpg"));
    key = gpg.makeKey("ada", "ed25519", "sign", "never", "");
    stranger = gpg.makeKey("eve", "ed25519", "sign", "never", "");
    Files.write(directory.resolve("ring.gpg"), gpg.export(key));
    registry = DockerRegistry.start(directory);
    store = directory.resolve("store");
    signing = new Skopeo(gpg, settings("staging", "lookaside-staging: file://" + store));
    for (String content : List.of("x", "y")) {
      BuiltImage image =
          new ImageBuilder().layer(new TarBuilder().file("a", content).build()).build();
      new LayoutWriter().add(image, "v1").writeTo(directory.resolve("layout-" + content));
    }
  }

  @AfterAll
  static void close() throws Exception {
    registry.close();
    gpg.close();
  }

  private static Path settings(String name, String section) throws IOException {
    Path settings = Files.createDirectory(directory.resolve("settings-" + name));
    Files.writeString(settings.resolve("default.yaml"), "default-docker: {" + section + "}\n");
    return settings;
  }

  private static String layout(String content) {
    return "oci:" + directory.resolve("layout-" + content) + ":v1";
  }

  /// What happened to an image between its signer and us.
  enum Scene {
    UNTOUCHED("admitted"),
    NOT_SIGNED("no signature"),
    BY_A_STRANGER("key STRANGER made it, which is not among the trusted ones"),
    BYTE_OF_THE_PAYLOAD("it does not match its data, or key KEY did not make it"),
    BYTE_OF_THE_SIGNATURE("it does not match its data, or key KEY did not make it"),
    BYTE_OF_THE_MANIFEST("it is of another manifest"),
    ANOTHER_TAG("it is of REGISTRY/ns/app-another_tag:v1"),
    ANOTHER_REPOSITORY("it is of REGISTRY/ns/app-another_repository:v1");

    private final String verdict;

    Scene(String verdict) {
      this.verdict = verdict;
    }

    private String repository() {
      return "ns/app-" + name().toLowerCase(Locale.ROOT);
    }

    /// The name of the image that is asked for.
    private String asked() {
      return registry.address()
          + "/"
          + switch (this) {
            case ANOTHER_TAG -> repository() + ":v2";
            case ANOTHER_REPOSITORY -> repository() + "-too:v1";
            default -> repository() + ":v1";
          };
    }

    private void set() throws Exception {
      String name = registry.address() + "/" + repository() + ":v1";
      String signer = this == NOT_SIGNED ? "" : this == BY_A_STRANGER ? stranger : key;
      signing.push(layout("x"), name, signer);
      if (this == NOT_SIGNED) {
        return;
      }
      Path signature = signatures(repository()).resolve("signature-1");
      byte[] message = Files.readAllBytes(signature);
      switch (this) {
        case BYTE_OF_THE_PAYLOAD -> Files.write(signature, flipped(message, "app-byte"));
        case BYTE_OF_THE_SIGNATURE -> Files.write(signature, flipped(message, ""));
        case BYTE_OF_THE_MANIFEST, ANOTHER_TAG, ANOTHER_REPOSITORY -> {
          Files.delete(signature);
          signing.push(layout(this == BYTE_OF_THE_MANIFEST ? "y" : "x"), asked(), stranger);
          Path folder = signatures(Reference.parse(asked()).path());
          Files.write(folder.resolve("signature-1"), message);
        }
        default -> {}
      }
    }
  }

  /// Where the signatures of the one signed image of a repository are.
  private static Path signatures(String repository) throws IOException {
    try (Stream<Path> folders = Files.list(store.resolve(repository).getParent())) {
      String name = Path.of(repository).getFileName() + "@";
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith(name))
          .filter(folder -> Files.exists(folder.resolve("signature-1")))
          .findFirst()
          .orElseThrow();
    }
  }

  /// The message without its compression and with one bit of another kind: where this text begins,
  /// or in its last byte.
  private static byte[] flipped(byte[] message, String text) throws Exception {
    byte[] plain = Inflation.inflate(Messages.only(message).body());
    int at = new String(plain, StandardCharsets.ISO_8859_1).indexOf(text);
    plain[text.isEmpty() ? plain.length - 1 : at] ^= 1;
    return plain;
  }

  @ParameterizedTest
  @EnumSource
  void imagesAreLetInWhenSkopeoLetsThemIn(Scene scene) throws Exception {
    scene.set();
    String verdict =
        scene
            .verdict
            .replace("REGISTRY", registry.address())
            .replace("STRANGER", stranger.substring(24))
            .replace("KEY", key);
    Path files = settings(scene + "-files", "lookaside: file://" + store);
    assertEquals(verdict, verdict(scene.asked(), files));
    assertEquals(verdict.equals("admitted"), isGoodForSkopeo(scene, files, "files"));
    try (InProcessRegistry web = InProcessRegistry.start()) {
      serve(web);
      Path pages = settings(scene + "-web", "lookaside: '" + web.url() + "/store'");
      assertEquals(verdict, verdict(scene.asked(), pages));
      assertEquals(verdict.equals("admitted"), isGoodForSkopeo(scene, pages, "web"));
    }
  }

  private static void serve(InProcessRegistry web) throws IOException {
    if (!Files.exists(store)) {
      return;
    }
    try (Stream<Path> files = Files.walk(store)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        web.file("/store/" + store.relativize(file), Files.readAllBytes(file));
      }
    }
  }

  private static boolean isGoodForSkopeo(Scene scene, Path settings, String kind) throws Exception {
    Path policy =
        Files.writeString(
            directory.resolve("policy.json"),
            """
            {"default": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "%s"}]}
            """
                .formatted(directory.resolve("ring.gpg")));
    return new Skopeo(gpg, settings)
        .admits(scene.asked(), policy, directory.resolve("copy-" + scene + "-" + kind));
  }

  /// What Sealift says.
  private static String verdict(String name, Path settings) throws Exception {
    RegistryClient client =
        RegistryClient.builder().plainHttp(true).retries(Retries.none()).build();
    SimpleSigning simple =
        new SimpleSigning(
            () -> Lookasides.read(settings, Path.of("/nothing/there")),
            client::documents,
            InstantSource.system());
    Reference reference = Reference.parse(name);
    try (ImageSource source = client.open(reference)) {
      Resolved image =
          new Resolver(new JcaHashing())
              .resolve(new ImageName.InRegistry(reference), source, Platform.host());
      Material ring = new Material.At(directory.resolve("ring.gpg").toString());
      return verdict(image, name, Examined.of(simple, image, source, 9, ring).signatures());
    }
  }

  private static String verdict(Resolved image, String name, List<Signature> found) {
    if (found.isEmpty()) {
      return "no signature";
    }
    return switch (found.getFirst()) {
      case Signature.Worthless(_, String reason) -> reason;
      case Signature.Proven(_, _, Signature.Claim(Digest digest, String reference)) ->
          !digest.toString().equals(image.manifestDigest().toString())
              ? "it is of another manifest"
              : name.equals(reference) ? "admitted" : "it is of " + reference;
    };
  }
}
