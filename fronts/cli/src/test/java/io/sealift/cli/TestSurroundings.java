package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import io.sealift.imageconfig.Configuration;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/// Surroundings that hear and say nothing.
final class TestSurroundings {

  static final Surroundings QUIET =
      new Surroundings(
          new PrintStream(OutputStream.nullOutputStream()),
          new PrintStream(OutputStream.nullOutputStream()),
          false,
          false,
          Map.of(),
          Configuration.none(),
          _ -> Optional.empty());

  private TestSurroundings() {}
}
