package io.sealift.cli.options;

import picocli.CommandLine.Option;

/// Whether an ordinary user gets a user namespace for files of other owners. The launcher reads
/// this option before there is a Java process; here it only is what the help shows and what is
/// checked.
public final class NamespaceOptions {

  @Option(
      names = "--userns",
      paramLabel = "WHEN",
      order = 42,
      defaultValue = "auto",
      description =
          "As an ordinary user with subordinate ids, work as root of a user namespace, so that owners"
              + " are kept: ${COMPLETION-CANDIDATES}. Files then belong to subordinate ids; remove"
              + " them with this program or in such a namespace. Default: ${DEFAULT-VALUE}.")
  Namespaces userns = Namespaces.auto;

  /// Named as on the command line.
  @SuppressWarnings("MemberName")
  enum Namespaces {
    auto,
    never
  }
}
