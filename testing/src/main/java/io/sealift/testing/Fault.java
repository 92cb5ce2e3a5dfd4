package io.sealift.testing;

import io.sealift.testing.Answer.Delivery;
import io.sealift.testing.Answer.Delivery.After;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/// Something that goes wrong with an answer of an {@link InProcessRegistry}, on its own account or
/// by somebody's ill will. Made by name, and planned with {@link InProcessRegistry#plan}.
public final class Fault {

  private final UnaryOperator<RegistryRequest> heard;
  private final BiFunction<RegistryRequest, Answer, Answer> said;
  private final boolean ofHttp1;

  private Fault(
      UnaryOperator<RegistryRequest> heard,
      BiFunction<RegistryRequest, Answer, Answer> said,
      boolean ofHttp1) {
    this.heard = heard;
    this.said = said;
    this.ofHttp1 = ofHttp1;
  }

  private Fault(BiFunction<RegistryRequest, Answer, Answer> said) {
    this(UnaryOperator.identity(), said, false);
  }

  /// What is said instead of the honest answer.
  Answer apply(RegistryRequest request, Function<RegistryRequest, Answer> honest) {
    return said.apply(request, honest.apply(heard.apply(request)));
  }

  /// Whether only HTTP/1.1 can do it, since it is about how that writes an answer.
  public boolean isOfHttp1() {
    return ofHttp1;
  }

  /// The same fault, and something else that is done when it happens.
  public Fault meanwhile(Runnable action) {
    return new Fault(
        heard,
        (request, answer) -> {
          action.run();
          return said.apply(request, answer);
        },
        ofHttp1);
  }

  /// The same fault, with another or one more header.
  public Fault with(String name, String value) {
    return new Fault(
        heard, (request, answer) -> said.apply(request, answer).header(name, value), ofHttp1);
  }

  /// Another status, with an error of this code and message.
  public static Fault error(int status, String code, String message) {
    return new Fault((request, answer) -> Answer.error(status, code, message));
  }

  /// Another status, with this body.
  public static Fault status(int status, String body) {
    return new Fault((request, answer) -> Answer.text(status, body));
  }

  /// Status 429 that names a time to wait.
  public static Fault tooMany(String retryAfter) {
    return new Fault((request, answer) ->
        Answer.error(429, "TOOMANYREQUESTS", "slow down").header("Retry-After", retryAfter));
  }

  /// Another or one more header.
  public static Fault header(String name, String value) {
    return new Fault((request, answer) -> answer.header(name, value));
  }

  /// The digest in the header is another one.
  public static Fault digestHeader(String digest) {
    return header("Docker-Content-Digest", digest);
  }

  public static Fault contentType(String type) {
    return header("Content-Type", type);
  }

  /// The answer to a range says that it is another one.
  public static Fault contentRange(String range) {
    return header("Content-Range", range);
  }

  /// The whole blob although a part was asked for.
  public static Fault ignoreRange() {
    return new Fault(RegistryRequest::withoutRange, (request, answer) -> answer, false);
  }

  /// This body instead.
  public static Fault body(byte[] body) {
    return new Fault((request, answer) ->
        new Answer(answer.status(), answer.headers(), body.clone(), answer.delivery()));
  }

  /// This byte of the body is another one.
  public static Fault spoiled(int at) {
    return new Fault((request, answer) -> {
      byte[] body = answer.body().clone();
      body[at] ^= 1;
      return new Answer(answer.status(), answer.headers(), body, answer.delivery());
    });
  }

  /// A redirect.
  ///
  /// @param location from the request's path and query to the header
  public static Fault redirect(int status, UnaryOperator<String> location) {
    return new Fault((request, answer) ->
        Answer.text(status, "").header("Location", location.apply(request.target())));
  }

  /// The body in chunks.
  public static Fault chunked(int bytes) {
    return delivered(new Delivery.Chunked(bytes));
  }

  /// No length; the connection ends with the body.
  public static Fault untilClose() {
    return delivered(new Delivery.UntilClose());
  }

  /// The connection breaks after so many bytes of the body.
  public static Fault cut(int afterBytes) {
    return delivered(new Delivery.Cut(afterBytes));
  }

  /// The connection is reset after so many bytes of the body, of which some may never arrive.
  public static Fault reset(int afterBytes) {
    return reset(afterBytes, () -> {});
  }

  /// The same.
  ///
  /// @param first done between the last byte and the reset, such as waiting until it arrived
  public static Fault reset(int afterBytes, Runnable first) {
    return delivered(new Delivery.Reset(afterBytes, first));
  }

  /// The connection is closed after a sound answer, as that of a client that is idle for long.
  public static Fault thenClose() {
    return delivered(new Delivery.ThenClose());
  }

  /// Another length is said than the body has; the connection ends with the body.
  public static Fault length(long said) {
    return written(new Delivery.Length(said));
  }

  /// Nothing more comes after so many bytes of the body.
  public static Fault stall(int afterBytes) {
    return delivered(new Delivery.Stall(afterBytes));
  }

  /// The body comes byte by byte.
  public static Fault trickle(int pauseMillis) {
    return delivered(new Delivery.Trickle(pauseMillis));
  }

  /// The body never ends.
  public static Fault endless() {
    return delivered(new Delivery.Endless());
  }

  /// The head never ends.
  public static Fault endlessHead() {
    return slowHead(0);
  }

  /// The head never ends, and comes line by line.
  public static Fault slowHead(int pauseMillis) {
    return written(new Delivery.EndlessHead(pauseMillis));
  }

  /// These bytes and nothing else come over the connection, which is then closed.
  public static Fault raw(String bytes) {
    return raw(bytes, After.CLOSE);
  }

  /// These bytes and nothing else come over the connection, which is then reset.
  public static Fault rawThenReset(String bytes) {
    return raw(bytes, After.RESET);
  }

  /// These bytes come, and then nothing more.
  public static Fault rawThenSilence(String bytes) {
    return raw(bytes, After.SILENCE);
  }

  /// What a server says that speaks HTTP/2 only (RFC 9113, 3.4 and 6.8): its settings, and that it
  /// goes away for an error of the protocol.
  public static Fault goAway() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      Http2Session.refuse(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return rawThenSilence(bytes.toString(StandardCharsets.ISO_8859_1));
  }

  /// These frames of HTTP/2 come, of a registry that speaks it.
  public static Fault frames(Http2Stream.Script script) {
    return delivered(new Delivery.Frames(script));
  }

  private static Fault raw(String bytes, After after) {
    return written((request, answer) -> Answer.text(200, bytes).deliver(new Delivery.Raw(after)));
  }

  private static Fault written(Delivery delivery) {
    return written((request, answer) -> answer.deliver(delivery));
  }

  private static Fault written(BiFunction<RegistryRequest, Answer, Answer> said) {
    return new Fault(UnaryOperator.identity(), said, true);
  }

  private static Fault delivered(Delivery delivery) {
    return new Fault((request, answer) -> answer.deliver(delivery));
  }
}
