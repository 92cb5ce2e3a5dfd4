package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.StoreOptions;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.store.ImageRecord;
import io.sealift.store.Store;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "pin",
    description =
        "Keeps 'gc' from forgetting images, whatever their age and size: what their names stand for"
            + " now, and after they are pulled again. 'rm' still removes them.",
    footer = {"  sealift pin registry.example/pause:3.10", "  sealift pin --undo pause"})
final class PinCommand extends BaseCommand {

  @Parameters(
      paramLabel = "IMAGE",
      arity = "1..*",
      description = "Names, digests or image ids; six first digits are enough.")
  List<String> images = new ArrayList<>();

  @Option(names = "--undo", order = 1, description = "Let them be forgotten again.")
  boolean undo;

  @Mixin StoreOptions options = new StoreOptions();

  PinCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    try (Store store = new Assembly(surroundings).store(options)) {
      for (String image : images) {
        ImageRecord record =
            store
                .find(image)
                .orElseThrow(() ->
                    new NotFoundException(
                        "pin %s: the store has no such image; see 'sealift images'"
                            .formatted(image)));
        store.pin(record, !undo);
        surroundings.out().println((undo ? "unpinned " : "pinned ") + record.manifestDigest());
      }
    }
    return Program.DONE;
  }
}
