package io.sealift.service;

import io.sealift.service.metrics.Metrics;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// What this process takes of its machine, under the names that Prometheus' own libraries use, and
/// what the heap holds.
public final class ProcessGauges {

  private static final Path SELF = Path.of("/proc/self");

  private static final String RESIDENT = "VmRSS:";

  private static final double KIBIBYTE = 1024;

  private ProcessGauges() {}

  /// Adds them, and the lines that the log lost.
  public static void addTo(Metrics metrics, Log log) {
    long started =
        ProcessHandle.current()
            .info()
            .startInstant()
            .map(java.time.Instant::toEpochMilli)
            .orElse(0L);
    metrics.gauge(
        "process_start_time_seconds",
        "When the process began, since 1970.",
        () -> started / (double) Duration.ofSeconds(1).toMillis());
    metrics.gauge(
        "process_resident_memory_bytes", "Memory of the process.", ProcessGauges::resident);
    metrics.gauge("process_open_fds", "Open file descriptors.", ProcessGauges::descriptors);
    Runtime runtime = Runtime.getRuntime();
    metrics.gauge(
        "sealift_heap_used_bytes",
        "Bytes of the Java heap that are used.",
        () -> (double) runtime.totalMemory() - runtime.freeMemory());
    metrics.gauge(
        "sealift_log_lines_lost", "Lines of the log that could not be written.", log::lost);
  }

  private static double resident() {
    try {
      return Files.readAllLines(SELF.resolve("status")).stream()
          .filter(line -> line.startsWith(RESIDENT))
          .map(line -> line.substring(RESIDENT.length()).replace("kB", "").strip())
          .mapToDouble(kibibytes -> Long.parseLong(kibibytes) * KIBIBYTE)
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException noProcFileSystem) {
      return Double.NaN;
    }
  }

  private static double descriptors() {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(SELF.resolve("fd"))) {
      long count = 0;
      for (Path _ : open) {
        count++;
      }
      return count - 1.0; // the listing itself has one
    } catch (IOException noProcFileSystem) {
      return Double.NaN;
    }
  }
}
