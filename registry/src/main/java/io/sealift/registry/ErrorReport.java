package io.sealift.registry;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import java.io.InterruptedIOException;
import java.util.List;

/// What a registry says when it does not give what it was asked for (OCI distribution
/// specification, Error Codes), as a failure.
final class ErrorReport {

  /// Bytes of an error's body that are read (1 MiB, as containers/image).
  private static final int MAX_BYTES = 1 << 20;

  /// Characters of a registry's own words in a message.
  private static final int MAX_WORDS = 200;

  private ErrorReport() {}

  /// Reads the answer, which is closed, and makes a failure of it.
  ///
  /// @param operation what was wanted: `fetch manifest of x`
  static ImageException of(Response response, String operation)
      throws ImageException, InterruptedIOException {
    int status = response.status();
    String retryAfter = response.header("retry-after").orElse(null);
    String message = operation + ": " + words(response) + " (status " + status + ")";
    return switch (status) {
      case 404 -> new NotFoundException(message);
      case 401 ->
          new AuthenticationException(
              message + "; the registry wants other credentials, pass --creds USER:PASSWORD");
      case 403 -> new AuthenticationException(message + "; these credentials may not read it");
      case 429, 500, 502, 503, 504 ->
          TransferException.passing(
              message, retryAfter == null ? null : Tries.Asked.of(retryAfter));
      default -> TransferException.lasting(message, null);
    };
  }

  private static String words(Response response) throws ImageException, InterruptedIOException {
    byte[] body;
    try {
      body = Http.body(response, "an error of the registry", MAX_BYTES);
    } catch (TransferException | UnsafeContentException noWords) {
      return "refused without a readable reason";
    }
    try {
      List<JsonObject> errors =
          JsonReader.readObject(body, "error", JsonLimits.ofBytes(MAX_BYTES)).objects("errors");
      if (!errors.isEmpty()) {
        JsonObject first = errors.getFirst();
        return printable(
            first.optionalString("code").orElse("error")
                + ": "
                + first.optionalString("message").orElse("no message"));
      }
    } catch (UnsafeContentException notJson) {
      return "refused in words that are not the distribution specification's";
    }
    return "refused";
  }

  private static String printable(String text) {
    StringBuilder safe = new StringBuilder();
    text.codePoints()
        .limit(MAX_WORDS)
        .forEach(c -> safe.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return safe.toString();
  }
}
