package io.sealift.cli;

import io.sealift.cli.console.Ages;
import io.sealift.cli.console.Json;
import io.sealift.cli.console.Sizes;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.NamespaceOptions;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.SizeConverter;
import io.sealift.cli.options.StoreOptions;
import io.sealift.failure.ImageException;
import io.sealift.store.Collected;
import io.sealift.store.ImageRecord;
import io.sealift.store.Retention;
import io.sealift.store.Store;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "gc",
    description = {
      "Removes layers and documents that no image and no mounted root file system needs, while others"
          + " go on pulling.",
      "Forgets images before, where an option says so; never one that is mounted, pinned or being"
          + " pulled. Pulling an image and unmounting it is using it."
    },
    footer = {
      "  sealift gc",
      "  sealift gc --older-than 7d --max-size 20G --dry-run",
      "  sealift gc --work-dir /var/lib/sealift --output json"
    })
final class GcCommand extends BaseCommand {

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      order = 1,
      converter = Age.class,
      description = "Forget images that were not used for so long: 90s, 30m, 12h, 7d, 2w.")
  @Nullable Duration olderThan;

  @Option(
      names = "--max-size",
      paramLabel = "SIZE",
      order = 2,
      converter = SizeConverter.class,
      description =
          "Forget images, the one unused for longest first, until the tars of the layers that are left"
              + " have no more bytes than this.")
  @Nullable Long maxSize;

  @Option(names = "--dry-run", order = 3, description = "Only say what would be removed.")
  boolean dryRun;

  @Mixin StoreOptions options = new StoreOptions();
  @Mixin NamespaceOptions namespace = new NamespaceOptions();
  @Mixin OutputOptions output = new OutputOptions();

  GcCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    Retention retention =
        new Retention(olderThan == null ? null : Instant.now().minus(olderThan), maxSize);
    Assembly assembly = new Assembly(surroundings);
    Collected collected;
    try (Store store = dryRun ? assembly.existingStore(options) : assembly.store(options)) {
      collected = dryRun ? store.rehearseGc(retention) : store.gc(retention);
    }
    if (output.json()) {
      json(collected).with("dryRun", dryRun).print(surroundings.out());
    } else {
      print(collected);
    }
    if (maxSize != null && collected.remaining() > maxSize) {
      surroundings.say(
          "%s are left, because what is mounted, pinned or being pulled stays"
              .formatted(Sizes.format(collected.remaining())));
    }
    return Program.DONE;
  }

  private void print(Collected collected) {
    String removed = dryRun ? "would remove" : "removed";
    for (ImageRecord image : collected.images()) {
      surroundings
          .out()
          .println(
              "%s %s %s, last used %s"
                  .formatted(
                      removed,
                      image.manifestDigest(),
                      image.names().isEmpty() ? "-" : String.join(" ", image.names()),
                      image.lastUsed()));
    }
    surroundings
        .out()
        .println(
            "%s %d layers and %d documents of %s"
                .formatted(
                    removed,
                    collected.layers(),
                    collected.blobs(),
                    Sizes.format(collected.bytes())));
  }

  static Json json(Collected collected) {
    return new Json()
        .with(
            "images",
            collected.images().stream()
                .map(image ->
                    new Json()
                        .with("digest", image.manifestDigest().toString())
                        .with("names", image.names())
                        .with("lastUsed", image.lastUsed().toString())
                        .value())
                .toList())
        .with("layers", collected.layers())
        .with("documents", collected.blobs())
        .with("bytes", collected.bytes())
        .with("remainingTarBytes", collected.remaining());
  }

  /// Reads `7d`.
  static final class Age implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return Ages.parse(text)
          .orElseThrow(
              () -> new TypeConversionException("expected an age such as 90s, 30m, 12h, 7d or 2w"));
    }
  }
}
