package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.KeyOptions;
import io.sealift.cli.options.LimitOptions;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.PolicyOptions;
import io.sealift.cli.options.SourceOptions;
import io.sealift.failure.ImageException;
import io.sealift.oci.ImageName;
import io.sealift.policy.Admitted;
import java.io.InterruptedIOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = {
      "Asks the policy whether an image may enter, and says why. Fetches manifest and config only.",
      "Ends with 3 when the policy says no."
    },
    footer = {"  sealift verify quay.io/prometheus/busybox --policy policy.json"})
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
  public Integer call() throws ImageException, InterruptedIOException {
    Admitted admitted =
        new Assembly(surroundings)
            .client(source, policy, new KeyOptions(), new LimitOptions())
            .admit(ImageName.parse(image), source.platform());
    if (output.json()) {
      ImageView.identity(admitted.image())
          .with("proofs", ImageView.proofs(admitted.proofs()))
          .print(surroundings.out());
      return Program.DONE;
    }
    surroundings
        .out()
        .println("admitted " + admitted.image().name() + " " + admitted.image().manifestDigest());
    admitted
        .proofs()
        .forEach(proof ->
            surroundings.out().println("  " + proof.requirement() + ": " + proof.reason()));
    return Program.DONE;
  }
}
