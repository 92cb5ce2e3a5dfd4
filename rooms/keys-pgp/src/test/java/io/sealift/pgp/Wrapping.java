package io.sealift.pgp;

import io.sealift.crypt.WrappedKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.bouncycastle.bcpg.SymmetricKeyAlgorithmTags;
import org.bouncycastle.openpgp.PGPCompressedDataGenerator;
import org.bouncycastle.openpgp.PGPEncryptedDataGenerator;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPLiteralDataGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPGPDataEncryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyKeyEncryptionMethodGenerator;

/// How private options are wrapped. Immutable.
///
/// @param integrity whether the data are protected
/// @param aead whether in the newer way (RFC 9580 §5.13.2)
record Wrapping(boolean integrity, boolean aead) {

  static final Wrapping USUAL = new Wrapping(true, false);

  byte[] literal(byte[] content, TestRing... recipients) throws Exception {
    return packets(literal(content), recipients);
  }

  static byte[] literal(byte[] content) throws IOException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    try (OutputStream out =
        new PGPLiteralDataGenerator()
            .open(packet, PGPLiteralData.BINARY, "", content.length, PGPLiteralData.NOW)) {
      out.write(content);
    }
    return packet.toByteArray();
  }

  static byte[] compressed(byte[] packet) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = new PGPCompressedDataGenerator(1).open(compressed)) {
      out.write(packet);
    }
    return compressed.toByteArray();
  }

  /// Encrypts what is inside, packets.
  byte[] packets(byte[] inside, TestRing... recipients) throws Exception {
    BcPGPDataEncryptorBuilder builder =
        new BcPGPDataEncryptorBuilder(SymmetricKeyAlgorithmTags.AES_256)
            .setWithIntegrityPacket(integrity);
    if (aead) {
      builder.setUseV6AEAD().setWithAEAD(2, 6);
    }
    PGPEncryptedDataGenerator generator = new PGPEncryptedDataGenerator(builder);
    for (TestRing recipient : recipients) {
      generator.addMethod(new BcPublicKeyKeyEncryptionMethodGenerator(recipient.encryptionKey()));
    }
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    try (OutputStream out = generator.open(message, inside.length)) {
      out.write(inside);
    }
    return message.toByteArray();
  }

  static WrappedKey key(byte[] message) {
    return new WrappedKey("pgp", message);
  }
}
