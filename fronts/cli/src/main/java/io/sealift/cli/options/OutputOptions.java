package io.sealift.cli.options;

import picocli.CommandLine.Option;

/// How results are written.
public final class OutputOptions {

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      order = 90,
      defaultValue = "text",
      description = "Write results as one of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  Format output = Format.text;

  public boolean json() {
    return output == Format.json;
  }

  /// Named as on the command line.
  @SuppressWarnings("MemberName")
  enum Format {
    text,
    json
  }
}
