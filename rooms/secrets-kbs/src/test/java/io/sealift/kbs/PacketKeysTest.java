package io.sealift.kbs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.crypt.KeyException;
import io.sealift.crypt.WrappedKey;
import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.secret.SecretSource;
import io.sealift.testing.guest.AnnotationPacket;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PacketKeysTest {

  private static final String KID = "kbs:///default/key/1";
  private static final byte[] OPTIONS = "{\"symkey\":\"x\"}".getBytes(UTF_8);
  private static final byte[] KEY = filled(32, 9);

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  /// Has one key, of whatever length.
  @SuppressWarnings("ArrayRecordComponent")
  private record OneKey(byte[] key) implements SecretSource {
    @Override
    public byte[] read(String uri, int maxBytes) throws ImageException {
      if (!uri.equals(KID)) {
        throw new NotFoundException("read %s: there is none".formatted(uri));
      }
      return key.clone();
    }
  }

  private static AnnotationPacket gcm() {
    return AnnotationPacket.gcm(KID, KEY, filled(12, 1), OPTIONS);
  }

  private static AnnotationPacket ctr() {
    return AnnotationPacket.ctr(KID, KEY, filled(16, 1), OPTIONS);
  }

  private static byte[] unwrap(byte[] packet) throws KeyException, InterruptedIOException {
    return new PacketKeys(new OneKey(KEY))
        .unwrap(new WrappedKey("provider.attestation-agent", packet));
  }

  static Stream<AnnotationPacket> sound() {
    return Stream.of(
        gcm(),
        ctr(),
        gcm().version2(),
        ctr().version2(),
        gcm().version2().field("version", null),
        gcm().version2().field("provider", null),
        gcm().version2().field("annotations", Map.of("a", "b")),
        gcm().field("something new", 1));
  }

  @ParameterizedTest
  @MethodSource("sound")
  void opensBothVersionsAndBothCiphers(AnnotationPacket packet) throws Exception {
    assertArrayEquals(OPTIONS, unwrap(packet.build()));
  }

  static Stream<Arguments> unsound() {
    String data = Base64.getEncoder().encodeToString(filled(40, 5));
    return Stream.of(
        Arguments.of(
            gcm().field("wrapped_data", data),
            "the key kbs:///default/key/1 does not open it, or it was changed"),
        Arguments.of(gcm().field("wrapped_data", "AAAA"), null),
        Arguments.of(gcm().field("wrapped_data", "?"), "its wrapped_data is not base64"),
        Arguments.of(
            gcm().field("wrapped_data", null),
            "it is no annotation packet: read packet: /wrapped_data: expected a value, found none"),
        Arguments.of(
            gcm().field("kid", "kbs:///default/key/2"), "read kbs:///default/key/2: there is none"),
        Arguments.of(
            gcm().field("kid", "/default/image-kek/1"),
            "its key is named '/default/image-kek/1', expected kbs:///REPOSITORY/TYPE/TAG"),
        Arguments.of(
            gcm().field("kid", "file:///etc/shadow"),
            "its key is named 'file:///etc/shadow', expected kbs:///REPOSITORY/TYPE/TAG"),
        Arguments.of(
            gcm().field("kid", null),
            "it is no annotation packet: read packet: /kid: expected a value, found none"),
        Arguments.of(gcm().field("iv", "AAAA"), "its iv has 3 bytes, expected 12 for A256GCM"),
        Arguments.of(
            gcm().field("wrap_type", "A256CTR"), "its iv has 12 bytes, expected 16 for A256CTR"),
        Arguments.of(
            ctr().field("wrap_type", "A256GCM"), "its iv has 16 bytes, expected 12 for A256GCM"),
        Arguments.of(gcm().field("iv", "?"), "its iv is not base64"),
        Arguments.of(
            gcm().field("iv", null),
            "it is no annotation packet: read packet: /iv: expected a value, found none"),
        Arguments.of(
            gcm().field("wrap_type", "A128GCM"),
            "it is wrapped by 'A128GCM', expected A256GCM or A256CTR"),
        Arguments.of(
            gcm().field("wrap_type", 1),
            "it is no annotation packet: read packet: /wrap_type: expected a string, found a number"),
        Arguments.of(
            gcm().version2().field("provider", "aliyun"),
            "the key management service 'aliyun' has its key, expected kbs"),
        Arguments.of(
            gcm().version2().field("version", "0.2.0"), "it has version '0.2.0', expected 0.1.0"));
  }

  @ParameterizedTest
  @MethodSource("unsound")
  void saysWhyAPacketDoesNotOpen(AnnotationPacket packet, @Nullable String reason) {
    KeyException refused = assertThrows(KeyException.class, () -> unwrap(packet.build()));
    if (reason != null) {
      assertEquals(reason, refused.reason());
    }
  }

  @Test
  void refusesWhatIsNoJson() {
    for (String text : new String[] {"", "[]", "{", "\u0000"}) {
      KeyException refused = assertThrows(KeyException.class, () -> unwrap(text.getBytes(UTF_8)));
      assertTrue(refused.reason().startsWith("it is no annotation packet: "), refused.reason());
    }
  }

  @Test
  void refusesKeysOfAnotherLength() {
    for (int length : new int[] {0, 16, 31, 33}) {
      KeyException refused =
          assertThrows(
              KeyException.class,
              () ->
                  new PacketKeys(new OneKey(new byte[length]))
                      .unwrap(new WrappedKey("provider.attestation-agent", gcm().build())));
      assertEquals(
          "the key kbs:///default/key/1 has %d bytes, expected 32".formatted(length),
          refused.reason());
    }
  }

  @Test
  void opensWhatTheSampleProviderMade() throws Exception {
    byte[] key = new SampleSecrets().read("kbs:///default/test-key/1", 32);
    byte[] packet =
        AnnotationPacket.gcm("kbs:///default/test-key/1", key, new byte[12], OPTIONS).build();
    assertArrayEquals(
        OPTIONS,
        new PacketKeys(new SampleSecrets())
            .unwrap(new WrappedKey("provider.attestation-agent", packet)));
  }

  @Test
  void tellsWhichKeyIsWanted() {
    PacketKeys keys = new PacketKeys(new SampleSecrets());
    assertEquals(
        List.of("kbs:///default/key/1"),
        keys.recipients(new WrappedKey("provider.attestation-agent", gcm().build())));
    String reason =
        keys.recipients(new WrappedKey("provider.attestation-agent", new byte[1])).getFirst();
    assertTrue(reason.startsWith("it is no annotation packet: "), reason);
  }

  @Test
  void knowsOneSchemeOnly() {
    PacketKeys keys = new PacketKeys(new SampleSecrets());
    assertTrue(keys.knows("provider.attestation-agent"));
    assertFalse(keys.knows("provider.other"));
    assertFalse(keys.knows("jwe"));
  }
}
