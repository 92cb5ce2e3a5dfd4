package io.sealift.registry;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.json.JsonLimits;
import io.sealift.json.JsonObject;
import io.sealift.json.JsonReader;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// The simple signatures that some registries keep themselves (containers/image,
/// signature-protocols.md, X-Registry-Supports-Signatures):
///
/// ```json
/// {"signatures": [{"version": 2, "type": "atomic", "name": "sha256:…@any", "content": "BASE64"}]}
/// ```
///
/// Entries of other versions and types are for others.
final class KeptSignatures {

  /// Bytes of a list (4 MiB, as containers/image).
  private static final int MAX_LIST_BYTES = 4 * 1024 * 1024;

  private static final long VERSION = 2;
  private static final String TYPE = "atomic";

  private KeptSignatures() {}

  /// Whether the answer to `GET /v2/` says that there are such lists.
  static boolean areOffered(Response response) {
    return (response.status() == 200 || response.status() == 401)
        && response.header("x-registry-supports-signatures").orElse("").equals("1");
  }

  /// Reads and closes the answer.
  static List<byte[]> read(Response response, String subject, int limit, int maxBytes)
      throws ImageException, InterruptedIOException {
    JsonObject list =
        JsonReader.readObject(
            Http.body(response, subject, MAX_LIST_BYTES),
            subject,
            JsonLimits.ofBytes(MAX_LIST_BYTES));
    List<byte[]> signatures = new ArrayList<>();
    for (JsonObject entry : list.objects("signatures")) {
      if (signatures.size() == limit) {
        return signatures;
      }
      if (entry.optionalInteger("version").orElse(0L) == VERSION
          && entry.optionalString("type").orElse("").equals(TYPE)) {
        byte[] content = content(entry);
        if (content.length <= maxBytes) {
          signatures.add(content);
        }
      }
    }
    return signatures;
  }

  private static byte[] content(JsonObject entry) throws UnsafeContentException {
    try {
      return Base64.getDecoder().decode(entry.string("content"));
    } catch (IllegalArgumentException malformed) {
      throw new UnsafeContentException(
          "read %s/content: expected base64".formatted(entry.place()), malformed);
    }
  }
}
