package io.sealift.cli;

import io.sealift.cli.console.Json;
import io.sealift.cli.console.Sizes;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.NamespaceOptions;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.StoreOptions;
import io.sealift.failure.ImageException;
import io.sealift.store.Collected;
import io.sealift.store.Store;
import java.io.InterruptedIOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "gc",
    description =
        "Removes layers and documents that no image and no mounted root file system needs. Waits"
            + " until nobody else uses the store.",
    footer = {"  sealift gc", "  sealift gc --work-dir /var/lib/sealift --output json"})
final class GcCommand extends BaseCommand {

  @Mixin StoreOptions options = new StoreOptions();
  @Mixin NamespaceOptions namespace = new NamespaceOptions();
  @Mixin OutputOptions output = new OutputOptions();

  GcCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    Collected collected;
    try (Store store = new Assembly(surroundings).store(options)) {
      collected = store.gc();
    }
    if (output.json()) {
      json(collected).print(surroundings.out());
    } else {
      surroundings
          .out()
          .println(
              "removed %d layers and %d documents of %s"
                  .formatted(
                      collected.layers(), collected.blobs(), Sizes.format(collected.bytes())));
    }
    return Program.DONE;
  }

  static Json json(Collected collected) {
    return new Json()
        .with("layers", collected.layers())
        .with("documents", collected.blobs())
        .with("bytes", collected.bytes());
  }
}
