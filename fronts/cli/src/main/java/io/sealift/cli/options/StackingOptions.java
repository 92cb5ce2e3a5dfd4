package io.sealift.cli.options;

import picocli.CommandLine.Option;

/// How layers are stacked.
public final class StackingOptions {

  @Option(
      names = "--snapshotter",
      paramLabel = "NAME",
      order = 41,
      defaultValue = "auto",
      description =
          "Stack layers by one of: ${COMPLETION-CANDIDATES}. auto is overlay where this process may"
              + " mount it for good, else copy. Default: ${DEFAULT-VALUE}.")
  Stacking snapshotter = Stacking.auto;

  public Stacking snapshotter() {
    return snapshotter;
  }

  /// Ways to stack layers, named as on the command line.
  @SuppressWarnings("MemberName")
  public enum Stacking {
    auto,
    overlay,
    copy
  }
}
