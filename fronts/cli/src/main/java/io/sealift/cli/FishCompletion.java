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
      command(script, "__fish_use_subcommand", command.getKey(), command.getValue());
    }
    return script.toString();
  }

  /// A command, what it takes, and the commands below it.
  ///
  /// @param before the condition that it may come next
  private static void command(
      StringBuilder script, String before, String name, CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    script
        .append("complete -c sealift -n ")
        .append(before)
        .append(" -a ")
        .append(name)
        .append(" -d ")
        .append(quoted(summary(spec.usageMessage().description())))
        .append('\n');
    String condition = "'__fish_seen_subcommand_from " + name + "'";
    spec.options().forEach(option -> add(script, condition, option));
    if (takesFiles(spec)) {
      script.append("complete -c sealift -n ").append(condition).append(" -F\n");
    }
    command
        .getSubcommands()
        .forEach((below, subcommand) -> command(script, condition, below, subcommand));
  }

  private static boolean takesFiles(CommandSpec spec) {
    return spec.positionalParameters().stream()
        .anyMatch(parameter -> parameter.paramLabel().matches("DIR|BUNDLE|IMAGE|POLICY"));
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
