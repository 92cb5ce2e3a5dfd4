package io.sealift.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.service.metrics.Metrics;
import java.io.FileInputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessGaugesTest {

  @TempDir Path scratch;

  private final Metrics metrics = new Metrics();

  @BeforeEach
  void add() {
    ProcessGauges.addTo(
        metrics,
        new Log(
            OutputStream.nullOutputStream(),
            LineFormat.TEXT,
            Log.Level.INFO,
            InstantSource.system()));
  }

  private double number(String name) {
    return metrics
        .page()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void saysWhatTheProcessTakes() {
    assertTrue(number("process_resident_memory_bytes") > 10 << 20);
    assertTrue(number("sealift_heap_used_bytes") > 1 << 20);
    assertTrue(number("process_start_time_seconds") > 1.7e9);
    assertEquals(0, number("sealift_log_lines_lost"));
  }

  @Test
  void countsDescriptors() throws Exception {
    number("process_open_fds"); // whatever is opened for counting is open now
    double before = number("process_open_fds");
    try (FileInputStream _ = new FileInputStream("/dev/null");
        FileInputStream _ = new FileInputStream("/dev/null")) {
      assertEquals(before + 2, number("process_open_fds"));
    }
  }
}
