package io.sealift.pgp;

import io.sealift.crypt.KeyException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.bcpg.BCPGInputStream;
import org.bouncycastle.bcpg.KeyIdentifier;
import org.bouncycastle.openpgp.PGPEncryptedData;
import org.bouncycastle.openpgp.PGPEncryptedDataList;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPLiteralData;
import org.bouncycastle.openpgp.PGPPublicKeyEncryptedData;
import org.bouncycastle.openpgp.operator.bc.BcPublicKeyDataDecryptorFactory;

/// An OpenPGP message as ocicrypt makes it (RFC 9580 §10.3): a session key for each recipient, and
/// integrity-protected data that hold literal data and nothing else: neither compressed nor signed.
/// What was changed or was opened with the wrong key fails with one and the same reason, so that
/// nobody learns from the reason what is inside.
final class EncryptedMessage {

  /// Bytes of a message; one with a hundred recipients has 60 000.
  private static final int MAX_BYTES = 256 * 1024;

  /// Recipients; the images of whole teams have a few dozen.
  private static final int MAX_RECIPIENTS = 256;

  /// Bytes of the data inside with their header; real ones have about 250.
  private static final int MAX_CONTENT = 64 * 1024;

  private static final String NO_MESSAGE = "it is no encrypted OpenPGP message";
  private static final String WRONG = "the secret key does not open it, or it was changed";

  private final byte[] bytes;

  private final List<KeyIdentifier> recipients;

  private EncryptedMessage(byte[] bytes, List<KeyIdentifier> recipients) {
    this.bytes = bytes;
    this.recipients = List.copyOf(recipients);
  }

  static EncryptedMessage parse(byte[] bytes) throws KeyException {
    if (bytes.length > MAX_BYTES) {
      throw new KeyException(
          "it has %d bytes, more than the %d allowed".formatted(bytes.length, MAX_BYTES));
    }
    try {
      PGPEncryptedDataList parsed = packets(new ByteArrayInputStream(bytes));
      if (parsed.isEmpty()) {
        throw new KeyException(NO_MESSAGE);
      }
      if (!parsed.isIntegrityProtected()) {
        throw new KeyException(
            "its data are not integrity-protected, so anybody may have changed them");
      }
      List<KeyIdentifier> recipients = new ArrayList<>();
      for (PGPEncryptedData one : parsed) {
        if (one instanceof PGPPublicKeyEncryptedData forKey) {
          recipients.add(forKey.getKeyIdentifier());
        }
      }
      if (recipients.isEmpty() || recipients.size() > MAX_RECIPIENTS) {
        throw new KeyException(
            "it is for %d keys, expected 1 to %d".formatted(recipients.size(), MAX_RECIPIENTS));
      }
      return new EncryptedMessage(bytes, recipients);
    } catch (IOException | RuntimeException malformed) {
      throw new KeyException(NO_MESSAGE, malformed);
    }
  }

  private static PGPEncryptedDataList packets(InputStream stream) throws IOException {
    return new PGPEncryptedDataList(new BCPGInputStream(stream));
  }

  /// For people, each as the message names it.
  List<String> recipients() {
    return recipients.stream().map(EncryptedMessage::name).toList();
  }

  private static String name(KeyIdentifier recipient) {
    return recipient.isWildcard()
        ? "somebody unnamed"
        : "OpenPGP key %016X".formatted(recipient.getKeyId());
  }

  /// Whether a recipient is the holder of this key, or does not say who it is.
  boolean mayBeFor(int recipient, SecretKey key) {
    KeyIdentifier named = recipients.get(recipient);
    return named.isWildcard() || named.matchesExplicit(key.identifier());
  }

  /// What is inside; the caller owns and clears it.
  ///
  /// @param recipient whose session key it is, from 0
  byte[] open(int recipient, SecretKey key) throws KeyException {
    byte[] opened = null;
    try {
      InputStream stream = new ByteArrayInputStream(bytes);
      PGPEncryptedData data = sessionKeys(packets(stream)).get(recipient);
      InputStream plain =
          ((PGPPublicKeyEncryptedData) data)
              .getDataStream(new BcPublicKeyDataDecryptorFactory(key.key()));
      opened = plain.readNBytes(MAX_CONTENT + 1);
      // The check of integrity is behind the last byte.
      if (opened.length > MAX_CONTENT || !data.verify() || stream.available() > 0) {
        throw new KeyException(WRONG);
      }
      return literal(opened);
    } catch (PGPException | IOException | RuntimeException wrong) {
      throw new KeyException(WRONG);
    } finally {
      if (opened != null) {
        Arrays.fill(opened, (byte) 0);
      }
    }
  }

  private static List<PGPEncryptedData> sessionKeys(PGPEncryptedDataList parsed) {
    List<PGPEncryptedData> forKeys = new ArrayList<>();
    for (PGPEncryptedData one : parsed) {
      if (one instanceof PGPPublicKeyEncryptedData) {
        forKeys.add(one);
      }
    }
    return forKeys;
  }

  private static byte[] literal(byte[] packet) throws KeyException {
    try {
      InputStream stream = new ByteArrayInputStream(packet);
      byte[] content =
          new PGPLiteralData(new BCPGInputStream(stream)).getInputStream().readAllBytes();
      if (stream.available() == 0) {
        return content;
      }
      Arrays.fill(content, (byte) 0);
    } catch (IOException | RuntimeException another) {
      throw new KeyException("what it holds is not plain data, as ocicrypt writes them");
    }
    throw new KeyException("what it holds is not plain data, as ocicrypt writes them");
  }
}
