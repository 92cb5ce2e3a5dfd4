package io.sealift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.testing.BuiltBlob;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.InProcessRegistry;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.crypt.LayerEncryptor;
import io.sealift.testing.sign.CosignSigner;
import io.sealift.testing.sign.RepositoryFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The policies of docs/policy.md do what it says.
class PolicyDocumentTest {

  private static final Path DOCUMENT = Path.of("../../docs/policy.md");

  /// What cosign and skopeo made; its README says how.
  private static final Path COSIGN =
      Path.of("../../rooms/sign-sigstore/src/test/resources/io/sealift/sigstore/cosign");

  private static final Pattern SECTION =
      Pattern.compile("\n### ([^\n]*)\n(?:(?!\n### ).)*?```json\n(.*?)```", Pattern.DOTALL);

  @TempDir Path directory;
  private final CosignSigner signer = CosignSigner.withNewKey();
  private InProcessRegistry registry = InProcessRegistry.start();
  private BuiltImage image = new ImageBuilder().build();

  @BeforeEach
  void publish() throws Exception {
    registry = InProcessRegistry.builder().referrers(10).start();
    Files.writeString(directory.resolve("cosign.pub"), signer.publicKey());
    Files.writeString(directory.resolve("rekor.pub"), CosignSigner.withNewKey().publicKey());
    BuiltBlob layer =
        BuiltBlob.layer(
            new TarBuilder().file("f", "x").build(), Packing.GZIP, ImageBuilder.Form.OCI);
    BuiltBlob encrypted = new LayerEncryptor(layer, 1).wrap("jwe", new byte[1]).build();
    image = image(layer);
    push("plain", image, false);
    push("signed", image(layer), true);
    push("encrypted", image(encrypted), false);
  }

  private static BuiltImage image(BuiltBlob layer) {
    return new ImageBuilder().layer(layer).build();
  }

