package io.sealift.policyfile;

import io.sealift.failure.ImageException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonReader;
import io.sealift.json.JsonValue;
import io.sealift.policy.Allowance;
import io.sealift.policy.Policy;
import io.sealift.policy.Requirement;
import io.sealift.secret.SecretSource;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads policy files (containers-policy.json(5)):
///
/// ```json
/// {"default": [{"type": "reject"}],
///  "transports": {"docker": {"registry.example": [{"type": "signedBy", …}]}},
///  "sealift": {"allow": ["plain+signed", "encrypted+unsigned"]}}
/// ```
public final class PolicyFile {

  /// Bytes of a policy file; real ones have a few thousand.
  public static final int MAX_BYTES = 1 << 20;

  private static final List<String> KEYS = List.of("default", "transports", "sealift");
  private static final List<String> EXTENSION_KEYS = List.of("allow");

  private final String file;
  private final RequirementReader requirements;

  private PolicyFile(String file) {
    this.file = file;
    this.requirements = new RequirementReader(file);
  }

  /// Reads a policy.
  ///
  /// @param origin where it came from, for messages
  /// @throws PolicyRefusedException when it is not a policy that this version understands to the
  ///   last key
  public static Policy parse(byte[] json, String origin) throws PolicyRefusedException {
    return new PolicyFile(origin).policy(json);
  }

  /// Reads a policy by its URI, such as `file:///etc/containers/policy.json`.
  public static Policy read(String uri, SecretSource secrets)
      throws ImageException, InterruptedIOException {
    return parse(secrets.read(uri, MAX_BYTES), uri);
  }

  private Policy policy(byte[] json) throws PolicyRefusedException {
    JsonValue value;
    try {
      value = JsonReader.read(json, "policy " + file, JsonLimits.ofBytes(MAX_BYTES));
    } catch (UnsafeContentException malformed) {
      throw new PolicyRefusedException(malformed.getMessage(), malformed);
    }
    Members policy = Members.of(file, "", value, KEYS);
    Map<String, Map<String, List<Requirement>>> transports = new LinkedHashMap<>();
    if (policy.has("transports")) {
      Members all = Members.open(file, policy.place("transports"), policy.value("transports"));
      for (String transport : all.members().keySet()) {
        transports.put(transport, scopes(all, transport));
      }
    }
    return new Policy(
        file,
        list(policy, "default", policy.place("default")),
        transports,
        policy.has("sealift") ? allowance(policy.object("sealift", EXTENSION_KEYS)) : null);
  }

  private Map<String, List<Requirement>> scopes(Members all, String transport)
      throws PolicyRefusedException {
    Members scopes = Members.open(file, all.placeOf(transport), all.value(transport));
    Map<String, List<Requirement>> read = new LinkedHashMap<>();
    for (String key : scopes.members().keySet()) {
      String wrong = ScopeForms.objection(transport, key).orElse(null);
      if (wrong != null) {
        throw Members.refusal(file, scopes.placeOf(key), wrong);
      }
      read.put(key, list(scopes, key, scopes.placeOf(key)));
    }
    return read;
  }

  private List<Requirement> list(Members object, String name, String pointer)
      throws PolicyRefusedException {
    if (!object.has(name)) {
      throw Members.refusal(file, pointer, "is missing; name at least one requirement");
    }
    if (!(object.value(name) instanceof JsonValue.Array array)) {
      throw Members.refusal(file, pointer, "expected an array, found " + object.value(name).kind());
    }
    if (array.values().isEmpty()) {
      throw Members.refusal(file, pointer, "is empty; name at least one requirement");
    }
    List<Requirement> list = new ArrayList<>();
    for (JsonValue element : array.values()) {
      list.add(requirements.requirement(element, pointer + "/" + list.size()));
    }
    return list;
  }

  private static Allowance allowance(Members extension) throws PolicyRefusedException {
    if (!extension.has("allow")) {
      return Allowance.DEFAULT;
    }
    Set<Allowance.Kind> kinds = EnumSet.noneOf(Allowance.Kind.class);
    int index = 0;
    for (String label : extension.texts("allow")) {
      Allowance.Kind kind = Allowance.Kind.of(label).orElse(null);
      String place = "allow/" + index++;
      if (kind == null) {
        throw extension.refusal(
            place,
            "expected one of %s, found '%s'"
                .formatted(String.join(", ", Allowance.Kind.labels()), label));
      }
      if (!kinds.add(kind)) {
        throw extension.refusal(place, "'%s' is there twice".formatted(label));
      }
    }
    return new Allowance(kinds);
  }
}
