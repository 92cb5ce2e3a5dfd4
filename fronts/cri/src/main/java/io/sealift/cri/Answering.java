package io.sealift.cri;

import static io.sealift.service.Log.field;

import io.grpc.Context;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.sealift.failure.ImageException;
import io.sealift.service.Calls;
import io.sealift.service.Log;
import io.sealift.service.Readiness;
import io.sealift.service.metrics.Counter;
import io.sealift.service.metrics.Label;
import io.sealift.service.metrics.Metrics;
import io.sealift.wire.ProtoException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Objects;

/// What all calls have in common: they are counted, so that the daemon can wait for them, and every
/// failure becomes a status and a line of the log. Thread-safe.
///
/// | metric | counts |
/// |---|---|
/// | `sealift_cri_calls_total{method}` | calls that were answered |
/// | `sealift_cri_failures_total{code}` | those whose answer was a failure |
final class Answering {

  private final Calls calls;
  private final Readiness readiness;
  private final Log log;
  private final Counter answered;
  private final Counter failures;

  Answering(Calls calls, Readiness readiness, Log log, Metrics metrics) {
    this.calls = calls;
    this.readiness = readiness;
    this.log = log;
    answered =
        metrics.counter(
            "sealift_cri_calls_total",
            "Calls that were answered.",
            Label.of("method", Method.class));
    failures =
        metrics.counter(
            "sealift_cri_failures_total",
            "Calls whose answer was a failure.",
            Label.of("code", Status.Code.class));
  }

  /// The methods, as their names are here.
  enum Method {
    LIST_IMAGES,
    STREAM_IMAGES,
    IMAGE_STATUS,
    PULL_IMAGE,
    REMOVE_IMAGE,
    IMAGE_FS_INFO,
    VERSION,
    STATUS
  }

  /// Answers one call.
  @FunctionalInterface
  interface Answer {

    /// @param request its message; the answer's own
    /// @return the messages to send
    List<byte[]> of(byte[] request)
        throws ImageException,
            ProtoException,
            InterruptedIOException,
            InterruptedException,
            Calls.EndingException;
  }

  ServerCallHandler<byte[], byte[]> unary(Method method, Answer answer) {
    return ServerCalls.asyncUnaryCall(
        (request, observer) -> answer(method, answer, request, observer));
  }

  ServerCallHandler<byte[], byte[]> stream(Method method, Answer answer) {
    return ServerCalls.asyncServerStreamingCall(
        (request, observer) -> answer(method, answer, request, observer));
  }

  private void answer(
      Method method, Answer answer, byte[] request, StreamObserver<byte[]> observer) {
    answered.increment(Label.value(method));
    tolerateCancellation(observer);
    try (Calls.Call _ = calls.begin()) {
      // Within the call: a daemon that ends closes its connections after the last one.
      send(method, answer, request, observer);
    } catch (Calls.EndingException ending) {
      observer.onError(status(method, ending).asRuntimeException());
    }
  }

  @SuppressWarnings("CatchingUnchecked") // a client has to hear of every failure
  private void send(Method method, Answer answer, byte[] request, StreamObserver<byte[]> observer) {
    try {
      answer.of(request).forEach(observer::onNext);
      observer.onCompleted();
    } catch (Exception failure) {
      observer.onError(status(method, failure).asRuntimeException());
    } catch (Error failure) {
      failures.increment(Label.value(Status.Code.INTERNAL));
      log.defect("call failed", failure, field("method", Label.value(method)));
      observer.onError(Status.INTERNAL.asRuntimeException());
    }
  }

  /// Otherwise sending to a client that went away would throw.
  private static void tolerateCancellation(StreamObserver<byte[]> observer) {
    if (observer instanceof ServerCallStreamObserver<byte[]> call) {
      call.setOnCancelHandler(() -> {}); // the context of the call tells those who wait
    }
  }

  private Status status(Method method, Exception failure) {
    Status status = Failures.of(failure);
    if (status.getCode() == Status.Code.CANCELLED) {
      status = interrupted();
    }
    failures.increment(Label.value(status.getCode()));
    if (status.getCode() == Status.Code.INTERNAL && !(failure instanceof ImageException)) {
      log.defect("call failed", failure, field("method", Label.value(method)));
    } else {
      log.info(
          "call failed",
          field("method", Label.value(method)),
          field("code", status.getCode()),
          field("message", Objects.requireNonNullElse(status.getDescription(), "")));
    }
    return status;
  }

  /// Why a call was interrupted: its time is over, the daemon ends, or its client went away.
  private Status interrupted() {
    var deadline = Context.current().getDeadline();
    if (deadline != null && deadline.isExpired()) {
      return Status.DEADLINE_EXCEEDED.withDescription("nothing unfinished was left behind");
    }
    return readiness.state() == Readiness.State.ENDING
        ? Status.UNAVAILABLE.withDescription("the daemon ends; nothing unfinished was left behind")
        : Status.CANCELLED.withDescription("nothing unfinished was left behind");
  }
}
