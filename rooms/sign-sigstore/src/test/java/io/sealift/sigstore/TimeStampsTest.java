package io.sealift.sigstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.sigstore.certificate.Authority;
import io.sealift.sigstore.certificate.Period;
import io.sealift.sigstore.certificate.TimeStamp;
import io.sealift.sigstore.crypto.Unproven;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Time stamps by authorities whose keys and digests are of several kinds.
class TimeStampsTest {

  private static final Instant TIME = Instant.parse("2026-03-01T10:01:00Z");
  private static final byte[] STAMPED = {1, 2, 3};

  private static List<Authority> authorities(TestClock clock) {
    return List.of(
        new Authority(
            "clock",
            List.of(clock.authority.root),
            List.of(clock.certificate, clock.authority.intermediate),
            Period.ALWAYS));
  }

  private static String refusal(byte[] response, byte[] stamped, TestClock clock) {
    return String.valueOf(
        assertThrows(
                Unproven.class, () -> TimeStamp.read(response).check(stamped, authorities(clock)))
            .getMessage());
  }

  @ParameterizedTest
  @EnumSource(names = {"P256", "P384", "P384_SHA256", "P521", "RSA_2048", "RSA_3072"})
  void countByKeysOfManyKinds(SigningKey.Kind kind) throws Exception {
    TestClock clock = new TestClock(kind);
    byte[] response = clock.stamp(STAMPED, TIME, true);
    assertEquals(TIME, TimeStamp.read(response).check(STAMPED, authorities(clock)));
    assertEquals(
        "the time stamp's digest is not that of the signature",
        refusal(response, new byte[] {1, 2, 4}, clock));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SHA-256", "SHA-384", "SHA-512"})
  void countOverDigestsOfTheFamily(String digest) throws Exception {
    TestClock clock = new TestClock();
    assertEquals(
        TIME,
        TimeStamp.read(clock.stamp(STAMPED, TIME, digest)).check(STAMPED, authorities(clock)));
  }

  @Test
  void doNotCountOverADigestThatIsBroken() {
    TestClock clock = new TestClock();
    assertEquals(
        "a time stamp with the digest 1.3.14.3.2.26",
        refusal(clock.stamp(STAMPED, TIME, "SHA-1"), STAMPED, clock));
  }

  @Test
  void areNothingWithoutAnAuthority() {
    TestClock clock = new TestClock();
    byte[] response = clock.stamp(STAMPED, TIME, true);
    assertEquals(
        "the time stamp is by no authority of the trusted root",
        assertThrows(Unproven.class, () -> TimeStamp.read(response).check(STAMPED, List.of()))
            .getMessage());
  }

  /// Certificates for other purposes stamp nothing.
  @Test
  void doNotCountByCertificatesForSomethingElse() {
    TestClock clock = new TestClock();
    TestAuthority fulcio = clock.authority;
    Authority coding =
        new Authority(
            "code",
            List.of(fulcio.root),
            List.of(fulcio.leaf(clock.key).logs().issue(), fulcio.intermediate),
            Period.ALWAYS);
    byte[] response = clock.stamp(STAMPED, TIME, false);
    Unproven refused =
        assertThrows(
            Unproven.class, () -> TimeStamp.read(response).check(STAMPED, List.of(coding)));
    assertEquals("the time stamp's signer is unknown to the authority code", refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "'', not DER",
    "3000, a time stamp that is cut short",
    "30023000, not DER",
    "30053003020100, a time stamp that was not granted",
    "30053003020102, a time stamp that was not granted",
    "300730030201003000, not DER"
  })
  void whatIsNoneIsRefused(String response, String reason) {
    String message =
        String.valueOf(
            assertThrows(Unproven.class, () -> TimeStamp.read(HexFormat.of().parseHex(response)))
                .getMessage());
    assertTrue(message.contains(reason), message);
  }
}
