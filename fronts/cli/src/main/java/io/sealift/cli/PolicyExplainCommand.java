package io.sealift.cli;

import io.sealift.cli.console.Ink;
import io.sealift.cli.console.Json;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.PlaceOptions;
import io.sealift.cli.options.PolicyOptions;
import io.sealift.failure.ImageException;
import io.sealift.oci.ImageName;
import io.sealift.policy.Policy;
import io.sealift.policy.Requirement;
import io.sealift.policy.Scope;
import java.io.InterruptedIOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "explain",
    description =
        "Shows which scope of a policy decides about an image, which ones were looked for before it,"
            + " and what it demands. Nothing is fetched.",
    footer = {
      "  sealift policy explain policy.json registry.example/app:v1",
      "  sealift policy explain /etc/containers/policy.json oci:/images/app"
    })
final class PolicyExplainCommand extends BaseCommand {

  @Parameters(index = "0", paramLabel = "POLICY", description = "A path or URI.")
  String place = "";

  @Parameters(index = "1", paramLabel = "IMAGE", description = "The name in question.")
  String image = "";

  @Mixin PlaceOptions places = new PlaceOptions();
  @Mixin OutputOptions output = new OutputOptions();

  PolicyExplainCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    ImageName name = new ShortNames(surroundings, places).only(image);
    Policy policy =
        PolicyOptions.source(place, surroundings, new Assembly(surroundings).secrets()).read();
    Policy.Choice choice = policy.choose(name);
    if (output.json()) {
      json(name, policy, choice).print(surroundings.out());
    } else {
      print(name, policy, choice);
    }
    return Program.DONE;
  }

  private void print(ImageName name, Policy policy, Policy.Choice choice) {
    Ink ink = new Ink(surroundings.coloured());
    VerdictText text = new VerdictText(surroundings.out(), ink);
    text.line("image", name.toString());
    text.line("policy", policy.origin());
    policy.allowance().ifPresent(allowance -> text.line("allowed", allowance.toString()));
    surroundings.out().println();
    for (Scope scope : choice.asked()) {
      boolean decides = scope.equals(choice.scope());
      surroundings
          .out()
          .println(
              (decides ? ink.good("decides") + "     " : ink.faint("not there") + "   ")
                  + InspectCommand.printable(scope.toString()));
    }
    int number = 1;
    for (Requirement requirement : choice.requirements()) {
      surroundings.out().println();
      surroundings.out().println(number++ + ". " + requirement.type());
      text.demand(requirement);
    }
  }

  private static Json json(ImageName name, Policy policy, Policy.Choice choice) {
    return new Json()
        .with("image", name.toString())
        .with("policy", policy.origin())
        .with("scope", VerdictJson.scope(choice.scope()))
        .with(
            "asked",
            choice.asked().stream().map(scope -> VerdictJson.scope(scope).value()).toList())
        .with("allowed", VerdictJson.allowed(policy))
        .with("requirements", VerdictJson.requirements(choice));
  }
}
