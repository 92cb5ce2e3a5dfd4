package io.sealift.kbs;

import io.sealift.failure.BadReferenceException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.secret.SecretSource;
import java.util.HexFormat;

/// The key that `sample_kbc` has for every name, and that everybody knows: for trying things out,
/// and never for a secret.
public final class SampleSecrets implements SecretSource {

  private static final String KEY =
      "d99b7705b0ba7a168295b3a3367270b0dd9b371bf514ca8b9ba7f0a33711daea";

  @Override
  public byte[] read(String uri, int maxBytes)
      throws BadReferenceException, UnsafeContentException {
    ResourceUri resource = ResourceUri.parse(uri);
    byte[] key = HexFormat.of().parseHex(KEY);
    if (key.length > maxBytes) {
      throw new UnsafeContentException(
          "read %s: %d bytes are more than the %d allowed"
              .formatted(resource, key.length, maxBytes));
    }
    return key;
  }
}
