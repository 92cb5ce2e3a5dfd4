package io.sealift.cli;

import io.sealift.browse.Entry;
import io.sealift.browse.EntryText;
import io.sealift.browse.ImageListing;
import io.sealift.cli.console.Json;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.KeyOptions;
import io.sealift.cli.options.LimitOptions;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.PolicyOptions;
import io.sealift.cli.options.ProgressOptions;
import io.sealift.cli.options.SourceOptions;
import io.sealift.cli.progress.Progress;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.json.JsonValue;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "ls",
    description =
        "Lists what a container of the image would see, without storing anything. Paths are from the"
            + " image's root; of names, what is not printable appears as \\xNN.",
    footer = {
      "  sealift ls quay.io/prometheus/busybox /bin",
      "  sealift ls -lR oci:/images/app:v1 /etc",
      "  sealift ls -R oci:/images/app:v1 --output json"
    })
final class LsCommand extends BaseCommand {

  @Parameters(index = "0", paramLabel = "IMAGE", description = "The image to look into.")
  String image = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      defaultValue = "/",
      description = "A directory, or another entry. Default: ${DEFAULT-VALUE}.")
  String path = "/";

  @Option(
      names = {"-l", "--long"},
      order = 1,
      description = "Show types, modes, owners, sizes and times as well.")
  boolean details;

  @Option(
      names = {"-R", "--recursive"},
      order = 2,
      description = "Go down into directories.")
  boolean recursive;

  @Mixin SourceOptions source = new SourceOptions();
  @Mixin PolicyOptions policy = new PolicyOptions();
  @Mixin KeyOptions keys = new KeyOptions();
  @Mixin LimitOptions limits = new LimitOptions();
  @Mixin ProgressOptions progress = new ProgressOptions();
  @Mixin OutputOptions output = new OutputOptions();

  LsCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    ImageListing listing;
    try (Progress shown = progress.open(surroundings)) {
      listing =
          new Assembly(surroundings)
              .client(source, policy, keys, limits)
              .list(new ImageNames(surroundings, source).parse(image), source.platform(), shown);
    }
    List<Entry> entries = entries(listing);
    if (output.json()) {
      Json.print(JsonValue.of(entries.stream().map(EntryText::json).toList()), surroundings.out());
    } else {
      entries.forEach(
          entry -> surroundings.out().println(details ? EntryText.line(entry) : name(entry)));
    }
    return Program.DONE;
  }

  private List<Entry> entries(ImageListing listing) throws ImageException {
    byte[] wanted = path.getBytes(StandardCharsets.UTF_8);
    if (recursive) {
      List<Entry> entries = new ArrayList<>();
      listing.walk(wanted, entries::add);
      if (!entries.isEmpty()) {
        return entries;
      }
    }
    var children = listing.list(wanted);
    if (children.isPresent()) {
      return children.get();
    }
    return List.of(
        listing
            .resolve(wanted)
            .orElseThrow(() ->
                new NotFoundException("list %s: the image has no %s".formatted(image, path))));
  }

  private static String name(Entry entry) {
    return entry.path().length == 0 ? "." : EntryText.printable(entry.path());
  }
}
