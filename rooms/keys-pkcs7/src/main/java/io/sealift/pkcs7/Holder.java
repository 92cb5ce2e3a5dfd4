package io.sealift.pkcs7;

import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;

/// Somebody whom keys are wrapped for: a certificate and the private key that belongs to it.
record Holder(X509Certificate certificate, RSAPrivateKey key) {

  /// Nothing of the key itself.
  @Override
  public String toString() {
    return "holder of " + certificate.getSerialNumber().toString(16);
  }
}
