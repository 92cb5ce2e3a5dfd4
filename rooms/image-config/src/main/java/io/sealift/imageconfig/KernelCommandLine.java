package io.sealift.imageconfig;

import io.sealift.imageconfig.Configuration.Value;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the kernel's command line says, as the agents of a guest read it: words between white
/// space, each up to its first `=`, of which the last counts. There are no quotes.
///
/// | word | sets |
/// |---|---|
/// | `agent.image_policy_file` | the policy, but only beside `agent.enable_signature_verification=true` |
/// | `cdh.kbs_resources` | `URI::PATH` with commas between them: resources to be written to files |
/// | others of {@link Setting#kernelKey()} | what stands there |
/// | all others | nothing |
final class KernelCommandLine {

  private static final String RESOURCES = "cdh.kbs_resources";
  private static final String VERIFICATION = "agent.enable_signature_verification";

  private KernelCommandLine() {}

  static Configuration read(String commandLine) {
    Map<String, String> words = new HashMap<>();
    for (String word : commandLine.split("\\s+", -1)) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        words.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    Map<Setting, Value> values = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      String key = setting.kernelKey();
      String text = words.getOrDefault(key, "");
      boolean counts = setting != Setting.POLICY || "true".equals(words.get(VERIFICATION));
      if (!text.isEmpty() && counts) {
        values.put(setting, new Value(text, key + " of the kernel's command line"));
      }
    }
    return new Configuration(
        values,
        Map.of(),
        new HubSettings(null, null, null, resources(words.getOrDefault(RESOURCES, ""))),
        true);
  }

  /// As a data hub reads them: what has another form is passed over.
  private static List<HubSettings.Resource> resources(String text) {
    return Arrays.stream(text.split(",", HubSettings.MAX_RESOURCES + 1))
        .limit(HubSettings.MAX_RESOURCES)
        .map(pair -> pair.split("::", -1))
        .filter(pair -> pair.length == 2 && !pair[0].isEmpty() && !pair[1].isEmpty())
        .map(pair ->
            new HubSettings.Resource(pair[0], pair[1], RESOURCES + " of the kernel's command line"))
        .toList();
  }
}
