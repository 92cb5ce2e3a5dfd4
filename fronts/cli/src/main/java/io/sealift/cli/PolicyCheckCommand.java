package io.sealift.cli;

import io.sealift.cli.console.Ink;
import io.sealift.cli.console.Json;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.PolicyOptions;
import io.sealift.failure.ImageException;
import io.sealift.failure.PolicyRefusedException;
import io.sealift.json.JsonValue;
import io.sealift.policy.Policy;
import io.sealift.policyfile.PolicyCheck;
import io.sealift.policyfile.Remark;
import io.sealift.policyfile.Remark.Level;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    description = {
      "Checks a policy without any image: its grammar, whether every key can be read, scopes that no"
          + " image has, transports that nobody knows, and what it lets in unseen.",
      "Ends with 3 when images would be refused because of an error in it; warnings are no errors."
    },
    footer = {
      "  sealift policy check /etc/containers/policy.json",
      "  sealift policy check policy.json --output json"
    })
final class PolicyCheckCommand extends BaseCommand {

  @Parameters(
      arity = "0..1",
      paramLabel = "POLICY",
      description = "A path or URI. Default: the policy that holds when no option names one.")
  @Nullable String place;

  @Mixin OutputOptions output = new OutputOptions();

  PolicyCheckCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    Assembly assembly = new Assembly(surroundings);
    Policy policy = PolicyOptions.source(place, surroundings, assembly.secrets()).read();
    List<Remark> remarks = new PolicyCheck(policy, assembly.schemes(), assembly.secrets()).run();
    long errors = remarks.stream().filter(remark -> remark.level() == Level.ERROR).count();
    if (output.json()) {
      Json.print(
          JsonValue.of(remarks.stream().map(remark -> json(remark).value()).toList()),
          surroundings.out());
    } else {
      print(policy, remarks);
    }
    if (errors > 0) {
      throw new PolicyRefusedException(
          "check policy %s: images are refused because of %d errors in it"
              .formatted(policy.origin(), errors));
    }
    return Program.DONE;
  }

  private void print(Policy policy, List<Remark> remarks) {
    Ink ink = new Ink(surroundings.coloured());
    for (Remark remark : remarks) {
      String level = String.format(Locale.ROOT, "%-8s", label(remark.level()));
      String coloured =
          switch (remark.level()) {
            case ERROR -> ink.bad(level);
            case WARNING -> ink.doubtful(level);
            case NOTE -> ink.faint(level);
          };
      surroundings
          .out()
          .println(
              coloured
                  + InspectCommand.printable(remark.pointer())
                  + ": "
                  + InspectCommand.printable(remark.text()));
    }
    if (remarks.stream().allMatch(remark -> remark.level() == Level.NOTE)) {
      surroundings.out().println(ink.good("sound") + "   " + policy.origin());
    }
  }

  private static Json json(Remark remark) {
    return new Json()
        .with("level", label(remark.level()))
        .with("pointer", remark.pointer())
        .with("text", remark.text());
  }

  private static String label(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
