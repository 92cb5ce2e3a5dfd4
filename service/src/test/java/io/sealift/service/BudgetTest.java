package io.sealift.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.BadReferenceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetTest {

  private static final long MIB = 1 << 20;

  private static Budget budget(long mebibytes, int pulls, long heap) throws BadReferenceException {
    return Budget.of(mebibytes * MIB, pulls, "--memory-limit", heap * MIB);
  }

  @ParameterizedTest
  @CsvSource({
    // MiB, pulls wanted, of the heap; pulls, layers
    "256, 64, 64, 6, 19",
    "256, 2, 62, 2, 19",
    "384, 64, 96, 12, 57",
    "1024, 64, 256, 38, 249",
    "1024, 8, 100, 8, 249",
  })
  void dividesTheBound(long bytes, int wanted, long heap, int pulls, int layers) throws Exception {
    Budget budget = budget(bytes, wanted, heap);
    assertEquals(new Budget(bytes * MIB, pulls, layers), budget);
    assertTrue(
        Budget.JVM_BYTES + Budget.WINDOW_BYTES + layers * Budget.LAYER_BYTES + bytes * MIB / 4
            <= bytes * MIB);
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "255"})
  void refusesWhatNothingHasRoomIn(long bytes) {
    assertEquals(
        "read --memory-limit: expected at least 256 MiB, found " + bytes + " MiB",
        assertThrows(BadReferenceException.class, () -> budget(bytes, 8, 1)).getMessage());
  }

  @Test
  void refusesAHeapThatMayBeLargerThanItsPart() throws Exception {
    budget(256, 8, 64);
    assertEquals(
        "read --memory-limit: of 256 MiB the Java heap may have 64, but this process was started"
            + " with 65 MiB; start it with -Xmx64m",
        assertThrows(BadReferenceException.class, () -> budget(256, 8, 65)).getMessage());
  }

  @Test
  void asksThisProcessForItsHeap() {
    long heap = Runtime.getRuntime().maxMemory();
    assertTrue(
        assertThrows(BadReferenceException.class, () -> Budget.of(256 * MIB, 8, "x"))
            .getMessage()
            .contains("started with " + heap / MIB + " MiB"));
  }
}
