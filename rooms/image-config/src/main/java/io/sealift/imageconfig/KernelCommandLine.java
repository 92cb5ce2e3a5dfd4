package io.sealift.imageconfig;

import io.sealift.imageconfig.Configuration.Value;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/// What the kernel's command line says, as the agents of a guest read it: words between white
/// space, each up to its first `=`, of which the last counts. There are no quotes.
///
/// | word | sets |
/// |---|---|
/// | `agent.image_policy_file` | the policy, but only beside `agent.enable_signature_verification=true` |
/// | others of {@link Setting#kernelKey()} | what stands there |
/// | all others | nothing |
final class KernelCommandLine {

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
    return new Configuration(values, Map.of());
  }
}
