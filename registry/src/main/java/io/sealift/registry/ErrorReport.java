package io.sealift.registry;

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

/// What a registry says when it does not give what it was asked for (OCI distribution
/// specification, Error Codes), as a failure.
final class ErrorReport {

  /// Bytes of an error's body that are read (1 MiB, as containers/image).
  private static final int MAX_BYTES = 1 << 20;

  /// Characters of a registry's own words in a message.
  private static final int MAX_WORDS = 200;

  private static final Words NONE = new Words("", "no reason given");

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
    Words words = words(response);
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
      case 401, 403 -> new AuthenticationException(message + "; " + teller.remedy());
      case 408, 429, 500, 502, 503, 504 ->
          TransferException.passing(
              message, retryAfter == null ? null : new Tries.Asked(retryAfter));
      default -> TransferException.lasting(message, null);
    };
  }

  private static Words words(Response response) throws InterruptedIOException {
    try {
      byte[] body = Http.body(response, "an error of the registry", MAX_BYTES);
      List<JsonObject> errors =
          JsonReader.readObject(body, "error", JsonLimits.ofBytes(MAX_BYTES)).objects("errors");
      return errors.isEmpty()
          ? NONE
          : new Words(
              errors.getFirst().optionalString("code").orElse(""),
              errors.getFirst().optionalString("message").orElse("no message"));
    } catch (UnsafeContentException notTheSpecifications) {
      return NONE;
    } catch (ImageException unreadable) {
      return new Words("", "no readable reason given");
    }
  }
}
