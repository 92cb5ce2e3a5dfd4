package io.sealift.jwe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyFile;
import io.sealift.pem.LockedKeyException;
import io.sealift.pem.PrivateKeys;
import java.security.PrivateKey;
import java.text.ParseException;
import java.util.Optional;

/// Reads a private key as PEM, DER, or JSON Web Key (RFC 7517).
final class PrivateKeyFile {
  private PrivateKeyFile() {}

  /// @return nothing when the file is something else
  static Optional<PrivateKey> read(KeyFile file) throws KeyException {
    byte[] bytes = file.bytes();
    int first = 0;
    while (first < bytes.length && Character.isWhitespace(bytes[first])) {
      first++;
    }
    if (first < bytes.length && bytes[first] == '{') {
      return jwk(new String(bytes, UTF_8));
    }
    try {
      return PrivateKeys.read(bytes, file.password());
    } catch (LockedKeyException locked) {
      throw new KeyException(
          "read private key %s: %s".formatted(file.name(), locked.getMessage()), locked);
    }
  }

  private static Optional<PrivateKey> jwk(String json) {
    try {
      return JWK.parse(json) instanceof AsymmetricJWK key
          ? Optional.ofNullable(key.toPrivateKey())
          : Optional.empty();
    } catch (ParseException | JOSEException another) {
      return Optional.empty();
    }
  }
}
