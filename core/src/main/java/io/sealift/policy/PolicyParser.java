package io.sealift.policy;

import io.sealift.failure.PolicyRefusedException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads policy files (containers-policy.json(5)), of which this version understands the key
/// `default` with requirements of the types `insecureAcceptAnything` and `reject`. Everything else
/// is refused: a policy that is not understood to the last key lets nothing in.
final class PolicyParser {

  /// Bytes of a policy file; real ones have a few thousand.
  private static final int MAX_BYTES = 1 << 20;

  private static final Set<String> KEYS = Set.of("default");
  private static final Set<String> REQUIREMENT_KEYS = Set.of("type");

  private PolicyParser() {}

  static List<Requirement> parse(byte[] json, String origin) throws PolicyRefusedException {
    try {
      JsonObject policy =
          JsonReader.readObject(json, "policy " + origin, JsonLimits.ofBytes(MAX_BYTES));
      refuseUnknownKeys(policy, KEYS);
      List<Requirement> requirements = new ArrayList<>();
      for (JsonObject requirement : policy.objects("default")) {
        refuseUnknownKeys(requirement, REQUIREMENT_KEYS);
        requirements.add(requirement(requirement));
      }
      if (requirements.isEmpty()) {
        throw new PolicyRefusedException(
            "read policy %s: /default is empty or missing; name at least one requirement"
                .formatted(origin));
      }
      return requirements;
    } catch (UnsafeContentException malformed) {
      throw new PolicyRefusedException(malformed.getMessage(), malformed);
    }
  }

  private static Requirement requirement(JsonObject requirement)
      throws UnsafeContentException, PolicyRefusedException {
    String type = requirement.string("type");
    return switch (type) {
      case "insecureAcceptAnything" -> new Requirement.InsecureAcceptAnything();
      case "reject" -> new Requirement.Reject();
      default ->
          throw new PolicyRefusedException(
              "read %s/type: expected insecureAcceptAnything or reject, found '%s'"
                  .formatted(requirement.place(), type));
    };
  }

  private static void refuseUnknownKeys(JsonObject object, Set<String> known)
      throws PolicyRefusedException {
    for (String name : object.names()) {
      if (!known.contains(name)) {
        throw new PolicyRefusedException(
            "read %s/%s: this version does not know that key, so the policy lets nothing in"
                .formatted(object.place(), name));
      }
    }
  }
}
