package io.sealift.cli;

import io.sealift.cli.console.Ink;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.KeyOptions;
import io.sealift.cli.options.LimitOptions;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.PolicyOptions;
import io.sealift.cli.options.SourceOptions;
import io.sealift.failure.ImageException;
import io.sealift.policy.Verdict;
import java.io.InterruptedIOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = {
      "Asks the policy whether an image may enter, and shows requirement by requirement what was"
          + " looked for, where, what was found, and why that is enough or not. Fetches manifest,"
          + " config and signatures only.",
      "Ends with 3 when the policy says no."
    },
    footer = {
      "  sealift verify quay.io/prometheus/busybox --policy policy.json",
      "  sealift verify registry.example/app:v1 --output json | jq .requirements"
    })
final class VerifyCommand extends BaseCommand {

  @Parameters(paramLabel = "IMAGE", description = "The image in question.")
  String image = "";

  @Mixin SourceOptions source = new SourceOptions();
  @Mixin PolicyOptions policy = new PolicyOptions();
  @Mixin OutputOptions output = new OutputOptions();

  VerifyCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    Verdict verdict =
        new Assembly(surroundings)
            .client(source, policy, new KeyOptions(), new LimitOptions())
            .judge(new ImageNames(surroundings, source).parse(image), source.platform());
    if (output.json()) {
      VerdictJson.of(verdict).print(surroundings.out());
    } else {
      new VerdictText(surroundings.out(), new Ink(surroundings.coloured())).print(verdict);
    }
    if (!verdict.admitted()) {
      throw verdict.refusal();
    }
    return Program.DONE;
  }
}
