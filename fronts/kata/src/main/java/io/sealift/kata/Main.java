package io.sealift.kata;

import io.sealift.failure.ImageException;
import io.sealift.service.Activation;
import java.io.InterruptedIOException;
import java.io.PrintStream;

/// Where the process begins and ends.
final class Main {

  private static final int DONE = 0;
  private static final int INTERRUPTED = 130;

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments, System.out, System.err));
  }

  /// @return the exit status
  private static int run(String[] arguments, PrintStream out, PrintStream err) {
    try {
      Options options = Options.parse(arguments);
      if (options.has("help")) {
        out.print(Help.TEXT);
        return DONE;
      }
      if (options.has("version")) {
        out.println("sealift-kata " + version());
        return DONE;
      }
      return new Daemon(options, System.getenv(), Activation.socket(System::getenv).orElse(null))
          .run();
    } catch (ImageException failed) {
      err.println("sealift: " + failed.getMessage());
      return failed.exitStatus();
    } catch (InterruptedIOException | InterruptedException interrupted) {
      err.println("sealift: interrupted");
      return INTERRUPTED;
    }
  }

  static String version() {
    var descriptor = Main.class.getModule().getDescriptor();
    return descriptor == null
        ? "of unknown version"
        : descriptor.rawVersion().orElse("of unknown version");
  }
}
