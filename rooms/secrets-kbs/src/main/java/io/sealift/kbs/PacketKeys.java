package io.sealift.kbs;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyUnwrapper;
import io.sealift.crypt.WrappedKey;
import io.sealift.failure.ImageException;
import io.sealift.secret.SecretSource;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.List;

/// Opens keys of the scheme `provider.attestation-agent`, with which Confidential Containers
/// encrypt layers, by itself: the wrapping key comes from a {@link SecretSource}, and no key
/// provider sees the layer's. Immutable and thread-safe; the source is asked for every key.
public final class PacketKeys implements KeyUnwrapper {

  /// The key provider of Confidential Containers, by the name that it has in annotations.
  static final String PROVIDER = "attestation-agent";

  static final String SCHEME = "provider." + PROVIDER;

  /// Bytes of an AES-256 key.
  private static final int KEY_BYTES = 32;

  private final SecretSource secrets;

  /// @param secrets knows `kbs:` URIs
  public PacketKeys(SecretSource secrets) {
    this.secrets = secrets;
  }

  @Override
  public boolean knows(String scheme) {
    return scheme.equals(SCHEME);
  }

  /// The URI of the key that it was wrapped with.
  @Override
  public List<String> recipients(WrappedKey wrapped) {
    return recipient(wrapped);
  }

  static List<String> recipient(WrappedKey wrapped) {
    try {
      return List.of(Packet.parse(wrapped.bytes()).kid());
    } catch (KeyException malformed) {
      return List.of(malformed.reason());
    }
  }

  @Override
  public byte[] unwrap(WrappedKey wrapped) throws KeyException, InterruptedIOException {
    Packet packet = Packet.parse(wrapped.bytes());
    if (!ResourceUri.isMeant(packet.kid())) {
      throw new KeyException(
          "its key is named '%s', expected kbs:///REPOSITORY/TYPE/TAG".formatted(packet.kid()));
    }
    byte[] key = key(packet);
    try {
      if (key.length != KEY_BYTES) {
        throw new KeyException(
            "the key %s has %d bytes, expected %d".formatted(packet.kid(), key.length, KEY_BYTES));
      }
      return packet.open(key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private byte[] key(Packet packet) throws KeyException, InterruptedIOException {
    try {
      return secrets.read(packet.kid(), KEY_BYTES);
    } catch (ImageException failed) {
      throw new KeyException(String.valueOf(failed.getMessage()), failed);
    }
  }
}
