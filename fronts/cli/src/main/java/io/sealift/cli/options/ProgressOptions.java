package io.sealift.cli.options;

import io.sealift.cli.console.Surroundings;
import io.sealift.cli.progress.Progress;
import picocli.CommandLine.Option;

/// How progress is shown.
public final class ProgressOptions {

  @Option(
      names = "--progress",
      paramLabel = "FORM",
      order = 91,
      defaultValue = "auto",
      description =
          "Show progress on standard error as one of: ${COMPLETION-CANDIDATES}. auto is bar on a"
              + " terminal, else plain. Default: ${DEFAULT-VALUE}.")
  Form progress = Form.auto;

  /// The progress that was asked for; the caller closes it. Bars are never drawn where there is no
  /// terminal.
  public Progress open(Surroundings surroundings) {
    return switch (progress) {
      case auto, bar ->
          surroundings.drawable()
              ? Progress.bars(surroundings)
              : Progress.plain(surroundings.err());
      case plain -> Progress.plain(surroundings.err());
      case json -> Progress.json(surroundings.err());
      case none -> Progress.none(surroundings.err());
    };
  }

  /// Forms of progress, named as on the command line.
  @SuppressWarnings("MemberName")
  enum Form {
    auto,
    bar,
    plain,
    json,
    none
  }
}
