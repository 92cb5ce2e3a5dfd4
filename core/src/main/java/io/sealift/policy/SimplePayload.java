package io.sealift.policy;

import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.oci.Digest;
import java.util.Set;

/// What simple signatures and those by cosign are over (containers-signature(5)):
///
/// ```json
/// {"critical": {
///    "type": "atomic container signature",
///    "image": {"docker-manifest-digest": "sha256:…"},
///    "identity": {"docker-reference": "registry.example/app:v1"}},
///  "optional": {"creator": "…", "timestamp": 1700000000}}
/// ```
///
/// What is critical has to be understood to the last member; what is optional may hold anything
/// more, or be `null`.
public final class SimplePayload {

  /// Bytes of a payload, as containers/image reads them (4 MiB).
  public static final int MAX_BYTES = 4 << 20;

  private SimplePayload() {}

  /// Reads a payload whose signature was proved.
  ///
  /// @param type what `critical.type` has to be
  /// @throws UnsafeContentException when it is anything else than such a payload
  public static Signature.Claim parse(byte[] json, String type) throws UnsafeContentException {
    JsonObject payload =
        JsonReader.readObject(json, "signed payload", JsonLimits.ofBytes(MAX_BYTES));
    exactly(payload, Set.of("critical", "optional"));
    JsonObject critical = payload.object("critical");
    exactly(critical, Set.of("type", "image", "identity"));
    if (!critical.string("type").equals(type)) {
      throw new UnsafeContentException(
          "read %s/type: expected '%s', found '%s'"
              .formatted(critical.place(), type, critical.string("type")));
    }
    JsonObject image = critical.object("image");
    exactly(image, Set.of("docker-manifest-digest"));
    JsonObject identity = critical.object("identity");
    exactly(identity, Set.of("docker-reference"));
    JsonObject optional = payload.optionalObject("optional").orElse(null);
    if (optional != null) {
      optional.optionalString("creator");
      optional.optionalInteger("timestamp");
    }
    return new Signature.Claim(
        Digest.parse(image.string("docker-manifest-digest")), identity.string("docker-reference"));
  }

  private static void exactly(JsonObject object, Set<String> members)
      throws UnsafeContentException {
    if (!object.names().equals(members)) {
      throw new UnsafeContentException(
          "read %s: expected the members %s, found %s"
              .formatted(
                  object.place(),
                  members.stream().sorted().toList(),
                  object.names().stream().limit(10).toList()));
    }
  }
}
