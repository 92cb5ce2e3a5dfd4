package io.sealift.cli;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// A completion script for the fish shell (fish documentation, `complete`).
final class FishCompletion {

  private FishCompletion() {}

  static String script(CommandLine root) {
    StringBuilder script = new StringBuilder("complete -c sealift -f\n");
    root.getCommandSpec().options().forEach(option -> add(script, "__fish_use_subcommand", option));
    for (Map.Entry<String, CommandLine> command : root.getSubcommands().entrySet()) {
      CommandSpec spec = command.getValue().getCommandSpec();
      script
          .append("complete -c sealift -n __fish_use_subcommand -a ")
          .append(command.getKey())
          .append(" -d ")
          .append(quoted(summary(spec.usageMessage().description())))
          .append('\n');
      String condition = "'__fish_seen_subcommand_from " + command.getKey() + "'";
      spec.options().forEach(option -> add(script, condition, option));
      if (takesFiles(spec)) {
        script.append("complete -c sealift -n ").append(condition).append(" -F\n");
      }
    }
    return script.toString();
  }

  private static boolean takesFiles(CommandSpec spec) {
    return spec.positionalParameters().stream()
        .anyMatch(parameter -> parameter.paramLabel().matches("DIR|BUNDLE|IMAGE"));
  }

  private static void add(StringBuilder script, String condition, OptionSpec option) {
    script.append("complete -c sealift -n ").append(condition);
    for (String name : option.names()) {
      script.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^--?", ""));
    }
    if (option.arity().max() > 0) {
      script.append(" -r");
      if (option.completionCandidates() != null) {
        script.append(" -a ").append(quoted(String.join(" ", option.completionCandidates())));
      } else if (option.paramLabel().matches("DIR|FILE")) {
        script.append(" -F");
      }
    }
    script.append(" -d ").append(quoted(summary(option.description()))).append('\n');
  }

  /// The first sentence.
  private static String summary(String... description) {
    String text = description.length == 0 ? "" : description[0].replace("$$", "$");
    int end = text.indexOf(". ");
    String first = end < 0 ? text : text.substring(0, end);
    int colon = first.indexOf(": ${");
    return (colon < 0 ? first : first.substring(0, colon)).replaceFirst("\\.$", "");
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
