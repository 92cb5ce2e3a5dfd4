package io.sealift.cli;

import io.sealift.cli.console.Json;
import io.sealift.json.JsonValue;
import io.sealift.policy.Finding;
import io.sealift.policy.Finding.Examined;
import io.sealift.policy.Policy;
import io.sealift.policy.Requirement;
import io.sealift.policy.Scope;
import io.sealift.policy.Signature;
import io.sealift.policy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Verdicts and what policies demand as JSON shows them.
final class VerdictJson {

  private VerdictJson() {}

  static Json of(Verdict verdict) {
    return ImageView.identity(verdict.image())
        .with("admitted", verdict.admitted())
        .with("objection", verdict.objection())
        .with("time", verdict.time().toString())
        .with("policy", verdict.policy().origin())
        .with("scope", scope(verdict.scope()))
        .with("confidentiality", verdict.confidentiality().toString())
        .with("signed", verdict.signed())
        .with("allowed", allowed(verdict.policy()))
        .with(
            "requirements",
            verdict.findings().stream().map(finding -> finding(finding).value()).toList());
  }

  private static Json finding(Finding finding) {
    return requirement(finding.requirement(), finding.pointer())
        .with("outcome", finding.outcome().name().toLowerCase(Locale.ROOT))
        .with("reason", finding.reason())
        .with("places", finding.places())
        .with(
            "signatures",
            finding.signatures().stream().map(examined -> signature(examined).value()).toList());
  }

  private static Json signature(Examined examined) {
    Json json = new Json().with("good", examined.objection() == null);
    json.with("objection", examined.objection());
    return switch (examined.signature()) {
      case Signature.Proven proven -> ImageView.signature(json, proven);
      case Signature.Worthless worthless -> json.with("place", worthless.place());
    };
  }

  /// What is demanded, and where that stands.
  static Json requirement(Requirement requirement, String pointer) {
    return new Json()
        .with("type", requirement.type())
        .with("pointer", pointer)
        .with("demands", requirement.inWords())
        .with("naming", requirement instanceof Requirement.Signed signed ? signed.naming() : null);
  }

  static List<JsonValue> requirements(Policy.Choice choice) {
    List<JsonValue> requirements = new ArrayList<>();
    for (Requirement requirement : choice.requirements()) {
      String pointer = choice.scope().pointer() + "/" + requirements.size();
      requirements.add(requirement(requirement, pointer).value());
    }
    return requirements;
  }

  static Json scope(Scope scope) {
    return new Json()
        .with("pointer", scope.pointer())
        .with("transport", scope.transport())
        .with("key", scope.transport() == null ? null : scope.key());
  }

  static @Nullable List<String> allowed(Policy policy) {
    return policy.allowance().map(VerdictText::allowed).orElse(null);
  }
}
