package io.sealift.cli;

import io.sealift.cli.console.Json;
import io.sealift.cli.console.Sizes;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.NamespaceOptions;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.PlaceOptions;
import io.sealift.cli.options.StoreOptions;
import io.sealift.failure.BadReferenceException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.json.JsonValue;
import io.sealift.oci.ImageName;
import io.sealift.store.ImageRecord;
import io.sealift.store.Removal;
import io.sealift.store.Store;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "rm",
    description =
        "Removes images from the store with the layers that nothing else needs. Layers of mounted"
            + " root file systems stay until those are unmounted.",
    footer = {"  sealift rm quay.io/prometheus/busybox", "  sealift rm 3f2a9c1b0d4e --keep-layers"})
final class RmCommand extends BaseCommand {

  @Parameters(
      paramLabel = "IMAGE",
      arity = "1..*",
      description = "Names, digests or image ids; six first digits are enough.")
  List<String> images = new ArrayList<>();

  @Option(names = "--keep-layers", order = 1, description = "Leave the layers until the next gc.")
  boolean keepLayers;

  @Mixin StoreOptions options = new StoreOptions();
  @Mixin PlaceOptions places = new PlaceOptions();
  @Mixin NamespaceOptions namespace = new NamespaceOptions();
  @Mixin OutputOptions output = new OutputOptions();

  RmCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    List<Removal> removals = new ArrayList<>();
    try (Store store = new Assembly(surroundings).store(options)) {
      for (String image : images) {
        removals.add(store.remove(find(store, image), !keepLayers));
      }
    }
    if (output.json()) {
      Json.print(
          JsonValue.of(removals.stream().map(removal -> json(removal).value()).toList()),
          surroundings.out());
    } else {
      for (Removal removal : removals) {
        surroundings.out().println("removed " + removal.image().manifestDigest());
        detail(
            "%d layers and %d documents of %s went with it"
                .formatted(
                    removal.collected().layers(),
                    removal.collected().blobs(),
                    Sizes.format(removal.collected().bytes())));
      }
    }
    return Program.DONE;
  }

  /// What a short name means is said by the settings of registries, as when it was pulled.
  private ImageRecord find(Store store, String image)
      throws ImageException, InterruptedIOException {
    Optional<ImageRecord> addressed = store.findByDigits(image);
    if (addressed.isPresent()) {
      return addressed.get();
    }
    List<ImageName> stored = new ArrayList<>();
    Set<ImageRecord> found = new LinkedHashSet<>();
    for (ImageName meaning : meanings(image)) {
      Optional<ImageRecord> record = store.find(meaning.toString());
      if (record.isPresent()) {
        stored.add(meaning);
        found.add(record.get());
      }
    }
    if (found.size() > 1) {
      throw ShortNames.several(image, stored, ", and they are different images");
    }
    return found.stream()
        .findFirst()
        .orElseThrow(() ->
            new NotFoundException(
                "remove %s: the store has no such image; see 'sealift images'".formatted(image)));
  }

  private List<ImageName> meanings(String image) throws ImageException, InterruptedIOException {
    try {
      ImageName.parse(image);
    } catch (BadReferenceException noName) {
      return List.of();
    }
    return new ShortNames(surroundings, places).meanings(image);
  }

  private static Json json(Removal removal) {
    return new Json()
        .with("digest", removal.image().manifestDigest().toString())
        .with("names", removal.image().names())
        .with("collected", GcCommand.json(removal.collected()));
  }
}
