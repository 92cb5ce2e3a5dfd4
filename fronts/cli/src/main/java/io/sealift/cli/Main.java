package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Where the process begins and ends.
final class Main {

  /// How long a signal waits for a command to clean up, in seconds; what is left after that is
  /// removed by the next command that opens the store.
  private static final int CLEAN_UP_SECONDS = 30;

  private Main() {}

  public static void main(String[] arguments) {
    CountDownLatch done = new CountDownLatch(1);
    interruptOnSignal(Thread.currentThread(), done);
    int status;
    try {
      status = new Program(Surroundings.ofProcess()).run(arguments);
    } finally {
      done.countDown();
    }
    System.exit(status);
  }

  /// SIGINT and SIGTERM run this hook; the JVM then ends with 130 or 143, as shells expect.
  private static void interruptOnSignal(Thread command, CountDownLatch done) {
    Thread hook =
        new Thread(
            () -> {
              if (done.getCount() == 0) {
                return;
              }
              command.interrupt();
              try {
                done.await(CLEAN_UP_SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
              }
            },
            "on-signal");
    Runtime.getRuntime().addShutdownHook(hook);
  }
}
