package io.sealift.policy;

import io.sealift.failure.PolicyRefusedException;
import io.sealift.oci.ImageName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which images may enter: requirements by scope (containers-policy.json(5)), and Sealift's own
/// word on which kinds of image may. A value; {@link Gatekeeper} applies it. Read from a file by
/// `io.sealift.policyfile`.
public final class Policy {

  private final String origin;
  private final List<Requirement> otherwise;
  private final Map<String, Map<String, List<Requirement>>> transports;
  private final @Nullable Allowance allowance;

  /// @param origin where it came from, for messages
  /// @param otherwise what is required of an image of which no scope speaks; an empty list refuses
  /// @param transports by the transport's name and the scope's key; an empty list refuses
  /// @param allowance which kinds of image may enter; null when the requirements alone decide
  public Policy(
      String origin,
      List<Requirement> otherwise,
      Map<String, Map<String, List<Requirement>>> transports,
      @Nullable Allowance allowance) {
    this.origin = origin;
    this.otherwise = List.copyOf(otherwise);
    Map<String, Map<String, List<Requirement>>> copy = new LinkedHashMap<>();
    transports.forEach((transport, scopes) -> {
      Map<String, List<Requirement>> lists = new LinkedHashMap<>();
      scopes.forEach((key, requirements) -> lists.put(key, List.copyOf(requirements)));
      copy.put(transport, Collections.unmodifiableMap(lists));
    });
    this.transports = Collections.unmodifiableMap(copy);
    this.allowance = allowance;
  }

  /// A policy that lets everything in, for those who said so: `origin` names how, for the proof.
  public static Policy insecureAcceptAnything(String origin) {
    return new Policy(origin, List.of(new Requirement.InsecureAcceptAnything()), Map.of(), null);
  }

  /// The policy that holds where there is none: it refuses, and says `remedy`.
  public static Policy absent(String remedy) {
    return new Policy("no policy: " + remedy, List.of(), Map.of(), null);
  }

  /// Where it came from: a path, a URI, an option.
  public String origin() {
    return origin;
  }

  /// What it says of kinds of image, when it says something.
  public Optional<Allowance> allowance() {
    return Optional.ofNullable(allowance);
  }

  /// Every list of requirements by its place, `default` first, the others in the order of the file.
  public Map<Scope, List<Requirement>> scopes() {
    Map<Scope, List<Requirement>> scopes = new LinkedHashMap<>();
    scopes.put(Scope.DEFAULT, otherwise);
    transports.forEach((transport, lists) ->
        lists.forEach((key, requirements) -> scopes.put(new Scope(transport, key), requirements)));
    return Collections.unmodifiableMap(scopes);
  }

  /// Names of the transports that it speaks of.
  public List<String> transports() {
    return List.copyOf(transports.keySet());
  }

  /// Finds what is required of an image with this logical name. The first scope that speaks of it
  /// decides alone: nothing of wider ones is added.
  ///
  /// @throws PolicyRefusedException when the name is a path that cannot be followed
  public Choice choose(ImageName name) throws PolicyRefusedException {
    ScopeKeys wanted = ScopeKeys.of(name);
    Map<String, List<Requirement>> scopes = transports.getOrDefault(wanted.transport(), Map.of());
    List<Scope> asked = new ArrayList<>();
    for (String key : wanted.keys()) {
      Scope scope = new Scope(wanted.transport(), key);
      asked.add(scope);
      List<Requirement> found = scopes.get(key);
      if (found != null) {
        return new Choice(scope, found, asked);
      }
    }
    asked.add(Scope.DEFAULT);
    return new Choice(Scope.DEFAULT, otherwise, asked);
  }

  /// What a policy requires of one name.
  ///
  /// @param scope the one that decides
  /// @param asked those that were looked for, in order; the last one was there
  public record Choice(Scope scope, List<Requirement> requirements, List<Scope> asked) {
    public Choice {
      requirements = List.copyOf(requirements);
      asked = List.copyOf(asked);
    }
  }
}
