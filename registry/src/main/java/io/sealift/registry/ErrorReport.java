package io.sealift.registry;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.Quoted;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a registry says when it does not give what it was asked for (OCI distribution
/// specification, Error Codes), as a failure.
final class ErrorReport {

  /// Bytes of an error's body that are read (1 MiB, as containers/image).
  private static final int MAX_BYTES = 1 << 20;

  /// Characters of a registry's own words in a message.
  private static final int MAX_WORDS = 200;

  /// What servers, such as nginx before a registry, say with status 400 of a connection that is not
  /// as they want it, and what that means.
  private static final Map<String, String> ABOUT_CONNECTION =
      Map.of(
          "No required SSL certificate was sent", Handshake.WANTS_OURS,
          "The SSL certificate error", Handshake.WANTS_OURS,
          "The plain HTTP request was sent to HTTPS port", Handshake.WANTS_TLS,
          "Client sent an HTTP request to an HTTPS server", Handshake.WANTS_TLS);

  private static final Words NONE = new Words("", "no reason given");
  private static final Words UNREADABLE = new Words("", "no readable reason given");

  private ErrorReport() {}

  /// What a registry says: a code of the specification, empty when there is none, and a message.
  private record Words(String code, String message) {

    /// Old registries know no better code for what is not there.
    boolean mean404() {
      return code.equals("MANIFEST_UNKNOWN")
          || (code.equals("UNKNOWN") && message.toLowerCase(Locale.ROOT).contains("not found"));
    }

    @Override
    public String toString() {
      return code.isEmpty() ? message : code + ": " + message;
    }
  }

  /// Whoever sent the request.
  interface Teller {

    /// The registry's words without our secrets, should it repeat them.
    String redact(String words);

    /// What can be done when the registry does not let us in.
    String remedy();
  }

  /// Reads the answer, which is closed, and makes a failure of it.
  ///
  /// @param operation what was wanted: `fetch manifest of x`
  static ImageException of(Response response, String operation, Teller teller)
      throws InterruptedIOException {
    int status = response.status();
    String retryAfter = response.header("retry-after").orElse(null);
    Optional<byte[]> body = body(response);
    Optional<String> wish = status == 400 ? body.flatMap(ErrorReport::wish) : Optional.empty();
    if (wish.isPresent()) {
      return new AuthenticationException(operation + ": " + wish.get() + " (status 400)");
    }
    Words words = body.map(ErrorReport::words).orElse(UNREADABLE);
    String message =
        operation
            + ": "
            + Quoted.of(teller.redact(words.toString()), MAX_WORDS)
            + " (status "
            + status
            + ")";
    if (status == 404 || words.mean404()) {
      return new NotFoundException(message);
    }
    return switch (status) {
      case 401 -> new AuthenticationException(message + "; " + teller.remedy());
      case 403 -> AuthenticationException.denied(message + "; " + teller.remedy());
      case 408, 429, 500, 502, 503, 504 ->
          TransferException.passing(
              message, retryAfter == null ? null : new Tries.Asked(retryAfter));
      default -> TransferException.lasting(message, null);
    };
  }

  /// Reads the answer; empty when that fails. One that is too long says nothing.
  private static Optional<byte[]> body(Response response) throws InterruptedIOException {
    try {
      return Optional.of(Http.body(response, "an error of the registry", MAX_BYTES));
    } catch (UnsafeContentException tooLong) {
      return Optional.of(new byte[0]);
    } catch (ImageException unreadable) {
      return Optional.empty();
    }
  }

  private static Optional<String> wish(byte[] body) {
    String text = new String(body, US_ASCII);
    return ABOUT_CONNECTION.entrySet().stream()
        .filter(known -> text.contains(known.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static Words words(byte[] body) {
    try {
      List<JsonObject> errors =
          JsonReader.readObject(body, "error", JsonLimits.ofBytes(MAX_BYTES)).objects("errors");
      return errors.isEmpty()
          ? NONE
          : new Words(
              errors.getFirst().optionalString("code").orElse(""),
              errors.getFirst().optionalString("message").orElse("no message"));
    } catch (UnsafeContentException notTheSpecifications) {
      return NONE;
    }
  }
}
