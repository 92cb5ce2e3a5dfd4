package io.sealift.cli;

import io.sealift.bundle.BundleOptions;
import io.sealift.cli.console.Json;
import io.sealift.cli.console.Sizes;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.KeyOptions;
import io.sealift.cli.options.LimitOptions;
import io.sealift.cli.options.NamespaceOptions;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.PolicyOptions;
import io.sealift.cli.options.ProgressOptions;
import io.sealift.cli.options.SourceOptions;
import io.sealift.cli.options.StackingOptions;
import io.sealift.cli.options.StoreOptions;
import io.sealift.cli.progress.Progress;
import io.sealift.cli.trace.Tracing;
import io.sealift.failure.ImageException;
import io.sealift.pull.LayerReport;
import io.sealift.pull.PullRequest;
import io.sealift.pull.PullResult;
import io.sealift.pull.StageTimes;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "pull",
    description = {
      "Brings an image into the store and makes a bundle of it: a root file system and a config.json"
          + " that an OCI runtime starts.",
      "Prints the digest of the image's manifest."
    },
    footer = {
      "  sealift pull docker.io/library/busybox --bundle /run/box",
      "  sealift pull oci:/images/app:v1 --bundle app --platform linux/arm64",
      "  sealift pull quay.io/prometheus/busybox --bundle box --trace box.html",
      "  runc run --bundle /run/box box"
    })
final class PullCommand extends BaseCommand {

  @Parameters(paramLabel = "IMAGE", description = "The image to pull.")
  String image = "";

  @Option(
      names = "--bundle",
      paramLabel = "DIR",
      required = true,
      order = 1,
      description = "Make the bundle in this directory, which is made when it is missing.")
  Path bundle = Path.of("");

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      order = 92,
      description =
          "Write what happened when to this file, as an HTML page that any browser shows: layers as"
              + " lanes, stages as colours. Also when the pull fails.")
  @Nullable Path trace;

  @Mixin BundleChoices choices = new BundleChoices();
  @Mixin SourceOptions source = new SourceOptions();
  @Mixin PolicyOptions policy = new PolicyOptions();
  @Mixin KeyOptions keys = new KeyOptions();
  @Mixin StoreOptions store = new StoreOptions();
  @Mixin StackingOptions stacking = new StackingOptions();
  @Mixin NamespaceOptions namespace = new NamespaceOptions();
  @Mixin LimitOptions limits = new LimitOptions();
  @Mixin ProgressOptions progress = new ProgressOptions();
  @Mixin OutputOptions output = new OutputOptions();

  PullCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    PullRequest request =
        new PullRequest(
            new ImageNames(surroundings, source).parse(image),
            bundle.toAbsolutePath().normalize(),
            source.platform(),
            choices.options());
    Assembly assembly = new Assembly(surroundings);
    PullResult result = pull(assembly, request);
    result.snapshot().notes().forEach(surroundings::say);
    Losses.of(result.layers()).forEach(lost -> surroundings.say(lost.toString()));
    if (output.json()) {
      json(result).print(surroundings.out());
    } else {
      surroundings.out().println(result.image().image().manifestDigest());
    }
    explain(assembly, result);
    return Program.DONE;
  }

  private PullResult pull(Assembly assembly, PullRequest request)
      throws ImageException, InterruptedIOException {
    Tracing tracing = Tracing.to(trace);
    PullResult result;
    try (Progress shown = progress.open(surroundings)) {
      result =
          assembly
              .client(source, policy, keys, store, stacking, limits)
              .pull(request, tracing.begin(image, shown));
    } catch (ImageException failure) {
      tracing.end(failure.getMessage());
      throw failure;
    } catch (InterruptedIOException interrupted) {
      tracing.end("interrupted");
      throw interrupted;
    }
    tracing.end(null);
    return result;
  }

  private void explain(Assembly assembly, PullResult result) {
    if (!common.verbose()) {
      return;
    }
    result
        .image()
        .proofs()
        .forEach(proof -> detail("admitted: " + proof.requirement() + ", " + proof.reason()));
    detail("digests by " + assembly.hashing().name());
    for (LayerReport layer : result.layers()) {
      detail(
          "layer %s: %s, tar of %s, %s"
              .formatted(
                  layer.stored().diffId(),
                  Sizes.format(layer.descriptor().size()),
                  Sizes.format(layer.stored().tarBytes()),
                  layer.cached()
                      ? "from the store"
                      : "inflated by %s in %d ms"
                              .formatted(layer.decompressor(), layer.time().toMillis())
                          + ": "
                          + Stages.text(layer.stages())));
    }
    StageTimes all =
        StageTimes.sum(result.layers().stream().distinct().map(LayerReport::stages).toList());
    if (!all.times().isEmpty()) {
      detail("worked, side by side: " + Stages.text(all));
    }
    detail("root file system by " + result.snapshot().snapshotter());
  }

  private static Json json(PullResult result) {
    return ImageView.identity(result.image().image())
        .with("bundle", result.bundle().directory().toString())
        .with("rootfs", result.snapshot().rootfs().toString())
        .with("snapshotter", result.snapshot().snapshotter())
        .with("mounted", result.snapshot().mounted())
        .with("layers", result.layers().stream().map(layer -> json(layer).value()).toList())
        .with("proofs", ImageView.proofs(result.image().proofs()))
        .with("notes", result.snapshot().notes())
        .with("losses", Losses.of(result.layers()).stream().map(Losses.Lost::json).toList());
  }

  private static Json json(LayerReport layer) {
    return new Json()
        .with("digest", layer.descriptor().digest().toString())
        .with("diffId", layer.stored().diffId().toString())
        .with("size", layer.descriptor().size())
        .with("tarBytes", layer.stored().tarBytes())
        .with("cached", layer.cached())
        .with("decompressor", layer.decompressor())
        .with("millis", layer.time().toMillis())
        .with("stages", Stages.json(layer.stages()).value());
  }

  /// How the bundle is to differ from the default one.
  static final class BundleChoices {

    @Option(
        names = "--read-write",
        order = 2,
        description = "Let the container write to its root file system.")
    boolean readWrite;

    @Option(
        names = "--read-only",
        order = 3,
        description = "Do not let the container write to its root file system (default).")
    boolean readOnly;

    @Option(
        names = "--profile",
        paramLabel = "NAME",
        order = 4,
        defaultValue = "image-rs",
        completionCandidates = Profiles.class,
        converter = Profiles.class,
        description =
            "Begin config.json with the defaults of: ${COMPLETION-CANDIDATES}. Default:"
                + " ${DEFAULT-VALUE}.")
    BundleOptions.Profile profile = BundleOptions.Profile.IMAGE_RS;

    @Option(
        names = "--replace",
        order = 5,
        description = "Replace a config.json that is there already.")
    boolean replace;

    BundleOptions options() {
      return new BundleOptions(readOnly || !readWrite, profile, replace);
    }
  }
}
