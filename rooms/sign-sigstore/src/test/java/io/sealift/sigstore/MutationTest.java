package io.sealift.sigstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.UnsafeContentException;
import io.sealift.secret.FileSecrets;
import io.sealift.sigstore.certificate.TimeStamp;
import io.sealift.sigstore.crypto.Unproven;
import io.sealift.sigstore.trust.Trust;
import io.sealift.sigstore.trust.TrustReader;
import io.sealift.testing.BuiltImage;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every byte of what is proved, changed; and texts that were cut or shuffled.
class MutationTest {

  private static final Keyless KEYLESS = new Keyless();
  private static final BuiltImage IMAGE = Scene.image("hello");
  private static final byte[] PAYLOAD = CosignLayer.payload(IMAGE.digest(), Scene.NAME);
  private static final CosignLayer LAYER = KEYLESS.attachment(PAYLOAD);
  private static final Trust TRUST = trust();

  private static Trust trust() {
    try {
      return new TrustReader(new FileSecrets()).read(KEYLESS.rootRequirement());
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String verify(Evidence evidence) throws Unproven {
    return new Verifier(TRUST, InstantSource.fixed(Scene.NOW)).verify(evidence);
  }

  private static String verify(byte[] payload, Map<String, String> annotations)
      throws Unproven, UnsafeContentException {
    return verify(Attachment.signature(payload, annotations));
  }

  /// The parts of a signature, to be changed.
  enum Part {
    PAYLOAD,
    SIGNATURE,
    CERTIFICATE,
    ENTRY,
    PROMISE;

    private byte[] bytes() {
      byte[] bundle = MutationTest.bundle();
      return switch (this) {
        case PAYLOAD -> MutationTest.PAYLOAD;
        case SIGNATURE -> LAYER.signature();
        case CERTIFICATE -> TestAuthority.der(KEYLESS.certificate);
        case ENTRY -> base64(Edit.text(bundle, "Payload/body"));
        case PROMISE -> base64(Edit.text(bundle, "SignedEntryTimestamp"));
      };
    }

    private CosignLayer with(byte[] bytes) {
      String base64 = java.util.Base64.getEncoder().encodeToString(bytes);
      byte[] bundle = MutationTest.bundle();
      return switch (this) {
        case PAYLOAD -> LAYER.content(bytes);
        case SIGNATURE -> LAYER.with(CosignLayer.SIGNATURE, base64);
        case CERTIFICATE ->
            LAYER.with(CosignLayer.CERTIFICATE, SigningKey.pem("CERTIFICATE", bytes));
        case ENTRY -> LAYER.with(CosignLayer.BUNDLE, Edit.set(bundle, "Payload/body", base64));
        case PROMISE ->
            LAYER.with(CosignLayer.BUNDLE, Edit.set(bundle, "SignedEntryTimestamp", base64));
      };
    }
  }

  private static byte[] bundle() {
    return String.valueOf(LAYER.annotations().get(CosignLayer.BUNDLE))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] base64(String text) {
    return java.util.Base64.getDecoder().decode(text);
  }

  @ParameterizedTest
  @EnumSource
  void noByteOfASignatureMayBeAnother(Part part) throws Exception {
    assertEquals(Keyless.SIGNER, verify(PAYLOAD, LAYER.annotations()));
    byte[] bytes = part.bytes();
    for (int index = 0; index < bytes.length; index++) {
      byte[] changed = bytes.clone();
      changed[index] ^= (byte) (1 << (index % 8));
      CosignLayer layer = part.with(changed);
      Exception refused =
          assertThrows(
              Exception.class,
              () -> verify(layer.content(), layer.annotations()),
              part + "@" + index);
      assertFalse(refused instanceof RuntimeException, refused.toString());
    }
  }

  /// A log entry that was itself made for the changed certificate does not save it.
  @Test
  void noByteOfACertificateMayBeAnotherEvenWhereTheLogAgrees() {
    byte[] bytes = TestAuthority.der(KEYLESS.certificate);
    for (int index = 0; index < bytes.length; index++) {
      byte[] changed = bytes.clone();
      changed[index] ^= (byte) (1 << (index % 8));
      byte[] pem = SigningKey.pem("CERTIFICATE", changed);
      CosignLayer layer =
          KEYLESS.logged(
              LAYER.with(CosignLayer.CERTIFICATE, pem),
              TestLog.hashedRekord(PAYLOAD, LAYER.signature(), pem),
              TestLog.TAKEN);
      Exception refused =
          assertThrows(
              Exception.class, () -> verify(PAYLOAD, layer.annotations()), "byte " + index);
      assertFalse(refused instanceof RuntimeException, refused.toString());
    }
  }

  @Test
  void noByteOfATimeStampMakesItAnotherTime() {
    byte[] stamped = {1, 2, 3};
    byte[] bytes = KEYLESS.clock.stamp(stamped, TestLog.TAKEN, true);
    int refused = 0;
    for (int index = 0; index < bytes.length; index++) {
      byte[] changed = bytes.clone();
      changed[index] ^= (byte) (1 << (index % 8));
      try {
        assertEquals(
            TestLog.TAKEN, TimeStamp.read(changed).check(stamped, TRUST.timeAuthorities()));
      } catch (Unproven expected) {
        refused++;
      }
    }
    // what is not signed (status, versions, certificates that are known anyway) may be anything
    assertEquals(true, refused > bytes.length / 2, refused + " of " + bytes.length);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void timeStampsInPiecesAreRefusedWithAReason(long seed) {
    Random random = new Random(seed);
    byte[] bytes = KEYLESS.clock.stamp(new byte[] {1}, TestLog.TAKEN, true);
    for (int count = 0; count < 2000; count++) {
      byte[] changed = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      for (int change = random.nextInt(4); change > 0 && changed.length > 0; change--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      try {
        assertEquals(
            TestLog.TAKEN, TimeStamp.read(changed).check(new byte[] {1}, TRUST.timeAuthorities()));
      } catch (Unproven expected) {
        assertFalse(String.valueOf(expected.getMessage()).isEmpty());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void bundlesInPiecesAreRefusedWithAReason(long seed) throws Exception {
    Random random = new Random(seed);
    byte[] statement = Keyless.statement(Statement.COSIGN_SIGN, IMAGE.digest());
    byte[] bytes =
        KEYLESS.bundle().stamped(KEYLESS.clock, TestLog.TAKEN, true).statement(statement);
    for (int count = 0; count < 1000; count++) {
      byte[] changed =
          random.nextInt(8) == 0
              ? Arrays.copyOf(bytes, random.nextInt(bytes.length))
              : bytes.clone();
      for (int change = random.nextInt(3); change >= 0 && changed.length > 0; change--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      try {
        verify(Bundle.read(changed, () -> IMAGE.document().bytes()));
      } catch (Unproven | io.sealift.failure.ImageException expected) {
        assertFalse(String.valueOf(expected.getMessage()).isEmpty());
      }
    }
  }
}
