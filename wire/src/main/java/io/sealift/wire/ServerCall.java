package io.sealift.wire;

import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One call that a server answers, exactly once: by its handler, or because its time is over.
final class ServerCall {

  private static final System.Logger LOG = System.getLogger(ServerCall.class.getName());

  /// Bytes that an answer has in a frame besides its payload: a tag and a length.
  private static final int ENVELOPE_BYTES = 8;

  private final int stream;
  private final Request request;
  private final Undoable handler;
  private final Sender sender;
  private final AtomicBoolean answered = new AtomicBoolean();
  private volatile @Nullable Thread thread;
  private volatile @Nullable Future<?> expiry;

  interface Sender {
    /// Whether the frame was written, which is known when this returns.
    boolean send(Frame frame);
  }

  /// @param undo what has to happen when nobody gets the response
  private record Outcome(Response response, @Nullable Runnable undo) {}

  ServerCall(int stream, Request request, Undoable handler, Sender sender) {
    this.stream = stream;
    this.request = request;
    this.handler = handler;
    this.sender = sender;
  }

  /// Names what will call {@link #expire}, so that it can be called off.
  void expiresBy(Future<?> future) {
    expiry = future;
    if (answered.get()) {
      future.cancel(false);
    }
  }

  /// Lets the handler answer, and undoes its work when nobody gets the answer; on a thread of the
  /// call's own.
  void run() {
    thread = Thread.currentThread();
    if (answered.get()) {
      return;
    }
    Outcome outcome = outcome();
    if (!answer(outcome.response)) {
      undo(outcome.undo);
    }
  }

  /// Answers that the time is over, and interrupts the handler.
  void expire() {
    if (!claim()) {
      return;
    }
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
    boolean _ = send(Response.failed(Code.DEADLINE_EXCEEDED, "timeout"));
  }

  private Outcome outcome() {
    try {
      Undoable.Done done = handler.answer(request);
      byte[] payload = done.answer();
      if (payload.length <= Frame.MAX_DATA - ENVELOPE_BYTES) {
        return new Outcome(Response.of(payload), done.undo());
      }
      Arrays.fill(payload, (byte) 0);
      undo(done.undo());
      return failed(
          Code.RESOURCE_EXHAUSTED,
          "the answer has %d bytes, more than fit a frame".formatted(payload.length));
    } catch (TtrpcException failed) {
      return failed(failed.code() == Code.OK ? Code.UNKNOWN : failed.code(), failed.reason());
    } catch (ProtoException malformed) {
      return failed(Code.INVALID_ARGUMENT, String.valueOf(malformed.getMessage()));
    } catch (InterruptedIOException | InterruptedException interrupted) {
      return failed(Code.CANCELLED, "cancelled");
    } catch (RuntimeException | Error broken) {
      LOG.log(System.Logger.Level.ERROR, "answer " + request, broken);
      return failed(Code.INTERNAL, "internal error");
    }
  }

  private static Outcome failed(Code code, String message) {
    return new Outcome(Response.failed(code, message), null);
  }

  /// On a thread that nobody knows, and so nobody interrupts. This one waits for its end.
  private void undo(@Nullable Runnable work) {
    if (work == null) {
      return;
    }
    LOG.log(System.Logger.Level.DEBUG, "undo {0}: nobody got its answer", request);
    Thread undoing =
        Thread.ofVirtual()
            .name("ttrpc undo")
            .uncaughtExceptionHandler(
                (_, broken) -> LOG.log(System.Logger.Level.ERROR, "undo " + request, broken))
            .start(work);
    boolean interrupted = false;
    while (undoing.isAlive()) {
      try {
        undoing.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Answers unless the call was answered; whether this was the answer, and was written.
  private boolean answer(Response response) {
    if (!claim()) {
      Arrays.fill(response.payload(), (byte) 0);
      return false;
    }
    Future<?> calledOff = expiry;
    if (calledOff != null) {
      calledOff.cancel(false);
    }
    return send(response);
  }

  /// Whether the call is whoever asks's to answer.
  private boolean claim() {
    return answered.compareAndSet(false, true);
  }

  private boolean send(Response response) {
    byte[] frame = response.encode();
    Arrays.fill(response.payload(), (byte) 0);
    return sender.send(Frame.response(stream, frame));
  }
}
