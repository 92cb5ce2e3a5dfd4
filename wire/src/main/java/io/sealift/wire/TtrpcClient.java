package io.sealift.wire;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Calls over one connection to a ttrpc server, from {@link #connect} until {@link #close}, which
/// ends the calls that wait. Thread-safe: many calls may wait at once and are answered in any
/// order. A connection that broke stays broken; connect again.
///
/// ```java
/// try (TtrpcClient client = TtrpcClient.connect(socket, timeout)) {
///   byte[] answer = client.call("api.GetResourceService", "GetResource", request, timeout);
/// }
/// ```
public final class TtrpcClient implements AutoCloseable {

  /// Requests that wait to be written; each caller has one, and more callers wait.
  private static final int MAX_UNSENT = 16;

  /// Streams of clients are odd and fit 32 bits.
  private static final long MAX_STREAM = 0xffff_ffffL;

  private final Path socket;
  private final FrameChannel channel;
  private final BlockingQueue<Call> unsent = new ArrayBlockingQueue<>(MAX_UNSENT);
  private final Map<Integer, Call> sent = new ConcurrentHashMap<>();
  private final Thread reader;
  private final Thread writer;
  private volatile long nextStream = 1;
  private volatile @Nullable IOException broken;

  @SuppressWarnings("ArrayRecordComponent")
  private record Call(byte[] request, CompletableFuture<Response> answer) {}

  private TtrpcClient(Path socket, SocketChannel channel) {
    this.socket = socket;
    this.channel = new FrameChannel(channel);
    reader = Thread.ofVirtual().name("ttrpc reader " + socket).unstarted(this::read);
    writer = Thread.ofVirtual().name("ttrpc writer " + socket).unstarted(this::write);
    reader.start();
    writer.start();
  }

  /// Connects to a socket. The caller closes the client.
  ///
  /// @param timeout for a server that listens but does not answer
  /// @throws TtrpcException with {@link Code#UNAVAILABLE} when nobody listens
  public static TtrpcClient connect(Path socket, Duration timeout)
      throws TtrpcException, InterruptedIOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
    SocketChannel channel = null;
    Thread alarm = null;
    try {
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      alarm = alarm(channel, timeout);
      channel.connect(address);
      alarm.interrupt();
      return new TtrpcClient(socket, channel);
    } catch (IOException failed) {
      close(channel);
      if (Thread.interrupted()) {
        throw interrupted("connect to " + socket);
      }
      if (failed instanceof AsynchronousCloseException) {
        throw new TtrpcException(
            Code.DEADLINE_EXCEEDED, "connect to %s: no answer in time".formatted(socket), failed);
      }
      throw new TtrpcException(
          Code.UNAVAILABLE, "connect to %s: %s".formatted(socket, reason(failed)), failed);
    } finally {
      if (alarm != null) {
        alarm.interrupt();
      }
    }
  }

  private static Thread alarm(SocketChannel channel, Duration timeout) {
    return Thread.ofVirtual()
        .name("ttrpc connect")
        .start(() -> {
          try {
            Thread.sleep(timeout);
          } catch (InterruptedException connected) {
            return;
          }
          if (!channel.isConnected()) {
            close(channel);
          }
        });
  }

  /// Calls a method and waits for the answer.
  ///
  /// @param service `package.Service`
  /// @param method bare name
  /// @param payload the method's message; stays the caller's, and is not needed afterwards
  /// @param timeout for the whole call, told to the server too
  /// @return the method's answer; the caller owns it
  /// @throws TtrpcException when the server says no, or says nothing
  public byte[] call(String service, String method, byte[] payload, Duration timeout)
      throws TtrpcException, InterruptedIOException {
    long nanos = Math.max(1, timeout.toNanos());
    Request request = new Request(service, method, payload, nanos, List.of());
    return answer(subject(request), exchange(request));
  }

  /// Makes a call, and waits for the answer as long as the request says.
  Response exchange(Request request) throws TtrpcException, InterruptedIOException {
    String subject = subject(request);
    byte[] message = request.encode();
    if (message.length > Frame.MAX_DATA) {
      throw new TtrpcException(
          Code.RESOURCE_EXHAUSTED,
          "%s: %d bytes of request are more than the %d allowed"
              .formatted(subject, message.length, Frame.MAX_DATA));
    }
    long nanos = request.timeoutNanos() == 0 ? Long.MAX_VALUE : request.timeoutNanos();
    Call call = new Call(message, new CompletableFuture<>());
    try {
      return await(subject, call, System.nanoTime() + nanos);
    } finally {
      // Nobody waits for it any more; if it was not sent yet, it will not be.
      call.answer.cancel(false);
    }
  }

  private String subject(Request request) {
    return "call %s at %s".formatted(request, socket);
  }

  private Response await(String subject, Call call, long deadline)
      throws TtrpcException, InterruptedIOException {
    try {
      boolean queued = unsent.offer(call, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (broken != null) {
        abandon();
      }
      if (queued) {
        return call.answer.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
      throw new TtrpcException(Code.DEADLINE_EXCEEDED, subject + ": could not be sent in time");
    } catch (InterruptedException interrupted) {
      throw interrupted(subject);
    } catch (TimeoutException late) {
      throw new TtrpcException(Code.DEADLINE_EXCEEDED, subject + ": no answer in time", late);
    } catch (ExecutionException failed) {
      throw new TtrpcException(
          Code.UNAVAILABLE, "%s: %s".formatted(subject, reason(failed.getCause())), failed);
    }
  }

  private static byte[] answer(String subject, Response response) throws TtrpcException {
    if (response.code() == Code.OK) {
      return response.payload();
    }
    throw new TtrpcException(response.code(), "%s: %s".formatted(subject, response.message()));
  }

  private static InterruptedIOException interrupted(String subject) {
    Thread.currentThread().interrupt();
    return new InterruptedIOException(subject + ": interrupted");
  }

  private static String reason(@Nullable Throwable failed) {
    return failed == null || failed.getMessage() == null
        ? "the connection was closed"
        : failed.getMessage();
  }

  private void write() {
    try {
      while (true) {
        Call call = unsent.take();
        if (call.answer.isDone()) {
          Arrays.fill(call.request, (byte) 0);
          continue;
        }
        long number = nextStream;
        if (number > MAX_STREAM) {
          throw new IOException("this connection had all the streams it can have");
        }
        int stream = (int) number;
        sent.put(stream, call);
        nextStream = number + 2;
        var _ = call.answer.whenComplete((response, failed) -> sent.remove(stream, call));
        channel.write(Frame.request(stream, call.request));
      }
    } catch (IOException failed) {
      breakOff(failed);
    } catch (InterruptedException closed) {
      breakOff(new IOException("the client was closed", closed));
    }
  }

  private void read() {
    try {
      for (Inbound frame = channel.read(); frame != null; frame = channel.read()) {
        receive(frame);
      }
      breakOff(new IOException("the server closed the connection"));
    } catch (IOException failed) {
      breakOff(failed);
    } catch (ProtoException malformed) {
      breakOff(new IOException(malformed.getMessage(), malformed));
    }
  }

  private void receive(Inbound inbound) throws IOException, ProtoException {
    int stream;
    Response response;
    switch (inbound) {
      case Frame frame -> {
        if (frame.type() != Frame.RESPONSE) {
          throw new IOException(
              "the server sent a frame of type %d, expected %d"
                  .formatted(frame.type(), Frame.RESPONSE));
        }
        stream = frame.stream();
        response = Response.decode(frame.data());
        Arrays.fill(frame.data(), (byte) 0);
      }
      case Inbound.TooLarge large -> {
        stream = large.stream();
        response =
            Response.failed(
                Code.RESOURCE_EXHAUSTED,
                "the answer has %d bytes, more than the %d allowed"
                    .formatted(large.length(), Frame.MAX_DATA));
      }
    }
    Call call = sent.get(stream);
    boolean wanted = call != null && call.answer.complete(response);
    if (!wanted) {
      Arrays.fill(response.payload(), (byte) 0);
    }
    if (call == null && !wasUsed(stream)) {
      throw new IOException(
          "the server answered stream %s, which was not used"
              .formatted(Integer.toUnsignedString(stream)));
    }
  }

  private boolean wasUsed(int stream) {
    return stream % 2 != 0 && Integer.toUnsignedLong(stream) < nextStream;
  }

  private void breakOff(IOException reason) {
    if (broken == null) {
      broken = reason;
    }
    close(channel);
    abandon();
    writer.interrupt();
  }

  /// Ends the calls that nobody will answer.
  private void abandon() {
    IOException reason = broken;
    if (reason != null) {
      for (Call call = unsent.poll(); call != null; call = unsent.poll()) {
        call.answer.completeExceptionally(reason);
        Arrays.fill(call.request, (byte) 0);
      }
      sent.values().forEach(call -> call.answer.completeExceptionally(reason));
    }
  }

  /// Whether calls can still be made.
  public boolean isOpen() {
    return broken == null;
  }

  private static void close(@Nullable AutoCloseable closeable) {
    try {
      if (closeable != null) {
        closeable.close();
      }
    } catch (Exception unimportant) {
      System.getLogger(TtrpcClient.class.getName())
          .log(System.Logger.Level.DEBUG, "close a ttrpc connection", unimportant);
    }
  }

  /// Returns when both threads of the connection have ended.
  @Override
  public void close() {
    breakOff(new IOException("the client was closed"));
    boolean interrupted = false;
    for (Thread thread : new Thread[] {reader, writer}) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
