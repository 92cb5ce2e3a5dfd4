package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Tells of the daemons. The launcher starts them before this program is asked.
@Command(
    name = "serve",
    description = {
      "Answers those who ask for images by a protocol, as a daemon: a program of its own, with options of its own.",
      "",
      "kata: in a confidential guest, what the Kata agent asks a Confidential Data Hub for (ttrpc).",
      "",
      "cri: on a Kubernetes node, what kubelet and crictl ask an image service for (gRPC)."
    },
    footer = {
      "  sealift serve kata --help",
      "  sealift serve kata --hub unix:///run/confidential-containers/hub.sock",
      "  sealift serve cri --policy /etc/containers/policy.json"
    })
final class ServeCommand extends BaseCommand {

  @Parameters(paramLabel = "DAEMON", description = "One of: ${COMPLETION-CANDIDATES}.")
  Front front = Front.kata;

  @Spec CommandSpec spec = CommandSpec.create();

  ServeCommand(Surroundings surroundings) {
    super(surroundings);
  }

  @Override
  Integer run() {
    throw new ParameterException(
        spec.commandLine(),
        "Starting %s takes the launcher 'sealift', with 'serve %s' before everything else"
            .formatted(front, front));
  }

  /// Named as on the command line.
  @SuppressWarnings("MemberName")
  enum Front {
    kata,
    cri
  }
}
