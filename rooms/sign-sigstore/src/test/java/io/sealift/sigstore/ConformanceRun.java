package io.sealift.sigstore;

import io.sealift.oci.Digest;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.policy.Material;
import io.sealift.policy.Requirement.SigstoreSigned;
import io.sealift.policy.TrustAnchor;
import io.sealift.secret.FileSecrets;
import io.sealift.sigstore.crypto.Digests;
import io.sealift.sigstore.trust.Trust;
import io.sealift.sigstore.trust.TrustReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Runs the cases of sigstore/sigstore-conformance, `test/assets/bundle-verify`, by hand: each
/// folder whose name ends in `_fail` has to be refused, every other accepted.
///
/// ```text
/// java … io.sealift.sigstore.ConformanceRun bundle-verify trusted_root.json
/// ```
final class ConformanceRun {

  private static final String ISSUER = "https://token.actions.githubusercontent.com";
  private static final String IDENTITY =
      "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/"
          + "workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";

  private final Path folder;
  private final Path root;

  private ConformanceRun(Path folder, Path root) {
    this.folder = folder;
    this.root =
        Files.exists(folder.resolve("trusted_root.json"))
            ? folder.resolve("trusted_root.json")
            : root;
  }

  /// @param arguments the folder of the cases, and the trusted root of the public instance
  public static void main(String[] arguments) throws IOException {
    List<Path> folders;
    try (Stream<Path> found = Files.list(Path.of(arguments[0]))) {
      folders = found.filter(Files::isDirectory).sorted().toList();
    }
    int right = 0;
    for (Path folder : folders) {
      String verdict = new ConformanceRun(folder, Path.of(arguments[1])).verdict();
      boolean expected = folder.toString().endsWith("_fail");
      boolean good = expected == !verdict.startsWith("accepted");
      right += good ? 1 : 0;
      System.out.printf("%s %s: %s%n", good ? "  " : "!!", folder.getFileName(), verdict);
    }
    System.out.printf("%d cases, %d verdicts as expected%n", folders.size(), right);
  }

  private String verdict() {
    try {
      byte[] artifact = artifact();
      Evidence evidence =
          Bundle.read(Files.readAllBytes(folder.resolve("bundle.sigstore.json")), () -> artifact);
      String signer = new Verifier(trust(), InstantSource.system()).verify(evidence);
      if (evidence.content() instanceof Evidence.Content.Attestation(byte[] json, byte[] raw)) {
        String hex = HexFormat.of().formatHex(Digests.sha256(artifact));
        if (!Statement.read(json).isAbout(new Digest(DigestAlgorithm.SHA256, hex))) {
          return "refused: the statement is about another artifact";
        }
      }
      return "accepted: " + signer;
    } catch (Exception refused) {
      return "refused: " + refused.getMessage();
    }
  }

  private byte[] artifact() throws IOException {
    Path own = folder.resolve("artifact");
    return Files.readAllBytes(Files.exists(own) ? own : folder.resolveSibling("a.txt"));
  }

  private Trust trust() throws Exception {
    String identity = text("identity", IDENTITY);
    boolean email = !identity.contains("://");
    Trust root =
        read(
            new TrustAnchor.TrustedRoot(
                new Material.At(this.root.toAbsolutePath().toString()),
                text("issuer", ISSUER),
                email ? identity : null,
                email ? null : identity));
    Path key = folder.resolve("key.pub");
    if (!Files.exists(key)) {
      return root;
    }
    Material material = new Material.At(key.toAbsolutePath().toString());
    Trust keyed = read(new TrustAnchor.PublicKeys(List.of(material)));
    return new Trust(keyed.signers(), root.logs(), root.timeAuthorities());
  }

  private static Trust read(TrustAnchor anchor) throws Exception {
    return new TrustReader(new FileSecrets())
        .read(new SigstoreSigned(anchor, List.of(), null, null));
  }

  private String text(String name, String otherwise) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Files.readString(file).strip() : otherwise;
  }
}
