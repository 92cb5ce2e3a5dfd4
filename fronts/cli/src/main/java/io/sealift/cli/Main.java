package io.sealift.cli;

import io.sealift.cli.console.Surroundings;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Where the process begins and ends.
final class Main {

  /// How long a signal waits for a command to clean up, in seconds; what is left after that is
  /// removed by the next command that opens the store.
  private static final int CLEAN_UP_SECONDS = 30;

  private Main() {}

  public static void main(String[] arguments) {
    CountDownLatch done = new CountDownLatch(1);
    AtomicBoolean signalled = new AtomicBoolean();
    interruptOnSignal(Thread.currentThread(), signalled, done);
    int status;
    try {
      status = new Program(Surroundings.ofProcess()).run(arguments);
    } finally {
      done.countDown();
    }
    if (!signalled.get()) {
      // Nothing waits for the end of the process but this hook, and ending in order takes longer.
      Runtime.getRuntime().halt(status);
    }
    System.exit(status);
  }

  /// SIGINT and SIGTERM run this hook; the JVM then ends with 130 or 143, as shells expect.
  private static void interruptOnSignal(
      Thread command, AtomicBoolean signalled, CountDownLatch done) {
    Thread hook =
        new Thread(
            () -> {
              signalled.set(true);
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
