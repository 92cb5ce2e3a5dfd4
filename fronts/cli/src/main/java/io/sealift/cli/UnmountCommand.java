package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.NamespaceOptions;
import io.sealift.cli.options.StoreOptions;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "unmount",
    description =
        "Undoes bundles: unmounts and removes their root file systems with what was written there,"
            + " and their config.json. A directory with nothing else in it is removed as well.",
    footer = {"  sealift unmount /run/box", "  sealift mounts"})
final class UnmountCommand extends BaseCommand {

  @Parameters(
      paramLabel = "BUNDLE",
      arity = "1..*",
      description = "Directories of bundles that 'sealift pull' made.")
  List<Path> bundles = new ArrayList<>();

  @Mixin StoreOptions options = new StoreOptions();
  @Mixin NamespaceOptions namespace = new NamespaceOptions();

  UnmountCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    Assembly assembly = new Assembly(surroundings);
    for (Path bundle : bundles) {
      Path directory = bundle.toAbsolutePath().normalize();
      if (!Undoing.undo(assembly, directory.resolve("rootfs"), options)) {
        throw new NotFoundException(
            "unmount %s: the store knows no root file system there; see 'sealift mounts'"
                .formatted(bundle));
      }
      removeRest(directory);
      surroundings.out().println("unmounted " + bundle);
    }
    return Program.DONE;
  }

  private static void removeRest(Path directory) throws StoreException {
    try {
      Files.deleteIfExists(directory.resolve("config.json"));
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException others) {
      // Somebody put more into the bundle; that stays.
    } catch (IOException refused) {
      throw new StoreException(
          "unmount %s: its root file system is gone, the rest is not: %s"
              .formatted(directory, refused.getMessage()),
          refused);
    }
  }
}
