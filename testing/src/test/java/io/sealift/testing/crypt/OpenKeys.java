package io.sealift.testing.crypt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyUnwrapper;
import io.sealift.crypt.WrappedKey;

/// A scheme called `plain`, whose wrapped keys are the private options behind `open:`.
public enum OpenKeys implements KeyUnwrapper {
  INSTANCE;

  private static final String PREFIX = "open:";

  static byte[] wrapped(LayerEncryptor encryptor) {
    return (PREFIX + new String(encryptor.privateOptions(), UTF_8)).getBytes(UTF_8);
  }

  public static LayerEncryptor wrap(LayerEncryptor encryptor) {
    return encryptor.wrap("plain", wrapped(encryptor));
  }

  @Override
  public boolean knows(String scheme) {
    return scheme.equals("plain");
  }

  @Override
  public byte[] unwrap(WrappedKey key) throws KeyException {
    String text = new String(key.bytes(), UTF_8);
    if (!text.startsWith(PREFIX)) {
      throw new KeyException("it is locked");
    }
    return text.substring(PREFIX.length()).getBytes(UTF_8);
  }
}
