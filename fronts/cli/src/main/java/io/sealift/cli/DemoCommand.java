package io.sealift.cli;

import io.sealift.bundle.BundleOptions;
import io.sealift.cli.console.Sizes;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.demo.ContainerRun;
import io.sealift.cli.demo.DemoImage;
import io.sealift.cli.demo.DemoOwner;
import io.sealift.cli.demo.TimeLine;
import io.sealift.cli.demo.TreeDrawing;
import io.sealift.cli.options.KeyOptions;
import io.sealift.cli.options.LimitOptions;
import io.sealift.cli.options.NamespaceOptions;
import io.sealift.cli.options.PolicyOptions;
import io.sealift.cli.options.ProgressOptions;
import io.sealift.cli.options.SourceOptions;
import io.sealift.cli.options.StackingOptions;
import io.sealift.cli.options.StoreOptions;
import io.sealift.cli.progress.Progress;
import io.sealift.failure.ImageException;
import io.sealift.failure.StoreException;
import io.sealift.oci.ImageName;
import io.sealift.oci.Platform;
import io.sealift.pull.LayerReport;
import io.sealift.pull.PullRequest;
import io.sealift.pull.PullResult;
import io.sealift.testing.InProcessRegistry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = {
      "Shows the whole way of a confidential image: builds a small one from this machine's own shell,"
          + " encrypts its layers, signs it, serves it from a registry in this process, and keeps the"
          + " policy and the keys in a key broker. Pulls it with nothing but the address of that, shows"
          + " what was proved, the tree and the time line, runs it when runc or crun is there, and"
          + " removes everything."
    },
    footer = {"  sealift demo", "  sealift demo --keep /tmp/demo"})
final class DemoCommand extends BaseCommand {

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      order = 1,
      description = "Work in this new directory and leave it, bundle and store included.")
  @org.jspecify.annotations.Nullable Path keep;

  @Mixin NamespaceOptions namespace = new NamespaceOptions();
  @Mixin ProgressOptions progress = new ProgressOptions();

  private final PrintStream out;
  private final Assembly assembly;

  DemoCommand(Surroundings surroundings) {
    super(surroundings);
    this.out = surroundings.out();
    this.assembly = new Assembly(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    try {
      Path place = keep == null ? Files.createTempDirectory("sealift-demo") : directory(keep);
      StoreOptions store = StoreOptions.in(place.resolve("store"));
      try {
        show(place, store);
      } finally {
        if (keep == null) {
          clear(place, store);
        }
      }
    } catch (InterruptedIOException interrupted) {
      throw interrupted;
    } catch (IOException refused) {
      throw new StoreException("demonstrate: " + refused, refused);
    }
    return Program.DONE;
  }

  private static Path directory(Path given) throws IOException {
    return Files.createDirectories(given.toAbsolutePath().normalize());
  }

  private void show(Path place, StoreOptions store) throws ImageException, IOException {
    try (DemoOwner owner = new DemoOwner();
        InProcessRegistry registry = InProcessRegistry.start()) {
      String name = owner.publish(DemoImage.build(owner::encrypt), registry, "demo");
      title("An image of this machine's own files, encrypted and signed, is served at " + name);
      title("A key broker at %s has the policy and the keys:".formatted(owner.broker()));
      List.of(DemoOwner.POLICY, DemoOwner.SIGNING_KEY, DemoOwner.LAYER_KEY).forEach(out::println);
      title("Pulling it");
      Pulled pulled = pull(name, owner, place.resolve("bundle"), store);
      describe(pulled.result);
      title("Where the time went: = fetching and unpacking, # making durable");
      pulled.timeLine.lines().forEach(out::println);
      title("The root file system");
      TreeDrawing.of(pulled.result.bundle().rootfs()).forEach(out::println);
      run(pulled.result, place);
    }
    if (keep != null) {
      title("Everything was left in " + place);
    }
  }

  private void title(String text) {
    out.println();
    out.println(text);
    out.flush();
  }

  private Pulled pull(String name, DemoOwner owner, Path bundle, StoreOptions store)
      throws ImageException, InterruptedIOException {
    PullRequest request =
        new PullRequest(ImageName.parse(name), bundle, Platform.host(), BundleOptions.DEFAULT);
    try (Progress shown = progress.open(surroundings)) {
      TimeLine timeLine = new TimeLine(shown, System::nanoTime);
      PullResult result =
          new Assembly(surroundings.with("AA_KBC_PARAMS", "cc_kbc::" + owner.broker()))
              .client(
                  SourceOptions.overPlainHttp(),
                  PolicyOptions.at(DemoOwner.POLICY),
                  new KeyOptions(),
                  store,
                  new StackingOptions(),
                  new LimitOptions())
              .pull(request, timeLine);
      timeLine.end();
      return new Pulled(result, timeLine);
    }
  }

  private record Pulled(PullResult result, TimeLine timeLine) {}

  private void describe(PullResult result) {
    out.println("manifest       " + result.image().image().manifestDigest());
    result
        .image()
        .proofs()
        .forEach(
            proof -> out.println("admitted       " + proof.requirement() + ": " + proof.reason()));
    for (LayerReport layer : result.layers()) {
      out.println(
          "layer          %s, %s%s as %s of tar, inflated by %s"
              .formatted(
                  layer.stored().diffId(),
                  Sizes.format(layer.descriptor().size()),
                  layer.descriptor().mediaType().isEncrypted() ? ", encrypted," : "",
                  Sizes.format(layer.stored().tarBytes()),
                  layer.decompressor()));
    }
    out.println("stacked by     " + result.snapshot().snapshotter());
    Losses.of(result.layers()).forEach(lost -> out.println("               " + lost));
  }

  private void run(PullResult result, Path place) throws IOException {
    if (!surroundings.isRoot()) {
      title("Not run: that takes root");
      return;
    }
    try {
      Optional<ContainerRun> run =
          ContainerRun.of(result.bundle().directory(), place.resolve("runtime"), surroundings);
      if (run.isEmpty()) {
        title("Not run: neither runc nor crun is here");
      } else {
        title("%s ran it, exit status %d:".formatted(run.get().runtime(), run.get().status()));
        run.get().lines().forEach(line -> out.println(InspectCommand.printable(line)));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("run the demonstration");
    }
  }

  /// Undoes the bundle and removes everything, also after an interruption.
  private void clear(Path place, StoreOptions options)
      throws ImageException, InterruptedIOException {
    boolean interrupted = Thread.interrupted();
    try {
      Undoing.undo(assembly, place.resolve("bundle").resolve("rootfs"), options);
    } finally {
      assembly.files().remove(place);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
