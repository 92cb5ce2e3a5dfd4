package io.sealift.crypt;

import io.sealift.failure.AuthenticationException;
import io.sealift.failure.ImageException;
import io.sealift.oci.Descriptor;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Opens the keys of encrypted layers with what an installation has for it. Immutable.
public final class LayerKeys {

  /// Wrapped keys of one layer that are tried; images for whole teams have a few dozen.
  private static final int MAX_TRIES = 256;

  private final List<KeyUnwrapper> unwrappers;

  /// @param unwrappers those to ask first come first
  public LayerKeys(List<KeyUnwrapper> unwrappers) {
    this.unwrappers = List.copyOf(unwrappers);
  }

  /// The decryption of this layer, its key opened; null when the layer is not encrypted. The caller
  /// closes it.
  ///
  /// @throws AuthenticationException when nothing here opens the key, saying why each try failed
  public @Nullable Decryption open(Descriptor layer) throws ImageException, InterruptedIOException {
    if (!layer.mediaType().isEncrypted()) {
      return null;
    }
    Encryption encryption = new Encryption(layer);
    byte[] hmac = encryption.hmac();
    Opened opened = key(layer, encryption);
    return new Decryption(layer, opened.scheme(), opened.key(), hmac);
  }

  /// Whom a layer was encrypted for, one for each scheme; nothing when it is not encrypted. No key
  /// is opened.
  public List<Recipients> recipients(Descriptor layer) {
    if (!layer.mediaType().isEncrypted()) {
      return List.of();
    }
    List<Recipients> recipients = new ArrayList<>();
    for (Map.Entry<String, String> list : new Encryption(layer).keyLists().entrySet()) {
      recipients.add(recipients(list.getKey(), list.getValue()));
    }
    return recipients;
  }

  private Recipients recipients(String scheme, String list) {
    List<String> names = new ArrayList<>();
    List<WrappedKey> keys;
    try {
      keys = Encryption.wrapped(scheme, list);
    } catch (KeyException malformed) {
      return new Recipients(scheme, 0, List.of(malformed.reason()));
    }
    for (WrappedKey key : keys.subList(0, Math.min(keys.size(), MAX_TRIES))) {
      unwrappers.stream()
          .filter(unwrapper -> unwrapper.knows(scheme))
          .findFirst()
          .ifPresent(unwrapper -> names.addAll(unwrapper.recipients(key)));
    }
    return new Recipients(scheme, keys.size(), names);
  }

  private Opened key(Descriptor layer, Encryption encryption)
      throws AuthenticationException, InterruptedIOException {
    List<String> failures = new ArrayList<>();
    for (Map.Entry<String, String> list : encryption.keyLists().entrySet()) {
      List<KeyUnwrapper> able =
          unwrappers.stream().filter(unwrapper -> unwrapper.knows(list.getKey())).toList();
      if (able.isEmpty()) {
        failures.add(list.getKey() + ": nothing here opens such keys");
        continue;
      }
      try {
        for (WrappedKey wrapped : Encryption.wrapped(list.getKey(), list.getValue())) {
          for (KeyUnwrapper unwrapper : able) {
            Optional<LayerKey> key = tryOne(unwrapper, wrapped, failures);
            if (key.isPresent()) {
              return new Opened(list.getKey(), key.get());
            }
          }
        }
      } catch (KeyException malformed) {
        failures.add(list.getKey() + ": " + malformed.reason());
      }
    }
    throw new AuthenticationException(
        "decrypt layer %s: no key opens it (%s); name one with --decryption-key or a key provider"
            .formatted(
                layer.digest(),
                failures.isEmpty() ? "it has no wrapped key" : String.join("; ", failures)));
  }

  private record Opened(String scheme, LayerKey key) {}

  private static Optional<LayerKey> tryOne(
      KeyUnwrapper unwrapper, WrappedKey wrapped, List<String> failures)
      throws InterruptedIOException {
    if (failures.size() >= MAX_TRIES) {
      return Optional.empty();
    }
    try {
      byte[] options = unwrapper.unwrap(wrapped);
      try {
        return Optional.of(LayerKey.parse(options));
      } finally {
        Arrays.fill(options, (byte) 0);
      }
    } catch (KeyException failed) {
      String failure = wrapped.scheme() + ": " + failed.reason();
      if (!failures.contains(failure)) {
        failures.add(failure);
      }
      return Optional.empty();
    }
  }
}
