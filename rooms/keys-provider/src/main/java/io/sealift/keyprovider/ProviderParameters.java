package io.sealift.keyprovider;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.failure.BadReferenceException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads what a user wants a key provider to be told: `provider:NAME[:PARAMETERS]` (ocicrypt,
/// `helpers/parse_helpers.go`).
final class ProviderParameters {

  private static final String PREFIX = "provider:";

  /// What ocicrypt says when there is nothing to say.
  private static final String NOTHING = "Enabled";

  private ProviderParameters() {}

  /// The parameters by provider, in order.
  static Map<String, List<byte[]>> parse(List<String> decryptionKeys) throws BadReferenceException {
    Map<String, List<byte[]>> parameters = new HashMap<>();
    for (String key : decryptionKeys) {
      String[] parts = key.split(":", 3);
      if (!key.startsWith(PREFIX) || parts[1].isEmpty()) {
        // Parameters may be secret; the name alone is shown.
        throw new BadReferenceException(
            "decryption key '%s': expected provider:NAME[:PARAMETERS]".formatted(parts[0]));
      }
      String value = parts.length == 3 ? parts[2] : NOTHING;
      parameters.computeIfAbsent(parts[1], name -> new ArrayList<>()).add(value.getBytes(UTF_8));
    }
    return parameters;
  }
}