  private void push(String repository, BuiltImage image, boolean signed) {
    registry.push(repository, "v1", image);
    if (signed) {
      String name = registry.name(repository, "v1").replaceAll(":v1$", "");
      registry.push(
          repository, CosignSigner.tag(image.digest()), signer.sign(image.digest(), name));
    }
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private static Map<String, String> policies() throws Exception {
    Map<String, String> policies = new LinkedHashMap<>();
    Matcher sections = SECTION.matcher(Files.readString(DOCUMENT));
    while (sections.find()) {
      policies.put(sections.group(1), sections.group(2));
    }
    return policies;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // what the title ends with | plain | signed | encrypted
        "reject                 | 3 | 3 | 3",
        "insecureAcceptAnything | 0 | 0 | 0",
        "sigstoreSigned         | 3 | 0 | 3",
        "allow                  | 3 | 0 | 0",
        "predicateType          | 3 | 3 | 3",
      })
  void letInWhatTheySay(String title, int plain, int signed, int encrypted) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("policy.json"),
            policy(title).replace("/etc/containers", directory.toString()));
    assertEquals(plain, verify("plain", file).status());
    Run run = verify("signed", file);
    assertEquals(signed, run.status(), run.out() + run.err());
    assertEquals(encrypted, verify("encrypted", file).status());
    assertEquals(0, Run.of("policy", "check", file.toString()).status());
  }

  private static String policy(String title) throws Exception {
    return policies().entrySet().stream()
        .filter(section -> section.getKey().endsWith("`" + title + "`"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  private Run verify(String repository, Path policy, String... more) {
    List<String> line = new ArrayList<>(List.of("verify", registry.name(repository, "v1")));
    line.addAll(List.of("--plain-http", "--policy=" + policy));
    line.addAll(List.of(more));
    return Run.of(line.toArray(String[]::new));
  }

  /// Signatures by cosign and skopeo, and what of a policy is another in them: files, people, and
  /// the repository that they name; where they name none it is the one that they lie in.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sigstoreSigned | cosign2-ecdsa | cosign2-rsa | exactRepository | cosign.pub=ecdsa.pub",
        "sigstoreSigned | cosign3-ecdsa | cosign3-rsa | matchRepository | cosign.pub=ecdsa.pub",
        "fulcio | cosign2-keyless | cosign2-ecdsa | exactRepository | accounts.=issuer.",
        "fulcio | skopeo-keyless  | skopeo-ecdsa  | exactRepository | accounts.=issuer.",
        "pki | cosign2-pki | cosign2-keyless | exactRepository | roots=pki-root ada@=build@",
        "predicateType | cosign2-attestation | cosign2-ecdsa | matchRepository"
            + " | cosign.pub=ecdsa.pub slsa.dev/provenance=example.org/built",
        "predicateType | cosign3-attestation | cosign2-keyless-attestation | matchRepository"
            + " | cosign.pub=ecdsa.pub slsa.dev/provenance=example.org/built",
      })
  void letInWhatCosignSigned(String title, String good, String bad, String identity, String changes)
      throws Exception {
    for (String folder : List.of(good, bad)) {
      new RepositoryFolder(COSIGN.resolve("image")).pushTo(registry, folder);
      new RepositoryFolder(COSIGN.resolve(folder)).pushTo(registry, folder);
      String repository =
          identity.equals("exactRepository")
              ? ", \"dockerRepository\": \"127.0.0.1:5055/%s\"".formatted(folder)
              : "";
      String type = "\"type\": \"sigstoreSigned\"";
      String policy =
          policy(title)
              .replaceFirst(",\\s*\"signedIdentity\": [^}]*}", "")
              .replace(
                  type,
                  "%s, \"signedIdentity\": {\"type\": \"%s\"%s}"
                      .formatted(type, identity, repository))
              .replace("/etc/containers", COSIGN.toAbsolutePath().normalize().toString());
      for (String change : changes.split(" ", -1)) {
        policy = policy.replace(change.split("=", -1)[0], change.split("=", -1)[1]);
      }
      Run run = verify(folder, Files.writeString(directory.resolve("policy.json"), policy));
      assertEquals(folder.equals(good) ? 0 : 3, run.status(), run.out() + run.err());
    }
  }

  /// A signature by gpg and skopeo in a directory that `registries.d` names.
  @Test
  @Tag("peers")
  void letInWhatSkopeoSigned() throws Exception {
    Path home =
        Files.createDirectory(
            directory.resolve("gnupg"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Map<String, String> environment = Map.of("GNUPGHOME", home.toString());
    ran(
        environment,
        "gpg --batch --passphrase= --quick-generate-key ada@example.org rsa2048 sign never");
    ran(environment, "gpg --batch --output ring.gpg --export ada@example.org");
    Files.write(directory.resolve("manifest"), image.document().bytes());
    String repository = registry.name("plain", "v1").replaceAll(":v1$", "");
    ran(
        environment,
        "skopeo standalone-sign manifest %s:v1 ada@example.org -o signature".formatted(repository));
    ran(environment, "gpgconf --kill all");
    Path kept = directory.resolve("kept/plain@" + image.digest().toString().replace(':', '='));
    Files.createDirectories(kept);
    Files.copy(directory.resolve("signature"), kept.resolve("signature-1"));
    Files.createDirectory(directory.resolve("registries.d"));
    Files.writeString(
        directory.resolve("registries.d/default.yaml"),
        "default-docker:\n  lookaside: file://%s/kept\n".formatted(directory));
    Path file =
        Files.writeString(
            directory.resolve("policy.json"),
            policy("signedBy").replace("/etc/containers", directory.toString()));
    String places = "--registries-d=" + directory.resolve("registries.d");
    Run signed = verify("plain", file, places);
    assertEquals(0, signed.status(), signed.out() + signed.err());
    assertEquals(3, verify("encrypted", file, places).status());
  }

  private void ran(Map<String, String> environment, String command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command.split(" ", -1))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("said").toFile());
    builder.environment().putAll(environment);
    assertEquals(
        0, builder.start().waitFor(), command + ": " + Files.readString(directory.resolve("said")));
  }

  @Test
  void areAllWellFormed() throws Exception {
    Map<String, String> policies = policies();
    assertEquals(8, policies.size(), policies.keySet().toString());
    for (String policy : policies.values()) {
      Path file = Files.writeString(directory.resolve("policy.json"), policy);
      Run run = Run.of("policy", "explain", file.toString(), "registry.example/ns/app:v1");
      assertEquals(0, run.status(), run.err());
    }
  }
}
