package io.sealift.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowBudgetTest {

  private final WindowBudget budget = new WindowBudget(WindowBudget.BYTES);

  private WindowBudget.Share take(long bytes) throws InterruptedIOException {
    WindowBudget.Share share = budget.open();
    share.need(bytes);
    return share;
  }

  @Test
  void smallWindowsAreThereSideBySide() throws Exception {
    List<WindowBudget.Share> shares = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      shares.add(take(2 << 20));
    }
    shares.add(take(0));
    shares.forEach(WindowBudget.Share::close);
    take(WindowBudget.BYTES).close();
  }

  @ParameterizedTest
  @CsvSource({"8388608, 1", "33554432, 1", "8388608, 9223372036854775807", "2097152, 8388608"})
  void whoFindsTooLittleLeftWaits(long first, long second) throws Exception {
    CompletableFuture<String> order = new CompletableFuture<>();
    Thread waiting;
    try (WindowBudget.Share _ = take(first)) {
      waiting = take(second, order);
      whenWaiting(waiting);
      order.complete("the first was done");
    }
    waiting.join();
    assertEquals("the first was done", order.get());
    take(WindowBudget.BYTES).close();
  }

  @Test
  void twoThatWantMoreDoNotWaitForEachOther() throws Exception {
    CompletableFuture<String> outcome = new CompletableFuture<>();
    Thread growing;
    try (WindowBudget.Share first = take(4 << 20)) {
      growing =
          Thread.ofPlatform()
              .start(() -> {
                try (WindowBudget.Share second = take(4 << 20)) {
                  second.need(8 << 20);
                  outcome.complete("grew");
                } catch (InterruptedIOException interrupted) {
                  outcome.completeExceptionally(interrupted);
                }
              });
      whenWaiting(growing);
      first.need(4 << 20);
    }
    growing.join();
    assertEquals("grew", outcome.get());
    take(WindowBudget.BYTES).close();
  }

  @Test
  void whoWaitsCanBeInterrupted() throws Exception {
    CompletableFuture<String> outcome = new CompletableFuture<>();
    try (WindowBudget.Share _ = take(WindowBudget.BYTES)) {
      Thread waiting = take(1, outcome);
      whenWaiting(waiting);
      waiting.interrupt();
      waiting.join();
    }
    assertInstanceOf(InterruptedIOException.class, outcome.exceptionNow());
    take(WindowBudget.BYTES).close();
  }

  private Thread take(long bytes, CompletableFuture<String> outcome) {
    return Thread.ofPlatform()
        .start(() -> {
          try (WindowBudget.Share _ = take(bytes)) {
            outcome.complete("taken");
          } catch (InterruptedIOException interrupted) {
            outcome.completeExceptionally(interrupted);
          }
        });
  }

  private static void whenWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
      Thread.onSpinWait();
    }
  }
}
