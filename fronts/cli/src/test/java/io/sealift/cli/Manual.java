package io.sealift.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Everything that manuals say, taken from the commands themselves: a page for the reference and
/// one for man(1) of each.
final class Manual {

  private Manual() {}

  /// File names and contents of the manual pages, `sealift.1` first.
  static Map<String, String> pages(CommandLine root) {
    Map<String, String> pages = new TreeMap<>();
    addPages(pages, root);
    return pages;
  }

  private static void addPages(Map<String, String> pages, CommandLine command) {
    pages.put(name(command) + ".1", page(command));
    command.getSubcommands().values().forEach(below -> addPages(pages, below));
  }

  /// The whole reference.
  static String reference(CommandLine root) {
    StringBuilder text = new StringBuilder();
    text.append("# Command line reference\n\n");
    text.append("Written by a test from the commands themselves; change them, not this page.\n");
    section(text, root);
    return text.toString();
  }

  private static void section(StringBuilder text, CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    text.append("\n## ").append(spec.qualifiedName()).append("\n\n");
    text.append("```\n").append(synopsis(command)).append("\n```\n\n");
    text.append(paragraphs(spec.usageMessage().description())).append("\n");
    if (!command.getSubcommands().isEmpty()) {
      text.append("\n| command | |\n|---|---|\n");
      command
          .getSubcommands()
          .forEach((name, sub) ->
              row(text, "[" + name + "](#" + name(sub) + ")", summary(sub.getCommandSpec())));
    }
    if (!spec.positionalParameters().isEmpty()) {
      text.append("\n| parameter | |\n|---|---|\n");
      spec.positionalParameters()
          .forEach(
              parameter -> row(text, "`" + parameter.paramLabel() + "`", words(spec, parameter)));
    }
    if (!spec.options().isEmpty()) {
      text.append("\n| option | |\n|---|---|\n");
      options(spec)
          .forEach(option -> row(text, "`" + invocation(option) + "`", words(spec, option)));
    }
    text.append("\n```\n").append(footer(spec)).append("```\n");
    command.getSubcommands().values().forEach(below -> section(text, below));
  }

  private static void row(StringBuilder text, String left, String right) {
    text.append("| ").append(left.replace("|", "\\|")).append(" | ");
    text.append(right.replace("|", "\\|")).append(" |\n");
  }

  private static String page(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    StringBuilder roff = new StringBuilder();
    roff.append(".TH ").append(name(command).toUpperCase(java.util.Locale.ROOT)).append(" 1\n");
    roff.append(".SH NAME\n").append(name(command)).append(" \\- ");
    roff.append(escaped(summary(spec))).append('\n');
    roff.append(".SH SYNOPSIS\n.nf\n").append(escaped(synopsis(command))).append("\n.fi\n");
    roff.append(".SH DESCRIPTION\n");
    roff.append(escaped(paragraphs(spec.usageMessage().description()))).append('\n');
    if (!spec.positionalParameters().isEmpty()) {
      roff.append(".SH PARAMETERS\n");
      spec.positionalParameters()
          .forEach(parameter -> item(roff, parameter.paramLabel(), words(spec, parameter)));
    }
    if (!command.getSubcommands().isEmpty()) {
      roff.append(".SH COMMANDS\n");
      command
          .getSubcommands()
          .forEach((name, sub) -> item(roff, name, summary(sub.getCommandSpec())));
    }
    roff.append(".SH OPTIONS\n");
    options(spec).forEach(option -> item(roff, invocation(option), words(spec, option)));
    roff.append(".SH EXAMPLES\n.nf\n").append(escaped(footer(spec))).append(".fi\n");
    roff.append(".SH SEE ALSO\n").append(seeAlso(command)).append('\n');
    return roff.toString();
  }

  private static String seeAlso(CommandLine command) {
    if (!command.getSubcommands().isEmpty()) {
      List<String> pages = new ArrayList<>();
      command.getSubcommands().values().forEach(sub -> pages.add(".BR " + name(sub) + " (1)"));
      return String.join("\n", pages);
    }
    return ".BR sealift (1)";
  }

  private static void item(StringBuilder roff, String term, String text) {
    roff.append(".TP\n.B ").append(escaped(term)).append('\n').append(escaped(text)).append('\n');
  }

  /// roff text (groff(7)): no control lines, literal backslashes, hyphens that can be copied.
  private static String escaped(String text) {
    return text.replace("\\", "\\e")
        .replace("-", "\\-")
        .replace("'", "\\(aq")
        .replaceAll("(?m)^\\.", "\\\\&.")
        .replaceAll("(?m)^$\n", ".PP\n");
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName("-");
  }

  private static String synopsis(CommandLine command) {
    return command.getHelp().synopsis(0).strip();
  }

  private static String summary(CommandSpec spec) {
    String first = resolved(spec.usageMessage().description()[0]);
    int end = first.indexOf(". ");
    int colon = first.indexOf(": ");
    int cut = colon >= 0 && (end < 0 || colon < end) ? colon : end;
    return (cut < 0 ? first : first.substring(0, cut)).replaceFirst("\\.$", "");
  }

  private static String paragraphs(String... lines) {
    return resolved(String.join("\n\n", Arrays.stream(lines).filter(l -> !l.isEmpty()).toList()));
  }

  private static String footer(CommandSpec spec) {
    return String.join("\n", spec.usageMessage().footer()).strip().replaceAll("(?m)^  ", "") + "\n";
  }

  private static List<OptionSpec> options(CommandSpec spec) {
    return spec.options().stream().sorted(Comparator.comparingInt(OptionSpec::order)).toList();
  }

  private static String invocation(OptionSpec option) {
    String names = String.join(", ", option.names());
    return option.arity().max() == 0 ? names : names + "=" + option.paramLabel();
  }

  /// The description as the help shows it, candidates and defaults filled in, on one line.
  private static String words(CommandSpec spec, ArgSpec argument) {
    Help help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
    Help.Ansi.Text[][] lines =
        argument instanceof OptionSpec option
            ? help.createDefaultOptionRenderer()
                .render(option, help.createDefaultParamLabelRenderer(), help.colorScheme())
            : help.createDefaultParameterRenderer()
                .render(
                    (PositionalParamSpec) argument,
                    help.createDefaultParamLabelRenderer(),
                    help.colorScheme());
    return Arrays.stream(lines)
        .map(line -> line[line.length - 1].plainString())
        .collect(Collectors.joining(" "))
        .strip();
  }

  private static String resolved(String text) {
    return text.replace("$$", "$");
  }
}
