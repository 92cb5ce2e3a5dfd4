package io.sealift.cli;

import io.sealift.cli.console.Json;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.options.KeyOptions;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.SourceOptions;
import io.sealift.crypt.Decryption;
import io.sealift.crypt.LayerKeys;
import io.sealift.failure.ImageException;
import io.sealift.oci.Descriptor;
import io.sealift.source.Resolved;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "decrypt-key",
    description = {
      "Tells for each layer of an image whether the keys at hand open it. No layer is fetched, no"
          + " policy is asked, and no key is shown.",
      "Ends with status 5 when a layer stays locked."
    },
    footer = {
      "  sealift decrypt-key oci:/images/app:v1 --decryption-key key.pem",
      "  sealift decrypt-key docker.io/team/app --decryption-key key.pem:file=password.txt"
    })
final class DecryptKeyCommand extends BaseCommand {

  @Parameters(paramLabel = "IMAGE", description = "The image whose layers are tried.")
  String image = "";

  @Mixin SourceOptions source = new SourceOptions();
  @Mixin KeyOptions keys = new KeyOptions();
  @Mixin OutputOptions output = new OutputOptions();

  DecryptKeyCommand(Surroundings surroundings) {
    super(surroundings);
  }

  /// @param scheme of the key that opened the layer; null when none did, or the layer is plain
  /// @param failure why none did; null when one did, or the layer is plain
  private record Trial(
      Descriptor layer, @Nullable String scheme, @Nullable ImageException failure) {

    @Override
    public String toString() {
      String outcome =
          failure != null
              ? "locked: " + failure.getMessage()
              : scheme != null ? "opened by " + scheme : "not encrypted";
      return layer.digest() + "  " + outcome;
    }

    Json json() {
      return new Json()
          .with("digest", layer.digest().toString())
          .with("encrypted", layer.mediaType().isEncrypted())
          .with("openedBy", scheme)
          .with("failure", failure == null ? null : failure.getMessage());
    }
  }

  @Override
  Integer run() throws ImageException, InterruptedIOException {
    Assembly assembly = new Assembly(surroundings);
    LayerKeys opening = assembly.keys(keys);
    Resolved found =
        assembly
            .client(source)
            .resolve(new ImageNames(surroundings, source).parse(image), source.platform());
    List<Trial> trials = new ArrayList<>();
    for (Descriptor layer : found.layers()) {
      trials.add(attempt(opening, layer));
    }
    if (output.json()) {
      ImageView.identity(found)
          .with("layers", trials.stream().map(trial -> trial.json().value()).toList())
          .print(surroundings.out());
    } else {
      trials.forEach(surroundings.out()::println);
    }
    return trials.stream()
        .map(Trial::failure)
        .filter(failure -> failure != null)
        .mapToInt(ImageException::exitStatus)
        .findFirst()
        .orElse(Program.DONE);
  }

  private static Trial attempt(LayerKeys opening, Descriptor layer) throws InterruptedIOException {
    try (Decryption opened = opening.open(layer)) {
      return new Trial(layer, opened == null ? null : opened.scheme(), null);
    } catch (ImageException locked) {
      return new Trial(layer, null, locked);
    }
  }
}
