package io.sealift.wire;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
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

  /// Answers that wait to be written; when the peer does not take them, handlers wait, and then so
  /// does the reading of requests.
  private static final int MAX_UNSENT = 16;

  /// Milliseconds until one who waits for a peer that takes no answers sees that it went away.
  private static final int CLOSED_CHECK_MS = 100;

  private final FrameChannel channel;
  private final Services services;
  private final Semaphore slots;
  private final Semaphore payloadBytes;
  private final ScheduledExecutorService clock;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ttrpc call").factory());
  private final BlockingQueue<Frame> unsent = new ArrayBlockingQueue<>(MAX_UNSENT);
  private long lastStream;
  private volatile boolean closed;

  ServerConnection(
      FrameChannel channel,
      Services services,
      ServerLimits limits,
      Semaphore payloadBytes,
      ScheduledExecutorService clock) {
    this.channel = channel;
    this.services = services;
    this.slots = new Semaphore(limits.calls());
    this.payloadBytes = payloadBytes;
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
    } catch (InterruptedException | RejectedExecutionException closed) {
      LOG.log(System.Logger.Level.DEBUG, "a ttrpc connection was closed");
    } finally {
      close();
      threads.close();
    }
  }

  /// Ends the connection and interrupts its handlers; does not wait.
  void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException unimportant) {
      LOG.log(System.Logger.Level.DEBUG, "close a ttrpc connection", unimportant);
    }
    threads.shutdownNow();
  }

  void closeIfStuck(long nanos, long now) {
    if (channel.isStuck(nanos, now)) {
      LOG.log(
          System.Logger.Level.WARNING, "close a ttrpc connection: its peer is stuck in a frame");
      close();
    }
  }

  private void receive(Inbound inbound) throws InterruptedException {
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

  private void begin(Frame frame) throws TtrpcException, ProtoException, InterruptedException {
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
    Handler handler = services.find(request.service(), request.method());
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

  private void start(int stream, Request request, Handler handler) throws TtrpcException {
    if (request.timeoutNanos() < 0) {
      throw new TtrpcException(Code.DEADLINE_EXCEEDED, "timeout");
    }
    int bytes = request.payload().length;
    if (!slots.tryAcquire()) {
      throw new TtrpcException(
          Code.RESOURCE_EXHAUSTED, "too many calls of this connection are being answered");
    }
    if (!payloadBytes.tryAcquire(bytes)) {
      slots.release();
      throw new TtrpcException(
          Code.RESOURCE_EXHAUSTED, "too many bytes of calls are being answered");
    }
    ServerCall call = new ServerCall(stream, request, handler, this::send);
    try {
      threads.execute(() -> {
        try {
          call.run();
        } finally {
          payloadBytes.release(bytes);
          slots.release();
        }
      });
    } catch (RejectedExecutionException closed) {
      payloadBytes.release(bytes);
      slots.release();
      throw closed;
    }
    if (request.timeoutNanos() != 0) {
      call.expiresBy(
          clock.schedule(
              () -> threads.execute(call::expire), request.timeoutNanos(), TimeUnit.NANOSECONDS));
    }
  }

  private void refuse(int stream, Code code, String message) throws InterruptedException {
    send(Frame.response(stream, Response.failed(code, message).encode()));
  }

  private void send(Frame frame) throws InterruptedException {
    while (!unsent.offer(frame, CLOSED_CHECK_MS, TimeUnit.MILLISECONDS)) {
      if (closed) {
        throw new InterruptedException("closed");
      }
    }
  }

  private void write() {
    try {
      while (true) {
        channel.write(unsent.take());
      }
    } catch (IOException broken) {
      LOG.log(System.Logger.Level.DEBUG, "a ttrpc peer went away: {0}", broken.getMessage());
      close();
    } catch (InterruptedException closed) {
      for (Frame frame = unsent.poll(); frame != null; frame = unsent.poll()) {
        Arrays.fill(frame.data(), (byte) 0);
      }
    }
  }
}
