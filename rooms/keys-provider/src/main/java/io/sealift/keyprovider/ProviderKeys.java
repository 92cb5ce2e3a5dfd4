package io.sealift.keyprovider;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyUnwrapper;
import io.sealift.crypt.ProviderMessages;
import io.sealift.crypt.WrappedKey;
import io.sealift.failure.BadReferenceException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/// Opens keys of the schemes `provider.NAME` by asking the key provider of that name. Immutable and
/// thread-safe; a provider is asked anew for every key.
///
/// ```java
/// KeyUnwrapper keys = ProviderKeys.read(Path.of("/etc/ocicrypt_config.json"), List.of());
/// ```
public final class ProviderKeys implements KeyUnwrapper {

  private static final String SCHEME = "provider.";

  /// How long a provider may take; ocicrypt's library for Rust waits as long.
  private static final Duration TIMEOUT = Duration.ofSeconds(50);

  private final Map<String, Transport> providers;
  private final Map<String, List<byte[]>> parameters;
  private final Duration timeout;

  ProviderKeys(
      Map<String, Transport> providers, Map<String, List<byte[]>> parameters, Duration timeout) {
    this.providers = Map.copyOf(providers);
    this.parameters = Map.copyOf(parameters);
    this.timeout = timeout;
  }

  /// Reads the file that `OCICRYPT_KEYPROVIDER_CONFIG` names.
  ///
  /// @param decryptionKeys what a user gave to decrypt with, `provider:NAME[:PARAMETERS]`; each
  ///   provider gets its own parameters and no other's
  /// @throws BadReferenceException when the file or one of the keys is malformed, or names a
  ///   provider that the file does not have
  public static ProviderKeys read(Path file, List<String> decryptionKeys)
      throws BadReferenceException {
    return read(file, decryptionKeys, TIMEOUT);
  }

  static ProviderKeys read(Path file, List<String> decryptionKeys, Duration timeout)
      throws BadReferenceException {
    Map<String, Transport> providers = ProviderConfig.read(file);
    Map<String, List<byte[]>> parameters = ProviderParameters.parse(decryptionKeys);
    for (String name : new TreeSet<>(parameters.keySet())) {
      if (!providers.containsKey(name)) {
        throw new BadReferenceException(
            "decryption key provider:%s: %s has no key provider of this name, expected one of %s"
                .formatted(name, file, new TreeSet<>(providers.keySet())));
      }
    }
    return new ProviderKeys(providers, parameters, timeout);
  }

  /// A provider counts under its exact name only: which one gets a key is not for the image to say.
  @Override
  public boolean knows(String scheme) {
    return scheme.startsWith(SCHEME) && providers.containsKey(scheme.substring(SCHEME.length()));
  }

  @Override
  public byte[] unwrap(WrappedKey key) throws KeyException, InterruptedIOException {
    if (!knows(key.scheme())) {
      throw new KeyException("no key provider has this name");
    }
    String name = key.scheme().substring(SCHEME.length());
    Transport provider = Objects.requireNonNull(providers.get(name));
    List<byte[]> own = parameters.getOrDefault(name, List.of());
    byte[] input = ProviderMessages.unwrap(key.bytes(), name, own);
    try {
      byte[] answer = provider.exchange(input, timeout);
      try {
        return ProviderMessages.optionsOf(answer);
      } finally {
        Arrays.fill(answer, (byte) 0);
      }
    } catch (KeyException failed) {
      throw new KeyException("ask key provider %s: %s".formatted(name, failed.reason()), failed);
    } finally {
      Arrays.fill(input, (byte) 0);
    }
  }
}
