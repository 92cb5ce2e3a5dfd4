package io.sealift.oci;

import java.util.List;

/// What is stored in registries besides images, told by how its types begin, for the message that
/// says why it does not run.
final class ArtifactTypes {

  static final String SCHEMA_1 =
      "a manifest of schema 1, which is not supported; push the image with a current tool";

  private static final List<Kind> KINDS =
      List.of(
          new Kind("application/vnd.cncf.helm.", "a Helm chart"),
          new Kind("application/vnd.dev.cosign.", "a signature or attestation by cosign"),
          new Kind("application/vnd.dsse.envelope", "a signed attestation"),
          new Kind("application/vnd.dev.sigstore.", "a Sigstore bundle"),
          new Kind("application/vnd.cncf.notary.", "a signature by Notary"),
          new Kind("application/vnd.in-toto", "an in-toto attestation"),
          new Kind("application/vnd.wasm.", "a WebAssembly module"),
          new Kind("application/wasm", "a WebAssembly module"),
          new Kind("application/vnd.docker.plugin.", "a Docker plugin"),
          new Kind("application/vnd.docker.compose.", "a Compose project"),
          new Kind("application/vnd.docker.ai.", "a model"),
          new Kind("application/vnd.cncf.model.", "a model"),
          new Kind("application/vnd.ollama.", "a model"),
          new Kind("application/vnd.buildkit.cacheconfig.", "a build cache"),
          new Kind("application/vnd.cyclonedx", "a bill of materials"),
          new Kind("application/spdx", "a bill of materials"),
          new Kind("text/spdx", "a bill of materials"),
          new Kind("application/vnd.cncf.flux.", "a Flux artifact"),
          new Kind("application/vnd.cncf.openpolicyagent.", "an Open Policy Agent bundle"),
          new Kind("application/vnd.oci.artifact.", "an artifact"),
          new Kind("application/vnd.oci.empty.", "an artifact"));

  private static final String SCHEMA_1_TYPE = "application/vnd.docker.distribution.manifest.v1+";

  private ArtifactTypes() {}

  /// Words and the type itself: `a Helm chart (application/vnd.cncf.helm.config.v1+json)`.
  static String describe(String type) {
    if (type.startsWith(SCHEMA_1_TYPE)) {
      return SCHEMA_1;
    }
    for (Kind kind : KINDS) {
      if (type.startsWith(kind.prefix())) {
        return kind.words() + " (" + type + ")";
      }
    }
    return "something else (" + type + ")";
  }

  private record Kind(String prefix, String words) {}
}
