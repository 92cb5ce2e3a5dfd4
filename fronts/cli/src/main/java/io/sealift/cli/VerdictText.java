package io.sealift.cli;

import io.sealift.cli.console.Ink;
import io.sealift.policy.Allowance;
import io.sealift.policy.Finding;
import io.sealift.policy.Finding.Examined;
import io.sealift.policy.Requirement;
import io.sealift.policy.Signature;
import io.sealift.policy.Verdict;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/// A verdict for people, requirement by requirement.
final class VerdictText {

  private final PrintStream out;
  private final Ink ink;

  VerdictText(PrintStream out, Ink ink) {
    this.out = out;
    this.ink = ink;
  }

  void print(Verdict verdict) {
    line("image", verdict.image().name().toString());
    line("place", verdict.image().place());
    line("digest", verdict.image().manifestDigest().toString());
    verdict.image().indexDigest().ifPresent(index -> line("index", index.toString()));
    line("policy", verdict.policy().origin());
    line("scope", verdict.scope().toString());
    line("kind", verdict.confidentiality() + (verdict.signed() ? ", signed" : ", no signature"));
    verdict.policy().allowance().ifPresent(allowance -> line("allowed", allowance.toString()));
    for (int i = 0; i < verdict.findings().size(); i++) {
      out.println();
      finding(i + 1, verdict.findings().get(i));
    }
    out.println();
    String objection = verdict.objection();
    out.println(
        objection == null
            ? ink.good("admitted")
            : ink.bad("refused") + ": " + InspectCommand.printable(objection));
  }

  private void finding(int number, Finding finding) {
    Requirement requirement = finding.requirement();
    String outcome = finding.outcome().name().toLowerCase(Locale.ROOT);
    String coloured =
        switch (finding.outcome()) {
          case HOLDS -> ink.good(outcome);
          case FAILS -> ink.bad(outcome);
          case WAIVED -> ink.doubtful(outcome);
        };
    out.println(number + ". " + requirement.type() + " " + coloured);
    demand(requirement);
    finding.places().forEach(place -> item("looked at", place));
    finding.signatures().forEach(this::signature);
    item("because", finding.reason());
  }

  /// What a requirement demands.
  void demand(Requirement requirement) {
    item("demands", requirement.inWords());
    if (requirement instanceof Requirement.Signed signed) {
      item("naming", signed.naming());
    }
  }

  private void signature(Examined examined) {
    Signature signature = examined.signature();
    String objection = examined.objection();
    out.println(
        "   found      "
            + InspectCommand.printable(signature.place())
            + ": "
            + (objection == null ? ink.good("good") : ink.bad("no good")));
    if (objection != null) {
      out.println("              " + InspectCommand.printable(objection));
    }
  }

  /// A line about the whole.
  void line(String name, String value) {
    out.println(String.format(Locale.ROOT, "%-12s%s", name, InspectCommand.printable(value)));
  }

  private void item(String name, String value) {
    out.println(String.format(Locale.ROOT, "   %-11s%s", name, InspectCommand.printable(value)));
  }

  static List<String> allowed(Allowance allowance) {
    return allowance.kinds().stream().map(Allowance.Kind::label).toList();
  }
}
