package io.sealift.kbs;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.TransferException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import io.sealift.registry.WebService;

/// What an answer of a key broker means that is not 200. Its body is
/// `{"type":"https://…/errors/KIND","detail":"…"}`; its status is 401 for nearly everything.
final class BrokerError {

  private static final int MAX_BYTES = 64 * 1024;

  /// Characters of its words that are shown.
  private static final int MAX_WORDS = 300;

  private BrokerError() {}

  static ImageException of(String operation, WebService.Answer answer) {
    String message =
        "%s: the key broker says no, status %d (%s)"
            .formatted(operation, answer.status(), words(answer.body()));
    return switch (answer.status()) {
      case 401, 403 ->
          new AuthenticationException(
              message
                  + "; ask its owner whether the resource is there and its policy lets this machine"
                  + " have it");
      case 404 -> new NotFoundException(message);
      case 408, 429, 500, 502, 503, 504 -> TransferException.passing(message, null);
      default -> TransferException.lasting(message, null);
    };
  }

  private static String words(byte[] body) {
    try {
      JsonObject error = JsonReader.readObject(body, "error", JsonLimits.ofBytes(MAX_BYTES));
      String type = error.optionalString("type").orElse("");
      String detail = error.optionalString("detail").orElse("no reason given");
      String words = type.substring(type.lastIndexOf('/') + 1) + ": " + detail;
      return words.length() > MAX_WORDS ? words.substring(0, MAX_WORDS) + "…" : words;
    } catch (UnsafeContentException notTheProtocols) {
      return "no readable reason given";
    }
  }
}
