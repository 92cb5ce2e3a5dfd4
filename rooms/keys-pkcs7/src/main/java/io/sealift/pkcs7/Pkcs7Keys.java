package io.sealift.pkcs7;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.KeyFile;
import io.sealift.crypt.KeyUnwrapper;
import io.sealift.crypt.Recipients;
import io.sealift.crypt.WrappedKey;
import io.sealift.pem.Certificates;
import io.sealift.pem.LockedKeyException;
import io.sealift.pem.PrivateKeys;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Opens keys of the scheme `pkcs7` with certificates and the private RSA keys that belong to them.
/// Nothing else of a certificate matters: neither who issued it nor when it expires. Immutable and
/// thread-safe.
public final class Pkcs7Keys implements KeyUnwrapper {

  private static final String SCHEME = "pkcs7";

  private final List<Holder> holders = new ArrayList<>();
  private final int certificates;
  private final int privateKeys;

  /// @param files of which those are taken that are certificates or private RSA keys, or both in
  ///   one; PEM or DER; they may be closed afterwards
  /// @throws KeyException when a private key cannot be read, with the name of its file
  public Pkcs7Keys(List<KeyFile> files) throws KeyException {
    List<X509Certificate> certificates = new ArrayList<>();
    List<RSAPrivateKey> keys = new ArrayList<>();
    for (KeyFile file : files) {
      certificates.addAll(Certificates.read(file.bytes()));
      privateKey(file).ifPresent(keys::add);
    }
    for (X509Certificate certificate : certificates) {
      for (RSAPrivateKey key : keys) {
        if (belongsTo(key, certificate)) {
          holders.add(new Holder(certificate, key));
        }
      }
    }
    this.certificates = certificates.size();
    this.privateKeys = keys.size();
  }

  /// Why nothing that was given opens anything.
  private String lack() {
    return certificates == 0 || privateKeys == 0
        ? "it takes a certificate and its private RSA key, and %d and %d were given"
            .formatted(certificates, privateKeys)
        : "none of %d certificates belongs to one of %d private RSA keys"
            .formatted(certificates, privateKeys);
  }

  /// Whether a file is a certificate or a private RSA key.
  ///
  /// @throws KeyException when it is a private key and cannot be read, with the name of the file
  public static boolean takes(KeyFile file) throws KeyException {
    return !Certificates.read(file.bytes()).isEmpty() || privateKey(file).isPresent();
  }

  private static Optional<RSAPrivateKey> privateKey(KeyFile file) throws KeyException {
    try {
      PrivateKey key = PrivateKeys.read(file.bytes(), file.password()).orElse(null);
      return key instanceof RSAPrivateKey rsa ? Optional.of(rsa) : Optional.empty();
    } catch (LockedKeyException locked) {
      throw new KeyException(
          "read private key %s: %s".formatted(file.name(), locked.getMessage()), locked);
    }
  }

  private static boolean belongsTo(RSAPrivateKey key, X509Certificate certificate) {
    return certificate.getPublicKey() instanceof RSAPublicKey rsa
        && rsa.getModulus().equals(key.getModulus());
  }

  @Override
  public boolean knows(String scheme) {
    return scheme.equals(SCHEME);
  }

  /// The certificates that the envelope says it is for.
  @Override
  public List<String> recipients(WrappedKey wrapped) {
    try {
      return Envelope.parse(wrapped.bytes()).addressees().stream()
          .map(Addressee::toString)
          .toList();
    } catch (KeyException malformed) {
      return List.of(malformed.reason());
    }
  }

  @Override
  public byte[] unwrap(WrappedKey wrapped) throws KeyException {
    if (holders.isEmpty()) {
      throw new KeyException(lack());
    }
    Envelope envelope = Envelope.parse(wrapped.bytes());
    for (Addressee addressee : envelope.addressees()) {
      for (Holder holder : holders) {
        if (addressee.is(holder.certificate())) {
          return envelope.open(addressee, holder);
        }
      }
    }
    throw new KeyException(
        "none of %d certificates is a recipient; it is for %s"
            .formatted(holders.size(), Recipients.some(envelope.addressees())));
  }
}
