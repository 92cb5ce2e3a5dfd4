package io.sealift.crypt;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The cipher by the Java platform; always there, and fast once the second compiler has seen it.
public final class JcaCipher implements LayerCipher {

  @Override
  public String name() {
    return "JCA";
  }

  @Override
  public Stream open(LayerKey key) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(key.key(), "AES"),
          new IvParameterSpec(key.nonce()));
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.key(), "HmacSHA256"));
      return new JcaStream(cipher, mac);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("this Java platform lacks AES/CTR or HmacSHA256", missing);
    }
  }

  private record JcaStream(Cipher cipher, Mac mac) implements Stream {

    @Override
    public void decrypt(ByteBuffer bytes) {
      mac.update(bytes.duplicate());
      try {
        int length = cipher.update(bytes.duplicate(), bytes.duplicate());
        if (length != bytes.remaining()) {
          throw new IllegalStateException(
              "decrypted %d bytes of %d".formatted(length, bytes.remaining()));
        }
      } catch (GeneralSecurityException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    @Override
    public byte[] hmac() {
      return mac.doFinal();
    }

    @Override
    public void close() {}
  }
}
