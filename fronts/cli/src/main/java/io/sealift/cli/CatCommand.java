package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.KeyOptions;
import io.sealift.cli.options.LimitOptions;
import io.sealift.cli.options.PolicyOptions;
import io.sealift.cli.options.ProgressOptions;
import io.sealift.cli.options.SourceOptions;
import io.sealift.cli.progress.Progress;
import io.sealift.failure.ImageException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "cat",
    description =
        "Writes a file of an image to standard output, as a container would read it, after every byte"
            + " was proved. Nothing is stored.",
    footer = {
      "  sealift cat quay.io/prometheus/busybox /etc/passwd",
      "  sealift cat oci:/images/app:v1 /usr/bin/app | sha256sum"
    })
final class CatCommand extends BaseCommand {

  @Parameters(index = "0", paramLabel = "IMAGE", description = "The image to look into.")
  String image = "";

  @Parameters(
      index = "1",
      paramLabel = "PATH",
      description = "A file in it; symlinks are followed, but never out of the image.")
  String path = "";

  @Mixin SourceOptions source = new SourceOptions();
  @Mixin PolicyOptions policy = new PolicyOptions();
  @Mixin KeyOptions keys = new KeyOptions();
  @Mixin LimitOptions limits = new LimitOptions();
  @Mixin ProgressOptions progress = new ProgressOptions();

  CatCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    try (Progress shown = progress.open(surroundings)) {
      new Assembly(surroundings)
          .client(source, policy, keys, limits)
          .cat(
              new ImageNames(surroundings, source).parse(image),
              source.platform(),
              path.getBytes(StandardCharsets.UTF_8),
              surroundings.out(),
              shown);
    }
    return Program.DONE;
  }
}
