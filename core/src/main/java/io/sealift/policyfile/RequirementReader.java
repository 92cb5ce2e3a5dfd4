package io.sealift.policyfile;

import io.sealift.failure.PolicyRefusedException;
import io.sealift.json.JsonValue;
import io.sealift.policy.Material;
import io.sealift.policy.Requirement;
import io.sealift.policy.SignedIdentity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads requirements by their type:
///
/// | `type` | other keys |
/// |---|---|
/// | `insecureAcceptAnything`, `reject` | none |
/// | `signedBy` | `keyType`; one of `keyPath`, `keyPaths`, `keyData`; `signedIdentity` |
/// | `signedBaseLayer` | `baseLayerIdentity` |
/// | `sigstoreSigned` | see {@link SigstoreReader} |
final class RequirementReader {

  private static final List<String> SIGNED_BY_KEYS =
      List.of("type", "keyType", "keyPath", "keyPaths", "keyData", "signedIdentity");
  private static final List<String> KEY_TYPES =
      List.of("GPGKeys", "signedByGPGKeys", "X509Certificates", "signedByX509CAs");

  private final String file;

  RequirementReader(String file) {
    this.file = file;
  }

  Requirement requirement(JsonValue value, String pointer) throws PolicyRefusedException {
    Members any = Members.open(file, pointer, value);
    String type = any.text("type");
    return switch (type) {
      case "insecureAcceptAnything" -> {
        Members.of(file, pointer, value, List.of("type"));
        yield new Requirement.InsecureAcceptAnything();
      }
      case "reject" -> {
        Members.of(file, pointer, value, List.of("type"));
        yield new Requirement.Reject();
      }
      case "signedBy" -> signedBy(Members.of(file, pointer, value, SIGNED_BY_KEYS));
      case "sigstoreSigned" ->
          SigstoreReader.read(Members.of(file, pointer, value, SigstoreReader.KEYS));
      case "signedBaseLayer" -> {
        Members base = Members.of(file, pointer, value, List.of("type", "baseLayerIdentity"));
        IdentityReader.read(base, "baseLayerIdentity");
        yield new Requirement.Unchecked(type, "base layers");
      }
      default ->
          throw any.refusal(
              "type",
              "expected insecureAcceptAnything, reject, signedBy, sigstoreSigned or signedBaseLayer, found '%s'"
                  .formatted(type));
    };
  }

  private static Requirement signedBy(Members members) throws PolicyRefusedException {
    String keyType = members.text("keyType");
    if (!KEY_TYPES.contains(keyType)) {
      throw members.refusal(
          "keyType",
          "expected one of %s, found '%s'".formatted(String.join(", ", KEY_TYPES), keyType));
    }
    List<Material> keys = Materials.oneOf(members, List.of("keyPath", "keyPaths", "keyData"));
    SignedIdentity identity = identity(members);
    return keyType.equals("GPGKeys")
        ? new Requirement.SignedBy(keys, identity)
        : new Requirement.Unchecked("signedBy", "keys of the type " + keyType);
  }

  static @Nullable SignedIdentity identity(Members members) throws PolicyRefusedException {
    return members.has("signedIdentity") ? IdentityReader.read(members, "signedIdentity") : null;
  }
}
