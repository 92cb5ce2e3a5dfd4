package io.sealift.cli.progress;

import io.sealift.cli.console.Surroundings;
import io.sealift.pull.ProgressListener;
import java.io.PrintStream;

/// Shows how a pull goes, from its making until {@link #close}, which leaves the terminal as it
/// was.
public interface Progress extends ProgressListener, AutoCloseable {

  @Override
  default void close() {}

  /// A line for each layer on its way, redrawn in place, and one for all of them.
  static Progress bars(Surroundings surroundings) {
    return Bars.start(surroundings);
  }

  /// A line for each change of a layer's stage.
  static Progress plain(PrintStream out) {
    return new PlainLines(out, System::nanoTime);
  }

  /// A JSON object for each event, one a line.
  static Progress json(PrintStream out) {
    return new JsonLines(out, System::nanoTime);
  }

  /// Notes only: a fallback is never silent.
  static Progress none(PrintStream out) {
    return new Progress() {
      @Override
      public void note(String text) {
        out.println("sealift: " + text);
      }
    };
  }
}
