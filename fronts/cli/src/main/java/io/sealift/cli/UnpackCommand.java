package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.KeyOptions;
import io.sealift.cli.options.LimitOptions;
import io.sealift.cli.options.NamespaceOptions;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.PolicyOptions;
import io.sealift.cli.options.ProgressOptions;
import io.sealift.cli.options.SourceOptions;
import io.sealift.cli.progress.Progress;
import io.sealift.failure.ImageException;
import io.sealift.oci.ImageName;
import io.sealift.pull.UnpackResult;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "unpack",
    description = {
      "Unpacks an image into a directory as plain files: all layers merged, nothing mounted, nothing"
          + " kept in the store.",
      "Prints the digest of the image's manifest."
    },
    footer = {
      "  sealift unpack quay.io/prometheus/busybox tree",
      "  sealift unpack oci-archive:app.tar tree --max-layer-bytes 2G --max-entries 100000"
    })
final class UnpackCommand extends BaseCommand {

  @Parameters(index = "0", paramLabel = "IMAGE", description = "The image to unpack.")
  String image = "";

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "A directory to make, or an empty one.")
  Path directory = Path.of("");

  @Mixin SourceOptions source = new SourceOptions();
  @Mixin PolicyOptions policy = new PolicyOptions();
  @Mixin KeyOptions keys = new KeyOptions();
  @Mixin NamespaceOptions namespace = new NamespaceOptions();
  @Mixin LimitOptions limits = new LimitOptions();
  @Mixin ProgressOptions progress = new ProgressOptions();
  @Mixin OutputOptions output = new OutputOptions();

  UnpackCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    ImageName name = new ImageNames(surroundings, source).parse(image);
    UnpackResult result;
    try (Progress shown = progress.open(surroundings)) {
      result =
          new Assembly(surroundings)
              .client(source, policy, keys, limits)
              .unpack(name, source.platform(), directory.toAbsolutePath().normalize(), shown);
    }
    List<Losses.Lost> losses = Losses.sum(result.losses());
    losses.forEach(lost -> surroundings.say(lost.toString()));
    if (output.json()) {
      ImageView.identity(result.image().image())
          .with("directory", result.directory().toString())
          .with("proofs", ImageView.proofs(result.image().proofs()))
          .with("losses", losses.stream().map(Losses.Lost::json).toList())
          .print(surroundings.out());
    } else {
      surroundings.out().println(result.image().image().manifestDigest());
    }
    return Program.DONE;
  }
}
