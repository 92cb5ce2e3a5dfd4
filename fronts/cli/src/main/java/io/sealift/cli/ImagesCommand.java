package io.sealift.cli;

import io.sealift.cli.console.Json;
import io.sealift.cli.console.Sizes;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.console.Table;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.StoreOptions;
import io.sealift.failure.ImageException;
import io.sealift.json.JsonValue;
import io.sealift.oci.Digest;
import io.sealift.store.Admission;
import io.sealift.store.ImageRecord;
import io.sealift.store.Store;
import java.io.InterruptedIOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "images",
    description = "Lists the images in the store, the one pulled last first.",
    footer = {
      "  sealift images",
      "  sealift images --output json",
      "  sealift images --quiet | xargs sealift rm"
    })
final class ImagesCommand extends BaseCommand {

  private static final int SHORT_DIGITS = 12;

  @Option(
      names = {"-q", "--quiet"},
      order = 1,
      description = "Print nothing but the manifests' digests.")
  boolean quiet;

  @Mixin StoreOptions options = new StoreOptions();
  @Mixin OutputOptions output = new OutputOptions();

  ImagesCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    List<ImageRecord> images;
    try (Store store = new Assembly(surroundings).existingStore(options)) {
      images = store.images();
    }
    if (output.json()) {
      Json.print(
          JsonValue.of(images.stream().map(image -> json(image).value()).toList()),
          surroundings.out());
    } else if (quiet) {
      images.forEach(image -> surroundings.out().println(image.manifestDigest()));
    } else {
      print(images);
    }
    return Program.DONE;
  }

  private void print(List<ImageRecord> images) {
    Table table = new Table("NAME", "DIGEST", ">LAYERS", ">COMPRESSED", ">TAR", "PULLED", "PINNED");
    for (ImageRecord image : images) {
      for (String name : shown(image)) {
        table.row(
            name,
            digits(image.manifestDigest()),
            image.layers().size(),
            Sizes.format(image.compressedBytes()),
            Sizes.format(image.tarBytes()),
            image.pulled().truncatedTo(ChronoUnit.SECONDS),
            image.pinned() ? "yes" : "");
      }
    }
    table.print(surroundings.out());
  }

  /// Its names, or those by digest when all others are other images' by now.
  private static List<String> shown(ImageRecord image) {
    List<String> names = image.names().isEmpty() ? image.digests() : image.names();
    return names.isEmpty() ? List.of("-") : names;
  }

  static String digits(Digest digest) {
    return digest.hex().substring(0, SHORT_DIGITS);
  }

  static Json json(ImageRecord image) {
    return new Json()
        .with("names", image.names())
        .with("digests", image.digests())
        .with("digest", image.manifestDigest().toString())
        .with("imageId", image.imageId().toString())
        .with("layers", image.layers().stream().map(Object::toString).toList())
        .with("compressedBytes", image.compressedBytes())
        .with("tarBytes", image.tarBytes())
        .with("pulled", image.pulled().toString())
        .with("lastUsed", image.lastUsed().toString())
        .with("pinned", image.pinned())
        .with(
            "admissions",
            image.admissions().stream().map(admission -> json(admission).value()).toList());
  }

  private static Json json(Admission admission) {
    return new Json()
        .with("name", admission.name())
        .with("time", admission.time().toString())
        .with("policy", admission.policy())
        .with("scope", admission.scope())
        .with("kind", admission.kind())
        .with("proofs", ImageView.proofs(admission.proofs()));
  }
}
