package io.sealift.jwe;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyFile;
import io.sealift.crypt.KeyUnwrapper;
import io.sealift.crypt.WrappedKey;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.List;

/// Opens keys of the scheme `jwe` with private RSA and EC keys. Immutable and thread-safe.
public final class JweKeys implements KeyUnwrapper {

  private static final String SCHEME = "jwe";

  private final List<PrivateKey> keys = new ArrayList<>();

  /// @param files of which those are taken that are private keys
  /// @throws KeyException when a private key cannot be read, with the name of its file
  public JweKeys(List<KeyFile> files) throws KeyException {
    for (KeyFile file : files) {
      PrivateKeyFile.read(file).ifPresent(keys::add);
    }
  }

  /// Whether a file is a private key.
  ///
  /// @throws KeyException when it is one and cannot be read, with the name of the file
  public static boolean takes(KeyFile file) throws KeyException {
    return PrivateKeyFile.read(file).isPresent();
  }

  @Override
  public boolean knows(String scheme) {
    return scheme.equals(SCHEME);
  }

  @Override
  public List<String> recipients(WrappedKey wrapped) {
    try {
      return Jwe.parse(wrapped.bytes()).recipients().stream().map(Jwe.Recipient::name).toList();
    } catch (KeyException malformed) {
      return List.of(malformed.reason());
    }
  }

  /// Every recipient is tried with every key: the format has no name for a key that all writers
  /// use.
  @Override
  public byte[] unwrap(WrappedKey wrapped) throws KeyException {
    if (keys.isEmpty()) {
      throw new KeyException("no private key was given");
    }
    Jwe message = Jwe.parse(wrapped.bytes());
    KeyException last = null;
    for (Jwe.Recipient recipient : message.recipients()) {
      for (PrivateKey key : keys) {
        try {
          return message.open(recipient, key);
        } catch (KeyException failed) {
          last = failed;
        }
      }
    }
    if (last != null && keys.size() == 1 && message.recipients().size() == 1) {
      throw last;
    }
    throw new KeyException(
        "none of %d private keys opens any of its %d recipients"
            .formatted(keys.size(), message.recipients().size()));
  }
}
