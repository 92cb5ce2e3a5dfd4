package io.sealift.pgp;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyFile;
import io.sealift.crypt.KeyUnwrapper;
import io.sealift.crypt.Recipients;
import io.sealift.crypt.WrappedKey;
import java.util.ArrayList;
import java.util.List;

/// Opens keys of the scheme `pgp` with secret OpenPGP keys. Immutable and thread-safe.
public final class PgpKeys implements KeyUnwrapper {

  private static final String SCHEME = "pgp";

  /// Operations with secret keys for one wrapped key; recipients without a name are tried with all.
  private static final int MAX_TRIES = 256;

  private final List<SecretKey> keys = new ArrayList<>();

  /// Unlocks all keys, which takes a moment for each: their files may be closed afterwards.
  ///
  /// @param files of which those are taken that are secret key rings
  /// @throws KeyException when none of a ring's keys can be unlocked, with the name of its file
  public PgpKeys(List<KeyFile> files) throws KeyException {
    for (KeyFile file : files) {
      if (takes(file)) {
        keys.addAll(SecretRing.read(file));
      }
    }
  }

  /// Whether a file is a secret key ring, binary or armoured.
  public static boolean takes(KeyFile file) {
    return SecretRing.isOne(file.bytes());
  }

  @Override
  public boolean knows(String scheme) {
    return scheme.equals(SCHEME);
  }

  /// The keys that the message says it is for.
  @Override
  public List<String> recipients(WrappedKey wrapped) {
    try {
      return EncryptedMessage.parse(wrapped.bytes()).recipients();
    } catch (KeyException malformed) {
      return List.of(malformed.reason());
    }
  }

  @Override
  public byte[] unwrap(WrappedKey wrapped) throws KeyException {
    if (keys.isEmpty()) {
      throw new KeyException("no secret key ring was given");
    }
    EncryptedMessage message = EncryptedMessage.parse(wrapped.bytes());
    KeyException failure =
        new KeyException(
            "none of %d secret keys is a recipient; it is for %s"
                .formatted(keys.size(), Recipients.some(message.recipients())));
    int tries = 0;
    for (int recipient = 0; recipient < message.recipients().size(); recipient++) {
      for (SecretKey key : keys) {
        if (message.mayBeFor(recipient, key) && tries++ < MAX_TRIES) {
          try {
            return message.open(recipient, key);
          } catch (KeyException failed) {
            failure = failed;
          }
        }
      }
    }
    throw failure;
  }
}
