package io.sealift.cli;

import io.sealift.cli.console.Json;
import io.sealift.cli.console.Sizes;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.KeyOptions;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.SourceOptions;
import io.sealift.codec.Compression;
import io.sealift.crypt.LayerKeys;
import io.sealift.crypt.Recipients;
import io.sealift.failure.ImageException;
import io.sealift.json.JsonValue;
import io.sealift.oci.Conversion;
import io.sealift.oci.Descriptor;
import io.sealift.oci.Execution;
import io.sealift.source.Resolved;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "inspect",
    description =
        "Shows an image at a glance: digests, platform, how it runs, and its layers. Nothing is kept"
            + " and no policy is asked.",
    footer = {
      "  sealift inspect quay.io/prometheus/busybox",
      "  sealift inspect oci:/images/app:v1 --raw | sha256sum",
      "  sealift inspect docker.io/library/busybox --as oci"
    })
final class InspectCommand extends BaseCommand {

  @Parameters(paramLabel = "IMAGE", description = "The image to look at.")
  String image = "";

  @ArgGroup @Nullable View view;

  @Mixin SourceOptions source = new SourceOptions();
  @Mixin OutputOptions output = new OutputOptions();

  InspectCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    Resolved found =
        new Assembly(surroundings)
            .client(source)
            .resolve(new ImageNames(surroundings, source).parse(image), source.platform());
    PrintStream out = surroundings.out();
    if (view != null && view.raw) {
      write(found.manifestBytes());
    } else if (view != null && view.config) {
      write(found.configBytes());
    } else if (view != null && view.as != null) {
      write(converted(found, view.as.form));
    } else if (output.json()) {
      json(found).print(out);
    } else {
      print(found, out);
    }
    return Program.DONE;
  }

  private static byte[] converted(Resolved image, Conversion.Form form) throws ImageException {
    return Conversion.of(form, image.manifestBytes(), image.manifest(), image.configBytes())
        .manifest();
  }

  private void write(byte[] bytes) {
    surroundings.out().write(bytes, 0, bytes.length);
  }

  private void print(Resolved image, PrintStream out)
      throws ImageException, InterruptedIOException {
    line(out, "image", image.name().toString());
    line(out, "place", image.place());
    line(out, "digest", image.manifestDigest().toString());
    image.indexDigest().ifPresent(index -> line(out, "index", index.toString()));
    line(out, "image id", image.imageId().toString());
    line(out, "type", image.manifestType().toString());
    line(out, "platform", image.config().platform().toString());
    line(out, "created", image.config().created());
    line(out, "author", image.config().author());
    Execution execution = image.config().execution();
    line(out, "entrypoint", quoted(execution.entrypoint()));
    line(out, "command", quoted(execution.cmd()));
    line(out, "user", execution.user());
    line(out, "directory", execution.workingDir());
    execution.env().forEach(variable -> line(out, "variable", variable));
    line(out, "ports", String.join(" ", execution.exposedPorts()));
    line(out, "volumes", String.join(" ", execution.volumes()));
    line(out, "stop signal", execution.stopSignal());
    execution.labels().entrySet().stream()
        .sorted(java.util.Map.Entry.comparingByKey())
        .forEach(label -> line(out, "label", label.getKey() + "=" + label.getValue()));
    LayerKeys keys = new Assembly(surroundings).keys(new KeyOptions());
    long bytes = image.layers().stream().mapToLong(Descriptor::size).sum();
    line(out, "layers", "%d, %s".formatted(image.layers().size(), Sizes.format(bytes)));
    for (Descriptor layer : image.layers()) {
      line(
          out,
          "",
          "%s  %9s  %s".formatted(layer.digest(), Sizes.format(layer.size()), kind(layer)));
      keys.recipients(layer).forEach(who -> line(out, "", "  for " + text(who)));
    }
  }

  private static String text(Recipients who) {
    return who.names().isEmpty()
        ? "%s: %d wrapped keys".formatted(who.scheme(), who.wrappedKeys())
        : who.scheme() + ": " + String.join(", ", who.names());
  }

  private static void line(PrintStream out, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      out.println(String.format(Locale.ROOT, "%-12s%s", name, printable(value)));
    }
  }

  /// Control characters of a hostile image must not reach the terminal.
  static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .forEach(c -> {
          if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
            printable.append("\\u%04x".formatted(c));
          } else {
            printable.appendCodePoint(c);
          }
        });
    return printable.toString();
  }

  private static String quoted(List<String> words) {
    return words.isEmpty()
        ? ""
        : new String(
            io.sealift.json.JsonWriter.compact(JsonValue.of(words)),
            java.nio.charset.StandardCharsets.UTF_8);
  }

  private static String kind(Descriptor layer) {
    String compression =
        Arrays.stream(Compression.values())
            .filter(layer.mediaType()::announces)
            .map(one -> one == Compression.NONE ? "tar" : one.name().toLowerCase(Locale.ROOT))
            .findFirst()
            .orElse(layer.mediaType().toString());
    return compression
        + (layer.mediaType().isEncrypted() ? ", encrypted" : "")
        + (layer.mediaType().isForeign() ? ", foreign" : "");
  }

  private Json json(Resolved image) throws ImageException, InterruptedIOException {
    LayerKeys keys = new Assembly(surroundings).keys(new KeyOptions());
    Execution execution = image.config().execution();
    return ImageView.identity(image)
        .with("mediaType", image.manifestType().toString())
        .with("platform", image.config().platform().toString())
        .with("created", image.config().created())
        .with("author", image.config().author())
        .with("entrypoint", execution.entrypoint())
        .with("cmd", execution.cmd())
        .with("user", execution.user())
        .with("workingDir", execution.workingDir())
        .with("env", execution.env())
        .with("exposedPorts", execution.exposedPorts())
        .with("volumes", execution.volumes())
        .with("stopSignal", execution.stopSignal())
        .with("labels", new TreeMap<>(execution.labels()))
        .with("annotations", new TreeMap<>(image.manifest().annotations()))
        .with("layers", image.layers().stream().map(layer -> json(layer, keys).value()).toList());
  }

  private static Json json(Descriptor layer, LayerKeys keys) {
    return new Json()
        .with("digest", layer.digest().toString())
        .with("size", layer.size())
        .with("mediaType", layer.mediaType().toString())
        .with("encrypted", layer.mediaType().isEncrypted())
        .with("recipients", keys.recipients(layer).stream().map(who -> json(who).value()).toList());
  }

  private static Json json(Recipients who) {
    return new Json()
        .with("scheme", who.scheme())
        .with("wrappedKeys", who.wrappedKeys())
        .with("names", who.names());
  }

  /// Another view than the glance; one at a time.
  static final class View {

    @Option(names = "--raw", order = 1, description = "Print the manifest byte for byte.")
    boolean raw;

    @Option(names = "--raw-config", order = 2, description = "Print the config byte for byte.")
    boolean config;

    @Option(
        names = "--as",
        paramLabel = "FORM",
        order = 3,
        description = "Print the manifest in another form: ${COMPLETION-CANDIDATES}.")
    @Nullable Form as;
  }

  /// Forms of a manifest, named as on the command line.
  @SuppressWarnings("MemberName")
  enum Form {
    oci(Conversion.Form.OCI),
    docker(Conversion.Form.DOCKER);

    private final Conversion.Form form;

    Form(Conversion.Form form) {
      this.form = form;
    }
  }
}
