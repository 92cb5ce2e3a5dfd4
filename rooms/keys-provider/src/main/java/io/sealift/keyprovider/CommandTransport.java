package io.sealift.keyprovider;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.crypt.KeyException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A program that reads JSON from its standard input and writes JSON to its standard output. Its
/// exit status counts. When it takes too long, says too much, or nobody wants the answer any more,
/// it is killed with the processes it started.
///
/// A process that the program leaves behind with its output open holds one thread of ours until it
/// ends; the answer then does not come, for it has no end.
///
/// @param path of the program, or its name for a search in `PATH`
record CommandTransport(String path, List<String> arguments) implements Transport {

  /// Bytes of what it writes to standard error that are kept for the message.
  private static final int MAX_COMPLAINT_BYTES = 500;

  CommandTransport {
    arguments = List.copyOf(arguments);
  }

  @Override
  public byte[] exchange(byte[] input, Duration timeout)
      throws KeyException, InterruptedIOException {
    Process process = start();
    try {
      return talk(process, input, System.nanoTime() + timeout.toNanos());
    } catch (TimeoutException late) {
      throw new KeyException(
          "it did not end within %d seconds".formatted(timeout.toSeconds()), late);
    } catch (InterruptedException interrupted) {
      InterruptedIOException stopped = new InterruptedIOException(path + ": interrupted");
      stopped.initCause(interrupted);
      throw stopped;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start() throws KeyException {
    List<String> command = new ArrayList<>();
    command.add(path);
    command.addAll(arguments);
    try {
      return new ProcessBuilder(command).start();
    } catch (IOException failed) {
      throw new KeyException("it could not be started: " + failed.getMessage(), failed);
    }
  }

  private static byte[] talk(Process process, byte[] input, long deadline)
      throws KeyException, TimeoutException, InterruptedException {
    Thread.ofVirtual().name("key provider input").start(() -> write(process, input.clone()));
    Future<byte[]> complaint = complaint(process.getErrorStream());
    byte[] answer = result(answer(process.getInputStream()), deadline);
    try {
      if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException();
      }
      if (process.exitValue() != 0) {
        throw new KeyException(
            "it ended with status %d: %s"
                .formatted(process.exitValue(), oneLine(result(complaint, deadline))));
      }
      byte[] owned = answer;
      answer = new byte[0];
      return owned;
    } finally {
      Arrays.fill(answer, (byte) 0);
    }
  }

  private static void write(Process process, byte[] input) {
    try (OutputStream out = process.getOutputStream()) {
      out.write(input);
    } catch (IOException notRead) {
      // A program that does not read all of its input may still answer, and says by its status
      // whether it could.
      return;
    } finally {
      Arrays.fill(input, (byte) 0);
    }
  }

  private static byte[] result(Future<byte[]> future, long deadline)
      throws KeyException, TimeoutException, InterruptedException {
    try {
      return future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof KeyException refused) {
        throw refused;
      }
      throw new KeyException("its output cannot be read", failed);
    }
  }

  private static Future<byte[]> answer(InputStream stdout) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("key provider output")
        .start(() -> {
          byte[] buffer = new byte[MAX_ANSWER_BYTES + 1];
          try {
            int length = stdout.readNBytes(buffer, 0, buffer.length);
            if (length > MAX_ANSWER_BYTES) {
              throw new KeyException(
                  "its answer has more than the %d bytes allowed".formatted(MAX_ANSWER_BYTES));
            }
            answer.complete(Arrays.copyOf(buffer, length));
          } catch (IOException | KeyException failed) {
            answer.completeExceptionally(failed);
          } finally {
            Arrays.fill(buffer, (byte) 0);
          }
        });
    return answer;
  }

  /// Keeps the beginning, and reads on so that the program can go on.
  private static Future<byte[]> complaint(InputStream stderr) {
    CompletableFuture<byte[]> complaint = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("key provider complaints")
        .start(() -> {
          try {
            byte[] kept = stderr.readNBytes(MAX_COMPLAINT_BYTES);
            stderr.transferTo(OutputStream.nullOutputStream());
            complaint.complete(kept);
          } catch (IOException failed) {
            complaint.completeExceptionally(failed);
          }
        });
    return complaint;
  }

  private static String oneLine(byte[] text) {
    StringBuilder line = new StringBuilder();
    new String(text, UTF_8)
        .strip()
        .codePoints()
        .forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return line.isEmpty() ? "it said nothing" : line.toString();
  }
}
