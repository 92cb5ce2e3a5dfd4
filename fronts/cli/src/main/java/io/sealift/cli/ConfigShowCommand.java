package io.sealift.cli;

import io.sealift.cli.console.Json;
import io.sealift.cli.console.Surroundings;
import io.sealift.cli.console.Table;
import io.sealift.cli.options.LimitOptions;
import io.sealift.cli.options.OutputOptions;
import io.sealift.cli.options.PolicyOptions;
import io.sealift.cli.options.SourceOptions;
import io.sealift.cli.options.StackingOptions;
import io.sealift.cli.options.StoreOptions;
import io.sealift.failure.ImageException;
import io.sealift.imageconfig.Configuration.Value;
import io.sealift.imageconfig.Durations;
import io.sealift.imageconfig.Setting;
import io.sealift.json.JsonValue;
import io.sealift.pull.ImageClient;
import io.sealift.registry.RegistryClient;
import io.sealift.registry.Timeouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "show",
    description = {
      "Shows what is set for all images, and what set it: an option, a variable of the environment,"
          + " the file of --config, or the kernel's command line.",
      "Takes the options of other commands, to show what they would do."
    },
    footer = {
      "  sealift config show",
      "  sealift config show --config kbs:///default/config/image --output json"
    })
final class ConfigShowCommand extends BaseCommand {

  @Mixin SourceOptions source = new SourceOptions();
  @Mixin PolicyOptions policy = new PolicyOptions();
  @Mixin StoreOptions store = new StoreOptions();
  @Mixin StackingOptions stacking = new StackingOptions();
  @Mixin LimitOptions limits = new LimitOptions();
  @Mixin OutputOptions output = new OutputOptions();

  @Spec CommandSpec spec = CommandSpec.create();

  ConfigShowCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() throws ImageException {
    limits.concurrentLayers(surroundings);
    source.pace().timeouts(surroundings);
    source.pace().connections(surroundings);
    stacking.storeLimit(surroundings);
    if (output.json()) {
      List<JsonValue> settings = new ArrayList<>();
      for (Setting setting : Setting.values()) {
        settings.add(json(setting, value(setting)));
      }
      Json.print(JsonValue.of(settings), surroundings.out());
    } else {
      Table table = new Table("SETTING", "VALUE", "SET BY");
      for (Setting setting : Setting.values()) {
        Value value = value(setting);
        table.row(
            setting.label(),
            InspectCommand.printable(value.text()),
            InspectCommand.printable(value.origin()));
      }
      table.print(surroundings.out());
    }
    return Program.DONE;
  }

  private Value value(Setting setting) {
    Value value =
        option(setting)
            .or(() -> surroundings.settingWithOrigin(setting))
            .orElseGet(() -> new Value(byDefault(setting), "default"));
    return new Value(withoutPassword(value.text()), value.origin());
  }

  private Optional<Value> option(Setting setting) {
    String name = setting.option();
    @Nullable OptionSpec given =
        name.isEmpty() ? null : spec.commandLine().getParseResult().matchedOption(name);
    return Optional.ofNullable(given)
        .map(option -> new Value(option.originalStringValues().getLast(), name));
  }

  private String byDefault(Setting setting) {
    return switch (setting) {
      case WORK_DIR -> store.workDir(surroundings).toString();
      case POLICY -> PolicyOptions.byDefault(surroundings).orElse("none, which refuses all images");
      case SIGNATURE_STORES -> policy.registriesD(surroundings).toString();
      case CREDENTIALS -> "the files of the containers tools and of Docker";
      case REGISTRIES -> "the files of the containers tools";
      case CONCURRENT_DOWNLOADS -> Integer.toString(ImageClient.Builder.CONCURRENT_LAYERS);
      case CONNECTIONS -> Integer.toString(RegistryClient.Builder.CONNECTIONS);
      case CONNECT_TIMEOUT -> Durations.format(Timeouts.DEFAULT.connect());
      case READ_TIMEOUT -> Durations.format(Timeouts.DEFAULT.read());
      case TOTAL_TIMEOUT, HTTPS_PROXY, HTTP_PROXY, NO_PROXY, KEY_BROKER -> "none";
      case PINNED_IMAGES -> Setting.SANDBOX_IMAGES;
      case STORE_LIMIT -> "what the file system has room for";
      case AUTHORITIES -> "those of the Java platform";
    };
  }

  /// A proxy's URL may have one.
  private static String withoutPassword(String text) {
    return text.replaceFirst("^([a-z0-9+.-]+://)?[^/@]*:[^@]*@", "$1***@");
  }

  private static JsonValue json(Setting setting, Value value) {
    return new Json()
        .with("setting", setting.label())
        .with("value", value.text())
        .with("origin", value.origin())
        .with("option", setting.option())
        .with("variables", setting.variables())
        .with("keys", setting.keys())
        .with("kernel", setting.kernelKey())
        .value();
  }
}
