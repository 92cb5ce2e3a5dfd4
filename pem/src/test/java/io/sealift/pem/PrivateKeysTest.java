package io.sealift.pem;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.X962Parameters;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.operator.OutputEncryptor;
import org.bouncycastle.pkcs.jcajce.JcaPKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateKeysTest {

  private static final KeyPair RSA = rsa();
  private static final KeyPair EC = ec();

  private static KeyPair rsa() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static KeyPair ec() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (java.security.GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static char[] password() {
    return "pa ß".toCharArray();
  }

  private static byte[] pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString().getBytes(US_ASCII);
  }

  private static byte[] lockedTraditional(PrivateKey key) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(
          key,
          new JcePEMEncryptorBuilder("AES-256-CBC")
              .setProvider(new BouncyCastleProvider())
              .build(password()));
    }
    return text.toString().getBytes(US_ASCII);
  }

  private static OutputEncryptor encryptor(ASN1ObjectIdentifier cipher) throws Exception {
    return new JceOpenSSLPKCS8EncryptorBuilder(cipher)
        .setProvider(new BouncyCastleProvider())
        .setPassword(password())
        .build();
  }

  private static byte[] inner(KeyPair pair) throws IOException {
    return PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded())
        .parsePrivateKey()
        .toASN1Primitive()
        .getEncoded();
  }

  /// As OpenSSL writes it, with the name of the curve.
  private static byte[] sec1() throws IOException {
    return new org.bouncycastle.asn1.sec.ECPrivateKey(
            256,
            ((ECPrivateKey) EC.getPrivate()).getS(),
            new X962Parameters(SECObjectIdentifiers.secp256r1))
        .getEncoded();
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /// The number that makes a key, whatever else its encoding says.
  private static BigInteger secret(PrivateKey key) {
    return key instanceof ECPrivateKey ec ? ec.getS() : ((RSAPrivateKey) key).getPrivateExponent();
  }

  static List<Arguments> clear() throws Exception {
    return List.of(
        Arguments.of("PKCS #8 PEM, RSA", pem(new JcaPKCS8Generator(RSA.getPrivate(), null)), RSA),
        Arguments.of("PKCS #8 PEM, EC", pem(new JcaPKCS8Generator(EC.getPrivate(), null)), EC),
        Arguments.of("PKCS #1 PEM", pem(RSA.getPrivate()), RSA),
        Arguments.of("SEC 1 PEM", pem(new PemObject("EC PRIVATE KEY", sec1())), EC),
        Arguments.of("SEC 1 DER", sec1(), EC),
        Arguments.of("PKCS #8 DER, RSA", RSA.getPrivate().getEncoded(), RSA),
        Arguments.of("PKCS #8 DER, EC", EC.getPrivate().getEncoded(), EC),
        Arguments.of("PKCS #1 DER", inner(RSA), RSA),
        Arguments.of(
            "behind a public key", joined(pem(EC.getPublic()), pem(RSA.getPrivate())), RSA),
        Arguments.of(
            "behind words",
            joined("key:\n".getBytes(US_ASCII), pem(new JcaPKCS8Generator(EC.getPrivate(), null))),
            EC));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("clear")
  void readsKeysInTheClear(String name, byte[] file, KeyPair expected) throws Exception {
    assertEquals(secret(expected.getPrivate()), secret(PrivateKeys.read(file, null).orElseThrow()));
    assertEquals(
        secret(expected.getPrivate()), secret(PrivateKeys.read(file, password()).orElseThrow()));
  }

  static List<Arguments> locked() throws Exception {
    return List.of(
        Arguments.of("traditional PEM, RSA", lockedTraditional(RSA.getPrivate()), RSA),
        Arguments.of(
            "PKCS #8 PEM, AES-256",
            pem(new JcaPKCS8Generator(RSA.getPrivate(), encryptor(PKCS8Generator.AES_256_CBC))),
            RSA),
        Arguments.of(
            "PKCS #8 PEM, triple DES",
            pem(new JcaPKCS8Generator(EC.getPrivate(), encryptor(PKCS8Generator.DES3_CBC))),
            EC),
        Arguments.of(
            "PKCS #8 DER",
            new JcaPKCS8EncryptedPrivateKeyInfoBuilder(EC.getPrivate())
                .build(encryptor(PKCS8Generator.AES_128_CBC))
                .getEncoded(),
            EC));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("locked")
  void readsKeysBehindPasswords(String name, byte[] file, KeyPair expected) throws Exception {
    assertEquals(
        secret(expected.getPrivate()), secret(PrivateKeys.read(file, password()).orElseThrow()));
    assertEquals(
        "it is encrypted, and no password was given",
        assertThrows(LockedKeyException.class, () -> PrivateKeys.read(file, null)).getMessage());
    assertEquals(
        "its password is wrong",
        assertThrows(LockedKeyException.class, () -> PrivateKeys.read(file, "wrong".toCharArray()))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "-----BEGIN ", "0", "0\u0003\u0002\u0001\u0001"})
  void findsNoKeyInOtherFiles(String file) throws Exception {
    assertEquals(Optional.empty(), PrivateKeys.read(file.getBytes(US_ASCII), null));
  }

  @Test
  void saysThatAKeyIsDamaged() throws Exception {
    byte[] file = pem(RSA.getPrivate());
    byte[] cut = Arrays.copyOf(file, file.length / 2);
    assertEquals(
        "it is damaged",
        assertThrows(LockedKeyException.class, () -> PrivateKeys.read(cut, null)).getMessage());
  }

  @Test
  void refusesKindsThatNothingDecryptsWith() throws Exception {
    byte[] file =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
    assertEquals(
        "it is no RSA or EC key that this Java knows",
        assertThrows(LockedKeyException.class, () -> PrivateKeys.read(file, null)).getMessage());
  }
}
