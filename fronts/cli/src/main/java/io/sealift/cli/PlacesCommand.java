package io.sealift.cli;

import io.sealift.cli.console.Json;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.SourceOptions;
import io.sealift.failure.ImageException;
import io.sealift.json.JsonValue;
import io.sealift.oci.ImageName;
import io.sealift.oci.Reference;
import io.sealift.source.Place;
import io.sealift.source.Places;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "places",
    description =
        "Shows where an image would be looked for, in which order and why: mirrors, other locations,"
            + " what a short name means. Nothing is fetched.",
    footer = {
      "  sealift places busybox",
      "  sealift places registry.example/app:v1 --registries-conf registries.conf --output json"
    })
final class PlacesCommand extends BaseCommand {

  @Parameters(paramLabel = "IMAGE", description = "The name in question.")
  String image = "";

  @Mixin SourceOptions source = new SourceOptions();
  @Mixin OutputOptions output = new OutputOptions();

  PlacesCommand(Surroundings surroundings) {
    super(surroundings);
  }

  /// One image that the name may mean.
  private record Meaning(String name, String why, List<Place> places) {}

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    List<Meaning> meanings = meanings();
    if (output.json()) {
      new Json()
          .with("image", image)
          .with("meanings", meanings.stream().map(PlacesCommand::json).toList())
          .print(surroundings.out());
    } else {
      meanings.forEach(this::print);
    }
    return Program.DONE;
  }

  private List<Meaning> meanings() throws ImageException, InterruptedIOException {
    ImageName name = ImageName.parse(image);
    if (!(name instanceof ImageName.InRegistry(Reference reference))) {
      return List.of(new Meaning(name.toString(), "the name itself", List.of()));
    }
    Assembly assembly = new Assembly(surroundings);
    Places places = assembly.places(source.places());
    Map<Reference, String> references =
        ShortNames.isShort(image, name)
            ? assembly.meanings(image, source.places())
            : Map.of(reference, "a full name");
    List<Meaning> meanings = new ArrayList<>();
    for (Map.Entry<Reference, String> one : references.entrySet()) {
      meanings.add(
          new Meaning("docker://" + one.getKey(), one.getValue(), places.of(one.getKey())));
    }
    return meanings;
  }

  private void print(Meaning meaning) {
    line("image", meaning.name(), meaning.why());
    int number = 1;
    for (Place place : meaning.places()) {
      line(Integer.toString(number++), place.where() + notes(place), place.why());
    }
  }

  private void line(String label, String what, String why) {
    surroundings
        .out()
        .println(
            "%-7s%s%n%-7s  %s"
                .formatted(
                    label, InspectCommand.printable(what), "", InspectCommand.printable(why)));
  }

  private static String notes(Place place) {
    return (isInsecure(place) ? ", insecure" : "")
        + (place.knowsTags() ? "" : ", not for tags")
        + (place.hasContent() ? "" : ", for tags only");
  }

  private static boolean isInsecure(Place place) {
    return place instanceof Place.Repository repository && repository.insecure();
  }

  private static JsonValue json(Meaning meaning) {
    return new Json()
        .with("name", meaning.name())
        .with("why", meaning.why())
        .with("places", meaning.places().stream().map(PlacesCommand::json).toList())
        .value();
  }

  private static JsonValue json(Place place) {
    return new Json()
        .with("place", place.where())
        .with("insecure", isInsecure(place))
        .with("tags", place.knowsTags())
        .with("content", place.hasContent())
        .with("why", place.why())
        .value();
  }
}
