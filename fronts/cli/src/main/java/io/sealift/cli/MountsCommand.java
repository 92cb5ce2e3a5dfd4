package io.sealift.cli;

import io.sealift.cli.console.Json;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.console.Table;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.StoreOptions;
import io.sealift.failure.ImageException;
import io.sealift.json.JsonValue;
import io.sealift.store.Mount;
import io.sealift.store.Store;
import java.io.InterruptedIOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "mounts",
    description = "Lists the root file systems that were made from the store and not undone yet.",
    footer = {"  sealift mounts", "  sealift mounts --output json"})
final class MountsCommand extends BaseCommand {

  @Mixin StoreOptions options = new StoreOptions();
  @Mixin OutputOptions output = new OutputOptions();

  MountsCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    List<Mount> mounts;
    try (Store store = new Assembly(surroundings).existingStore(options)) {
      mounts = store.mounts();
    }
    if (output.json()) {
      Json.print(
          JsonValue.of(mounts.stream().map(mount -> json(mount).value()).toList()),
          surroundings.out());
      return Program.DONE;
    }
    Table table = new Table("ROOTFS", "IMAGE", "SNAPSHOTTER", "STATE");
    for (Mount mount : mounts) {
      table.row(
          mount.rootfs(),
          ImagesCommand.digits(mount.manifestDigest()),
          mount.snapshotter(),
          mount.kept() ? "complete" : "being made");
    }
    table.print(surroundings.out());
    return Program.DONE;
  }

  private static Json json(Mount mount) {
    return new Json()
        .with("rootfs", mount.rootfs().toString())
        .with("digest", mount.manifestDigest().toString())
        .with("snapshotter", mount.snapshotter())
        .with("complete", mount.kept());
  }
}
