package io.sealift.registry.login;

import io.sealift.failure.AuthenticationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One run of a credential helper. When it takes too long, says too much, or nobody wants the
/// answer any more, it is killed with the processes it started.
final class HelperProcess {

  /// Bytes of an answer (1 MiB, as of a token server).
  static final int MAX_BYTES = 1 << 20;

  private HelperProcess() {}

  /// @param output what it wrote to its standard output, the receiver's to clear
  @SuppressWarnings("ArrayRecordComponent")
  record Result(int status, byte[] output) {}

  /// Runs `PROGRAM get` with this input. What it says to people is not kept.
  static Result run(String operation, Path program, byte[] input, Duration timeout)
      throws AuthenticationException, InterruptedIOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Process process;
    try {
      process =
          new ProcessBuilder(program.toString(), "get").redirectError(Redirect.DISCARD).start();
    } catch (IOException failed) {
      throw new AuthenticationException(
          "%s: it could not be started: %s".formatted(operation, failed.getMessage()), failed);
    }
    try {
      Thread.ofVirtual().name("helper input").start(() -> write(process, input));
      byte[] output = read(process).get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (output.length > MAX_BYTES) {
        Arrays.fill(output, (byte) 0);
        throw new AuthenticationException(
            "%s: it said more than the %d bytes allowed".formatted(operation, MAX_BYTES));
      }
      if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException();
      }
      return new Result(process.exitValue(), output);
    } catch (TimeoutException late) {
      throw new AuthenticationException(
          "%s: it did not end within %s seconds".formatted(operation, timeout.toMillis() / 1000.0),
          late);
    } catch (ExecutionException failed) {
      throw new AuthenticationException(operation + ": its output cannot be read", failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      InterruptedIOException stopped = new InterruptedIOException("cancelled");
      stopped.initCause(interrupted);
      throw stopped;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static void write(Process process, byte[] input) {
    try (OutputStream out = process.getOutputStream()) {
      out.write(input);
    } catch (IOException notRead) {
      // Its status says whether it could do without.
      return;
    }
  }

  /// One byte more than allowed tells that there is too much.
  private static Future<byte[]> read(Process process) {
    CompletableFuture<byte[]> output = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("helper output")
        .start(() -> {
          try (InputStream in = process.getInputStream()) {
            output.complete(in.readNBytes(MAX_BYTES + 1));
          } catch (IOException failed) {
            output.completeExceptionally(failed);
          }
        });
    return output;
  }
}
