package io.sealift.wire;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// One connection of a server. The thread that serves it reads; another writes; each call has one
/// of its own. All of them have ended when {@link #serve} returns.
final class ServerConnection {

  private static final System.Logger LOG = System.getLogger(ServerConnection.class.getName());

  private final FrameChannel channel;
  private final Services services;
  private final Semaphore slots;
  private final Semaphore payloadBytes;
  private final ScheduledExecutorService clock;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ttrpc call").factory());
  private final Outbox outbox = new Outbox();
  private final Turnstile calls;
  private long lastStream;

  ServerConnection(
      FrameChannel channel,
      Services services,
      ServerLimits limits,
      Semaphore payloadBytes,
      Turnstile calls,
      ScheduledExecutorService clock) {
    this.channel = channel;
    this.services = services;
    this.slots = new Semaphore(limits.calls());
    this.payloadBytes = payloadBytes;
    this.calls = calls;
    this.clock = clock;
  }

  /// Serves until the peer ends the connection, breaks the protocol's framing, or it is closed.
  void serve() {
    try {
      threads.execute(this::write);
      for (Inbound frame = channel.read(); frame != null; frame = channel.read()) {
        receive(frame);
      }
    } catch (IOException broken) {
      LOG.log(System.Logger.Level.DEBUG, "a ttrpc connection ended: {0}", broken.getMessage());
    } catch (RejectedExecutionException closed) {
      LOG.log(System.Logger.Level.DEBUG, "a ttrpc connection was closed");
    } finally {
      close();
      threads.close();
    }
  }

  /// Ends the connection and interrupts its handlers; does not wait.
  void close() {
    try {
      channel.close();
    } catch (IOException unimportant) {
      LOG.log(System.Logger.Level.DEBUG, "close a ttrpc connection", unimportant);
    }
    outbox.close();
    threads.shutdownNow();
  }

  void closeIfStuck(long nanos, long now) {
    if (channel.isStuck(nanos, now)) {
      LOG.log(
          System.Logger.Level.WARNING, "close a ttrpc connection: its peer is stuck in a frame");
      close();
    }
  }

  private void receive(Inbound inbound) {
    switch (inbound) {
      case Inbound.TooLarge large -> {
        advance(large.stream());
        refuse(
            large.stream(),
            Code.RESOURCE_EXHAUSTED,
            "a message of %d bytes is more than the %d allowed"
                .formatted(large.length(), Frame.MAX_DATA));
      }
      case Frame frame -> {
        try {
          begin(frame);
        } catch (TtrpcException refused) {
          refuse(frame.stream(), refused.code(), refused.reason());
        } catch (ProtoException malformed) {
          refuse(frame.stream(), Code.INVALID_ARGUMENT, String.valueOf(malformed.getMessage()));
        } finally {
          Arrays.fill(frame.data(), (byte) 0);
        }
      }
    }
  }

  private void begin(Frame frame) throws TtrpcException, ProtoException {
    if (frame.type() == Frame.DATA) {
      throw new TtrpcException(Code.INVALID_ARGUMENT, "the stream is not open for data");
    }
    if (frame.type() != Frame.REQUEST) {
      throw new TtrpcException(
          Code.INVALID_ARGUMENT,
          "frames of type %d are nothing for a server".formatted(frame.type()));
    }
    if (frame.stream() % 2 == 0) {
      throw new TtrpcException(Code.INVALID_ARGUMENT, "streams of clients have odd numbers");
    }
    if (!advance(frame.stream())) {
      throw new TtrpcException(
          Code.INVALID_ARGUMENT, "streams are not used again, and their numbers increase");
    }
    if ((frame.flags() & Frame.REMOTE_OPEN) != 0) {
      throw new TtrpcException(Code.UNIMPLEMENTED, "no method here takes a stream of requests");
    }
    Request request = Request.decode(frame.data());
    Undoable handler = services.find(request.service(), request.method());
    start(frame.stream(), request, handler);
  }

  /// Whether the stream is newer than all before it.
  private boolean advance(int stream) {
    long number = Integer.toUnsignedLong(stream);
    if (number <= lastStream) {
      return false;
    }
    lastStream = number;
    return true;
  }

  private void start(int stream, Request request, Undoable handler) throws TtrpcException {
    if (request.timeoutNanos() < 0) {
      throw new TtrpcException(Code.DEADLINE_EXCEEDED, "timeout");
    }
    Runnable leave = enter(request.payload().length);
    ServerCall call = new ServerCall(stream, request, handler, outbox::send);
    try {
      threads.execute(() -> {
        try {
          call.run();
        } finally {
          leave.run();
        }
      });
    } catch (RejectedExecutionException closed) {
      leave.run();
      throw closed;
    }
    if (request.timeoutNanos() != 0) {
      call.expiresBy(
          clock.schedule(
              () -> threads.execute(call::expire), request.timeoutNanos(), TimeUnit.NANOSECONDS));
    }
  }

  /// Takes what a call needs, until what is returned was run.
  private Runnable enter(int bytes) throws TtrpcException {
    if (!calls.enter()) {
      throw new TtrpcException(Code.UNAVAILABLE, "the server is shutting down");
    }
    if (!slots.tryAcquire()) {
      calls.leave();
      throw new TtrpcException(
          Code.RESOURCE_EXHAUSTED, "too many calls of this connection are being answered");
    }
    if (!payloadBytes.tryAcquire(bytes)) {
      slots.release();
      calls.leave();
      throw new TtrpcException(
          Code.RESOURCE_EXHAUSTED, "too many bytes of calls are being answered");
    }
    return () -> {
      payloadBytes.release(bytes);
      slots.release();
      calls.leave();
    };
  }

  private void refuse(int stream, Code code, String message) {
    outbox.post(Frame.response(stream, Response.failed(code, message).encode()));
  }

  private void write() {
    for (Outbox.Letter next = outbox.take(); next != null; next = outbox.take()) {
      boolean written = false;
      try {
        channel.write(next.frame());
        written = true;
      } catch (IOException broken) {
        LOG.log(System.Logger.Level.DEBUG, "a ttrpc peer went away: {0}", broken.getMessage());
        close();
      } finally {
        outbox.settle(next, written);
      }
    }
  }
}
