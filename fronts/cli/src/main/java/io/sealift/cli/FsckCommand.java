package io.sealift.cli;

import io.sealift.cli.console.Json;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.NamespaceOptions;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.StoreOptions;
import io.sealift.failure.ImageException;
import io.sealift.store.Check;
import io.sealift.store.Check.Finding;
import io.sealift.store.Check.Unproved;
import io.sealift.store.Store;
import java.io.InterruptedIOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "fsck",
    description = {
      "Checks everything in the store: digests of manifests and configs, that every image is whole,"
          + " and that every layer's files still give the tar of its digest.",
      "Says what cannot be proved: files that this user may not read, and layers that replace files of"
          + " their own.",
      "Ends with 6 when something is wrong, unless --repair removed it."
    },
    footer = {"  sealift fsck", "  sealift fsck --repair"})
final class FsckCommand extends BaseCommand {

  private static final int UNSOUND = 6;

  @Option(
      names = "--repair",
      order = 1,
      description =
          "Remove what is broken, with the images that need it, so that the next pull fetches it"
              + " again.")
  boolean repair;

  @Mixin StoreOptions options = new StoreOptions();
  @Mixin NamespaceOptions namespace = new NamespaceOptions();
  @Mixin OutputOptions output = new OutputOptions();

  FsckCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    Assembly assembly = new Assembly(surroundings);
    Check check;
    try (Store store = repair ? assembly.store(options) : assembly.existingStore(options)) {
      check = store.fsck(repair, assembly.hashing());
    }
    if (output.json()) {
      json(check).print(surroundings.out());
    } else {
      print(check);
    }
    return check.sound() ? Program.DONE : UNSOUND;
  }

  private void print(Check check) {
    for (Finding finding : check.findings()) {
      surroundings
          .out()
          .println(finding.subject() + ": " + finding.wrong() + "; " + finding.remedy());
    }
    for (Unproved unproved : check.unproved()) {
      surroundings.out().println(unproved.subject() + ": not proved: " + unproved.why());
    }
    surroundings
        .out()
        .println(
            "checked %d images, %d documents, %d layers: %s"
                .formatted(check.images(), check.blobs(), check.layers(), outcome(check)));
  }

  private static String outcome(Check check) {
    if (!check.clean()) {
      return check.findings().size() + " findings" + (check.sound() ? ", repaired" : "");
    }
    return check.unproved().isEmpty()
        ? "all sound"
        : "nothing wrong, %d not proved".formatted(check.unproved().size());
  }

  private static Json json(Check check) {
    return new Json()
        .with("clean", check.clean())
        .with("sound", check.sound())
        .with("images", check.images())
        .with("documents", check.blobs())
        .with("layers", check.layers())
        .with(
            "findings",
            check.findings().stream()
                .map(finding ->
                    new Json()
                        .with("subject", finding.subject())
                        .with("wrong", finding.wrong())
                        .with("remedy", finding.remedy())
                        .with("repaired", finding.repaired())
                        .value())
                .toList())
        .with(
            "unproved",
            check.unproved().stream()
                .map(unproved ->
                    new Json()
                        .with("subject", unproved.subject())
                        .with("why", unproved.why())
                        .value())
                .toList());
  }
}
