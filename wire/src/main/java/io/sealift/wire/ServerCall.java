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
  private final Handler handler;
  private final Sender sender;
  private final AtomicBoolean answered = new AtomicBoolean();
  private volatile @Nullable Thread thread;
  private volatile @Nullable Future<?> expiry;

  interface Sender {
    void send(Frame frame) throws InterruptedException;
  }

  ServerCall(int stream, Request request, Handler handler, Sender sender) {
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

  /// Lets the handler answer; on a thread of the call's own.
  void run() {
    thread = Thread.currentThread();
    if (!answered.get()) {
      boolean _ = answer(response());
    }
  }

  /// Answers that the time is over, and interrupts the handler.
  void expire() {
    boolean late = answer(Response.failed(Code.DEADLINE_EXCEEDED, "timeout"));
    Thread running = thread;
    if (late && running != null) {
      running.interrupt();
    }
  }

  private Response response() {
    try {
      byte[] payload = handler.answer(request);
      if (payload.length <= Frame.MAX_DATA - ENVELOPE_BYTES) {
        return Response.of(payload);
      }
      Arrays.fill(payload, (byte) 0);
      return Response.failed(
          Code.RESOURCE_EXHAUSTED,
          "the answer has %d bytes, more than fit a frame".formatted(payload.length));
    } catch (TtrpcException failed) {
      return Response.failed(
          failed.code() == Code.OK ? Code.UNKNOWN : failed.code(), failed.reason());
    } catch (ProtoException malformed) {
      return Response.failed(Code.INVALID_ARGUMENT, String.valueOf(malformed.getMessage()));
    } catch (InterruptedIOException | InterruptedException interrupted) {
      return Response.failed(Code.CANCELLED, "cancelled");
    } catch (RuntimeException | Error broken) {
      LOG.log(System.Logger.Level.ERROR, "answer " + request, broken);
      return Response.failed(Code.INTERNAL, "internal error");
    }
  }

  /// Answers unless the call was answered; whether this was the answer.
  private boolean answer(Response response) {
    byte[] frame = response.encode();
    Arrays.fill(response.payload(), (byte) 0);
    if (!answered.compareAndSet(false, true)) {
      Arrays.fill(frame, (byte) 0);
      return false;
    }
    Future<?> calledOff = expiry;
    if (calledOff != null) {
      calledOff.cancel(false);
    }
    try {
      sender.send(Frame.response(stream, frame));
    } catch (InterruptedException closing) {
      Arrays.fill(frame, (byte) 0);
    }
    return true;
  }
}
