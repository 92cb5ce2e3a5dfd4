package io.sealift.simple;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPSignature;
import org.jspecify.annotations.Nullable;

/// An OpenPGP message with exactly one signature, which nothing is proved about yet. Of the grammar
/// of messages (RFC 9580 §10.3) only what tools that sign make is understood:
///
/// | form | packets |
/// |---|---|
/// | usual | one-pass signature, literal data, signature |
/// | old | signature, literal data |
/// | compressed | one of these inside one packet of compressed data |
///
/// Nothing may come before, between or after; cleartext and detached signatures are no messages.
///
/// @param content the body of the literal data, which the signature is over
@SuppressWarnings("ArrayRecordComponent")
record SignedMessage(byte[] content, PGPSignature signature) {

  static SignedMessage parse(byte[] bytes) throws WorthlessException {
    Packets packets = new Packets(bytes);
    Packets.@Nullable Packet first = packets.next();
    if (first != null && first.tag() == Packets.COMPRESSED) {
      requireEnd(packets.next());
      packets = new Packets(Inflation.inflate(first.body()));
      first = packets.next();
    }
    return switch (first == null ? -1 : first.tag()) {
      case Packets.ONE_PASS_SIGNATURE -> onePass(requirePresent(first), packets);
      case Packets.SIGNATURE -> signatureFirst(requirePresent(first), packets);
      case Packets.LITERAL -> throw new WorthlessException("it is not signed");
      case Packets.COMPRESSED ->
          throw new WorthlessException("it is compressed inside a compression");
      case 1, 3, 9, 18, 20 -> throw new WorthlessException("it is encrypted, expected signed data");
      default -> throw new WorthlessException("it is no signed message");
    };
  }

  private static SignedMessage onePass(Packets.Packet announcement, Packets packets)
      throws WorthlessException {
    Packets.Packet second = requirePresent(packets.next());
    if (second.tag() == Packets.ONE_PASS_SIGNATURE) {
      throw new WorthlessException("it has more than one signature");
    }
    byte[] content = content(second);
    PGPSignature signature = signature(requirePresent(packets.next()));
    requireEnd(packets.next());
    OnePass.parse(announcement.body()).requireOf(signature);
    return new SignedMessage(content, signature);
  }

  private static SignedMessage signatureFirst(Packets.Packet first, Packets packets)
      throws WorthlessException {
    Packets.@Nullable Packet second = packets.next();
    if (second == null) {
      throw new WorthlessException("it is a detached signature, expected one around its data");
    }
    if (second.tag() == Packets.SIGNATURE) {
      throw new WorthlessException("it has more than one signature");
    }
    byte[] content = content(second);
    requireEnd(packets.next());
    return new SignedMessage(content, signature(first));
  }

  private static Packets.Packet requirePresent(Packets.@Nullable Packet packet)
      throws WorthlessException {
    if (packet == null) {
      throw new WorthlessException("malformed OpenPGP: it ends before the message does");
    }
    return packet;
  }

  private static void requireEnd(Packets.@Nullable Packet packet) throws WorthlessException {
    if (packet != null) {
      throw new WorthlessException(
          packet.tag() == Packets.SIGNATURE
              ? "it has more than one signature"
              : "malformed OpenPGP: more after the message");
    }
  }

  /// The data of a literal packet: a format, a file name and a date, which no signature covers, and
  /// the rest. A binary signature is over the rest as it is, whatever the format.
  private static byte[] content(Packets.Packet packet) throws WorthlessException {
    if (packet.tag() != Packets.LITERAL) {
      throw new WorthlessException(
          "malformed OpenPGP: expected literal data, found a packet of type %d"
              .formatted(packet.tag()));
    }
    byte[] body = packet.body();
    int data = body.length < 2 ? Integer.MAX_VALUE : 2 + (body[1] & 0xff) + 4;
    if (data > body.length) {
      throw new WorthlessException("malformed OpenPGP: literal data without a whole header");
    }
    return Arrays.copyOfRange(body, data, body.length);
  }

  /// Parses a signature packet, and refuses one that says the same in another way than usual: then
  /// nothing in it can be changed unseen.
  private static PGPSignature signature(Packets.Packet packet) throws WorthlessException {
    if (packet.tag() != Packets.SIGNATURE) {
      throw new WorthlessException(
          "malformed OpenPGP: expected a signature, found a packet of type %d"
              .formatted(packet.tag()));
    }
    try {
      PGPSignature signature = new PGPSignature(packet.stream());
      Packets.Packet again = new Packets(signature.getEncoded()).next();
      if (again == null || !Arrays.equals(again.body(), packet.body())) {
        throw new WorthlessException("malformed OpenPGP: the signature packet is not sound");
      }
      return signature;
    } catch (IOException | PGPException | RuntimeException malformed) {
      throw new WorthlessException(
          "malformed OpenPGP: the signature packet is not sound: " + malformed.getMessage(),
          malformed);
    }
  }

  /// What comes before the data so that they can be digested in one pass (RFC 9580 §5.4); it must
  /// foretell the signature that follows.
  @SuppressWarnings("ArrayRecordComponent")
  private record OnePass(int version, int type, int hash, int algorithm, byte[] issuer) {

    private static final int BYTES_OF_3 = 13;
    private static final int KEY_ID_BYTES = 8;
    private static final int FINGERPRINT_BYTES_OF_6 = 32;

    static OnePass parse(byte[] body) throws WorthlessException {
      int version = body.length == 0 ? 0 : body[0];
      int issuer = version == 3 ? 4 : version == 6 && body.length > 4 ? 5 + (body[4] & 0xff) : -1;
      int issuerBytes = version == 3 ? KEY_ID_BYTES : FINGERPRINT_BYTES_OF_6;
      if (issuer < 0 || body.length != issuer + issuerBytes + 1 || body.length < BYTES_OF_3) {
        throw new WorthlessException("malformed OpenPGP: the one-pass signature is not sound");
      }
      int last = body[body.length - 1];
      if (last != 1) {
        throw new WorthlessException(
            last == 0
                ? "it has more than one signature"
                : "malformed OpenPGP: the one-pass signature is not sound");
      }
      return new OnePass(
          version,
          body[1] & 0xff,
          body[2] & 0xff,
          body[3] & 0xff,
          Arrays.copyOfRange(body, issuer, issuer + issuerBytes));
    }

    void requireOf(PGPSignature signature) throws WorthlessException {
      boolean same =
          (version == 6) == (signature.getVersion() == 6)
              && type == signature.getSignatureType()
              && hash == signature.getHashAlgorithm()
              && algorithm == signature.getKeyAlgorithm();
      if (!same || !namesIssuerOf(signature)) {
        throw new WorthlessException(
            "its one-pass signature foretells another signature than the one that follows");
      }
    }

    private boolean namesIssuerOf(PGPSignature signature) {
      String named = HexFormat.of().formatHex(issuer);
      return signature.getKeyIdentifiers().stream()
          .anyMatch(identifier ->
              version == 6
                  ? identifier.hasFingerprint(issuer)
                  : named.equals("%016x".formatted(identifier.getKeyId())));
    }
  }
}
