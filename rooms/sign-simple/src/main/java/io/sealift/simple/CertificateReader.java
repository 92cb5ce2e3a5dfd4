package io.sealift.simple;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.jspecify.annotations.Nullable;

/// Reads the packets of a key ring into certificates (RFC 9580 §10.1.2). Packets that are not
/// understood, such as other people's signatures of kinds to come, are passed over with what
/// belongs to them; a key that is not understood is not there.
final class CertificateReader {

  private final Map<String, Certificate> certificates = new LinkedHashMap<>();
  private final List<PGPSignature> revocations = new ArrayList<>();

  /// The ring that is being read.
  private String origin = "";

  /// What the next packets belong to; null when that was not understood.
  private @Nullable Certificate certificate;

  private List<PGPSignature> signatures = new ArrayList<>();
  private int keys;
  private String trouble = "no OpenPGP key";

  /// Adds what a ring holds to what others held.
  ///
  /// @param ring binary or armoured
  /// @param name the ring's
  /// @throws WorthlessException when it holds no key
  void read(byte[] ring, String name) throws WorthlessException {
    origin = name;
    keys = 0;
    trouble = "no OpenPGP key";
    certificate = null;
    signatures = new ArrayList<>();
    Packets packets = new Packets(Armour.isOn(ring) ? Armour.off(ring) : ring);
    for (Packets.Packet packet = packets.next(); packet != null; packet = packets.next()) {
      read(packet);
    }
    if (keys == 0) {
      throw new WorthlessException("found " + trouble);
    }
  }

  List<Certificate> certificates() {
    return List.copyOf(certificates.values());
  }

  private void read(Packets.Packet packet) throws WorthlessException {
    switch (packet.tag()) {
      case Packets.PUBLIC_KEY -> beginCertificate(packet);
      case Packets.PUBLIC_SUBKEY -> beginSubkey(packet);
      case Packets.USER_ID ->
          signatures =
              certificate == null ? new ArrayList<>() : certificate.ofUserId(packet.body());
      case Packets.USER_ATTRIBUTE -> signatures = new ArrayList<>();
      case Packets.SIGNATURE -> addSignature(packet);
      case Packets.SECRET_KEY -> throw new WorthlessException("found a secret key");
      default -> {} // trust, markers, padding, and what is still to be invented
    }
  }

  private void beginCertificate(Packets.Packet packet) {
    certificate = null;
    signatures = new ArrayList<>();
    PGPPublicKey primary = key(packet);
    if (primary == null) {
      return;
    }
    keys++;
    certificate =
        certificates.computeIfAbsent(
            Certificate.fingerprint(primary), fingerprint -> new Certificate(primary, revocations));
    certificate.origins().add(origin);
    signatures = certificate.direct();
  }

  private void beginSubkey(Packets.Packet packet) {
    PGPPublicKey subkey = certificate == null ? null : key(packet);
    signatures =
        certificate == null || subkey == null ? new ArrayList<>() : certificate.ofSubkey(subkey);
  }

  private @Nullable PGPPublicKey key(Packets.Packet packet) {
    try {
      if (packet.stream().readPacket() instanceof PublicKeyPacket key) {
        if (key.getVersion() == 4 || key.getVersion() == 6) {
          return new PGPPublicKey(key, new BcKeyFingerprintCalculator());
        }
        trouble = "no OpenPGP key but of version " + key.getVersion() + ", which are not trusted";
      }
      return null;
    } catch (IOException | PGPException | RuntimeException unknown) {
      trouble = "no OpenPGP key that is understood: " + unknown.getMessage();
      return null;
    }
  }

  private void addSignature(Packets.Packet packet) {
    try {
      PGPSignature signature = new PGPSignature(packet.stream());
      signatures.add(signature);
      if (signature.getSignatureType() == PGPSignature.KEY_REVOCATION
          || signature.getSignatureType() == PGPSignature.SUBKEY_REVOCATION) {
        revocations.add(signature);
      }
    } catch (IOException | PGPException | RuntimeException unknown) {
      // Somebody's signature of a kind that is not understood makes a key neither better nor worse.
      return;
    }
  }
}
