package io.sealift.simple;

import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.oci.Reference;
import io.sealift.policy.Material;
import io.sealift.policy.Requirement;
import io.sealift.policy.Signature;
import io.sealift.policy.SignatureScheme;
import io.sealift.registry.RegistryClient;
import io.sealift.registry.Retries;
import io.sealift.secret.FileSecrets;
import io.sealift.source.ImageSource;
import io.sealift.source.Resolved;
import io.sealift.source.Resolver;
import io.sealift.testing.InProcessRegistry;
import io.sealift.verify.JcaHashing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// What an examination of an image in a registry came across, in order.
///
/// @param places where signatures were looked for
record Examined(List<String> places, List<Signature> signatures) {

  /// Examines all signatures of an image.
  ///
  /// @param lookasides settings as YAML
  static Examined of(InProcessRegistry registry, String name, String lookasides, Material... rings)
      throws Exception {
    return of(
        registry, name, lookasides, Integer.MAX_VALUE, InstantSource.fixed(TestKey.NOW), rings);
  }

  /// @param enough how many signatures are
  static Examined of(
      InProcessRegistry registry,
      String name,
      String lookasides,
      int enough,
      InstantSource clock,
      Material... rings)
      throws Exception {
    boolean plain = registry.url().startsWith("http:");
    RegistryClient client =
        RegistryClient.builder()
            .plainHttp(plain)
            .retries(Retries.none())
            .certificates(plain ? List.of() : List.of(registry.certificate()))
            .build();
    SimpleSigning simple =
        new SimpleSigning(
            () ->
                Lookasides.parse(
                    lookasides.getBytes(StandardCharsets.UTF_8),
                    "settings",
                    Path.of("/nothing/there")),
            client::documents,
            clock);
    ImageName image = new ImageName.InRegistry(Reference.parse(name));
    try (ImageSource source = client.open(Reference.parse(name))) {
      Resolved resolved = new Resolver(new JcaHashing()).resolve(image, source, Platform.host());
      return of(simple, resolved, source, enough, rings);
    }
  }

  static Examined of(
      SimpleSigning simple, Resolved image, ImageSource source, int enough, Material... rings)
      throws Exception {
    Examined examined = new Examined(new ArrayList<>(), new ArrayList<>());
    simple.examine(
        new Requirement.SignedBy(List.of(rings), null),
        image,
        source,
        new FileSecrets(),
        new SignatureScheme.Observer() {
          @Override
          public void looksAt(String place) {
            examined.places.add(place);
          }

          @Override
          public boolean finds(Signature signature) {
            examined.signatures.add(signature);
            return examined.signatures.size() >= enough;
          }
        });
    return examined;
  }

  /// A line for each signature: `proven SIGNER REFERENCE DIGEST`, or the reason why it is
  /// worthless.
  List<String> verdicts() {
    return signatures.stream()
        .map(signature ->
            switch (signature) {
              case Signature.Proven(_, String signer, Signature.Claim claim) ->
                  "proven %s %s %s".formatted(signer, claim.reference(), claim.digest());
              case Signature.Worthless(_, String reason) -> reason;
            })
        .toList();
  }

  List<String> signaturePlaces() {
    return signatures.stream().map(Signature::place).toList();
  }
}
