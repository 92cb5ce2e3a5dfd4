package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    description = "Prints a script that completes commands and options in a shell.",
    footer = {
      "  eval \"$(sealift completion bash)\"",
      "  sealift completion zsh > ~/.zsh/_sealift.sh; source ~/.zsh/_sealift.sh",
      "  sealift completion fish > ~/.config/fish/completions/sealift.fish"
    })
final class CompletionCommand extends BaseCommand {

  @Parameters(paramLabel = "SHELL", description = "One of: ${COMPLETION-CANDIDATES}.")
  Shell shell = Shell.bash;

  CompletionCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() {
    CommandLine all = Program.with(surroundings, Commands.NAMES);
    surroundings
        .out()
        .print(
            switch (shell) {
              // The script tells the two shells apart by itself.
              case bash, zsh -> AutoComplete.bash("sealift", all);
              case fish -> FishCompletion.script(all);
            });
    return Program.DONE;
  }

  /// Named as on the command line.
  @SuppressWarnings("MemberName")
  enum Shell {
    bash,
    zsh,
    fish
  }
}
