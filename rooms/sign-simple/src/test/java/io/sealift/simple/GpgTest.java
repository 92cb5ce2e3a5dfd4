package io.sealift.simple;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys and signatures that gpg makes, and what gpg says of them.
@Tag("peers")
class GpgTest {

  private static final byte[] DATA = Verdicts.PAYLOAD;
  private static final String THEN = "20250101T000000";
  private static final String LATER = "20250101T010000";

  @TempDir static Path directory;

  private static Gpg gpg;
  private static int homes;

  @BeforeAll
  static void open() throws Exception {
    gpg = new Gpg(directory.resolve("gpg"));
  }

  @AfterAll
  static void close() throws Exception {
    gpg.close();
  }

  private static byte[] nothing() {
    return new byte[0];
  }

  /// What Sealift says of a message now.
  private static String verdict(byte[] message, byte[]... rings) throws Exception {
    try {
      Verifier.Signed signed =
          new Verifier(Verdicts.ring(rings), Instant.now())
              .verify(SignedMessage.parse(SignatureBlob.message(message)));
      assertArrayEquals(DATA, signed.content());
      return "signed by " + signed.signer();
    } catch (WorthlessException worthless) {
      return String.valueOf(worthless.getMessage());
    }
  }

  /// Whether gpg takes the message for signed, knowing no keys but these.
  private static boolean isGoodForGpg(byte[] message, byte[]... rings) throws Exception {
    try (Gpg verifier = new Gpg(directory.resolve("v" + ++homes))) {
      for (byte[] ring : rings) {
        verifier.does(ring, "--import");
      }
      return verifier.verified(message).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rsa1024",
        "rsa2048",
        "rsa4096",
        "ed25519",
        "nistp256",
        "nistp384",
        "nistp521",
        "brainpoolP256r1"
      })
  void signaturesByKeysOfAllKindsCount(String algorithm) throws Exception {
    String key = gpg.makeKey("key " + algorithm, algorithm, "sign", "never", "");
    byte[] ring = gpg.export(key);
    byte[] message = gpg.sign(DATA, key);
    assertEquals("signed by " + key, verdict(message, ring));
    assertEquals(
        "signed by " + key, verdict(message, gpg.does(nothing(), "--armor", "--export", key)));
    assertEquals(true, isGoodForGpg(message, ring));
  }

  @ParameterizedTest
  @ValueSource(strings = {"uncompressed", "zip", "zlib", "bzip2"})
  void compressionsOfAllKindsAreTakenAway(String compression) throws Exception {
    String key = gpg.makeKey("compression " + compression, "ed25519", "sign", "never", "");
    byte[] message = gpg.sign(DATA, key, "--compress-algo", compression);
    assertEquals("signed by " + key, verdict(message, gpg.export(key)));
  }

  /// Data of a size that gpg writes in parts.
  @Test
  void largeDataAreRead() throws Exception {
    String key = gpg.makeKey("large", "ed25519", "sign", "never", "");
    byte[] data = new byte[300_000];
    new Random(1).nextBytes(data);
    Verifier verifier = new Verifier(Verdicts.ring(gpg.export(key)), Instant.now());
    for (String compression : List.of("none", "zip")) {
      SignedMessage message =
          SignedMessage.parse(gpg.sign(data, key, "--compress-algo", compression));
      assertArrayEquals(data, verifier.verify(message).content());
    }
  }

  /// Makes a key and a message; the verdict about them has KEY for the key and SUB for the subkey.
  interface Scene {
    Made make(String name) throws Exception;
  }

  /// @param subkey empty when there is none
  @SuppressWarnings("ArrayRecordComponent")
  record Made(String key, String subkey, byte[] ring, byte[] message) {}

  private static Made made(String key, byte[] message) throws Exception {
    return new Made(key, "", gpg.export(key), message);
  }

  private static Arguments scene(String name, boolean gpg, String verdict, Scene scene) {
    return Arguments.of(name, gpg, verdict, scene);
  }

  private static String usual(String name) throws Exception {
    return gpg.makeKey(name, "ed25519", "sign", "never", "");
  }

  private static String certifying(String name) throws Exception {
    return gpg.makeKey(name, "ed25519", "cert", "never", "");
  }

  static Stream<Arguments> scenes() {
    return Stream.of(
        scene(
            "subkey",
            true,
            "signed by KEY (subkey SUB)",
            name -> {
              String key = certifying(name);
              String subkey = gpg.makeSubkey(key, "rsa2048", "sign", "never", "");
              return new Made(key, subkey, gpg.export(key), gpg.sign(DATA, subkey));
            }),
        scene(
            "subkey of several",
            true,
            "signed by KEY (subkey SUB)",
            name -> {
              String key = certifying(name);
              gpg.makeSubkey(key, "ed25519", "sign", "never", "");
              gpg.makeSubkey(key, "cv25519", "encr", "never", "");
              String subkey = gpg.makeSubkey(key, "rsa2048", "sign", "never", "");
              return new Made(key, subkey, gpg.export(key), gpg.sign(DATA, subkey));
            }),
        scene(
            "expired key",
            false,
            "key KEY expired at 2025-01-11T00:00:00Z",
            name -> {
              String key = gpg.makeKey(name, "ed25519", "sign", "10d", THEN);
              return made(key, gpg.sign(DATA, key, "--faked-system-time=" + LATER));
            }),
        scene(
            "key that expired and was prolonged",
            true,
            "signed by KEY",
            name -> {
              String key = gpg.makeKey(name, "ed25519", "sign", "10d", THEN);
              byte[] message = gpg.sign(DATA, key, "--faked-system-time=" + LATER);
              gpg.does(nothing(), "--quick-set-expire", key, "20y");
              return made(key, message);
            }),
        scene(
            "key that was shortened",
            false,
            "key KEY expired at 2025-01-02T00:00:00Z",
            name -> {
              String key = gpg.makeKey(name, "ed25519", "sign", "never", THEN);
              byte[] message = gpg.sign(DATA, key, "--faked-system-time=" + LATER);
              gpg.does(
                  nothing(),
                  "--faked-system-time=" + LATER,
                  "--quick-set-expire",
                  key,
                  "20250102T000000");
              return made(key, message);
            }),
        scene(
            "expired subkey",
            false,
            "subkey SUB expired at 2025-01-11T00:00:00Z",
            name -> {
              String key = gpg.makeKey(name, "ed25519", "cert", "never", THEN);
              String subkey = gpg.makeSubkey(key, "ed25519", "sign", "10d", THEN);
              byte[] message = gpg.sign(DATA, subkey, "--faked-system-time=" + LATER);
              return new Made(key, subkey, gpg.export(key), message);
            }),
        scene(
            "subkey of an expired key",
            false,
            "key KEY expired at 2025-01-11T00:00:00Z",
            name -> {
              String key = gpg.makeKey(name, "ed25519", "cert", "10d", THEN);
              String subkey = gpg.makeSubkey(key, "ed25519", "sign", "never", THEN);
              byte[] message = gpg.sign(DATA, subkey, "--faked-system-time=" + LATER);
              return new Made(key, subkey, gpg.export(key), message);
            }),
        scene(
            "revoked key",
            false,
            "key KEY is revoked",
            name -> {
              String key = usual(name);
              byte[] message = gpg.sign(DATA, key);
              gpg.revoke(key);
              return made(key, message);
            }),
        scene(
            "revoked subkey",
            false,
            "subkey SUB is revoked",
            name -> {
              String key = certifying(name);
              String subkey = gpg.makeSubkey(key, "ed25519", "sign", "never", "");
              byte[] message = gpg.sign(DATA, subkey);
              gpg.edit(key, "key 1", "revkey", "y", "0", "", "y", "save");
              return new Made(key, subkey, gpg.export(key), message);
            }),
        scene(
            "superseded subkey",
            false,
            "subkey SUB is revoked",
            name -> {
              String key = certifying(name);
              String subkey = gpg.makeSubkey(key, "ed25519", "sign", "never", "");
              byte[] message = gpg.sign(DATA, subkey);
              gpg.edit(key, "key 1", "revkey", "y", "2", "", "y", "save");
              return new Made(key, subkey, gpg.export(key), message);
            }),
        scene(
            "one of two users revoked",
            true,
            "signed by KEY",
            name -> {
              String key = usual(name);
              gpg.does(nothing(), "--quick-add-uid", key, name + " again");
              gpg.does(nothing(), "--quick-revoke-uid", key, name + " again");
              return made(key, gpg.sign(DATA, key));
            }),
        scene(
            "expired signature",
            false,
            "it expired at 2025-01-02T01:00:00Z",
            name -> {
              String key = gpg.makeKey(name, "ed25519", "sign", "never", THEN);
              return made(
                  key,
                  gpg.sign(
                      DATA, key, "--faked-system-time=" + LATER, "--default-sig-expire", "1d"));
            }),
        scene(
            "signature that expires",
            true,
            "signed by KEY",
            name -> {
              String key = usual(name);
              return made(key, gpg.sign(DATA, key, "--default-sig-expire", "20y"));
            }),
        scene(
            "signature of the future",
            true,
            "signed by KEY",
            name -> {
              String key = usual(name);
              return made(key, gpg.sign(DATA, key, "--faked-system-time=20990101T000000"));
            }),
        scene(
            "key of the future",
            false,
            "key KEY was made in the future, at 2099-01-01T00:00:00Z",
            name -> {
              String key = gpg.makeKey(name, "ed25519", "sign", "never", "20990101T000000");
              return made(key, gpg.sign(DATA, key, "--faked-system-time=20990101T010000"));
            }),
        scene(
            "self-signature with SHA-1",
            true,
            "signed by KEY",
            name -> {
              gpg.does(
                  nothing(),
                  "--cert-digest-algo",
                  "SHA1",
                  "--quick-gen-key",
                  name,
                  "rsa2048",
                  "sign",
                  "never");
              return made(gpg.fingerprint(name), gpg.sign(DATA, gpg.fingerprint(name)));
            }),
        scene(
            "with SHA-1, which gpg still takes for data",
            true,
            "its digest is SHA-1, expected SHA-2 or SHA-3",
            name -> {
              String key = gpg.makeKey(name, "rsa2048", "sign", "never", "");
              return made(key, gpg.sign(DATA, key, "--digest-algo", "SHA1"));
            }),
        scene(
            "with MD5",
            false,
            "its digest is MD5, expected SHA-2 or SHA-3",
            name -> {
              String key = gpg.makeKey(name, "rsa2048", "sign", "never", "");
              return made(key, gpg.sign(DATA, key, "--digest-algo", "MD5"));
            }),
        scene(
            "with SHA-512",
            true,
            "signed by KEY",
            name -> {
              String key = gpg.makeKey(name, "rsa2048", "sign", "never", "");
              return made(key, gpg.sign(DATA, key, "--digest-algo", "SHA512"));
            }),
        scene(
            "of text",
            true,
            "it is a signature of type 0x01, expected one of binary data",
            name -> {
              String key = usual(name);
              return made(key, gpg.sign(DATA, key, "--textmode"));
            }),
        scene(
            "critical notation",
            false,
            "it has a critical subpacket of type 20, which is not understood",
            name -> {
              String key = usual(name);
              return made(key, gpg.sign(DATA, key, "--sig-notation", "!a@b.example=c"));
            }),
        scene(
            "notation",
            true,
            "signed by KEY",
            name -> {
              String key = usual(name);
              return made(key, gpg.sign(DATA, key, "--sig-notation", "a@b.example=c"));
            }),
        scene(
            "two signatures",
            false,
            "it has more than one signature",
            name -> {
              String key = usual(name);
              String other = usual(name + " other");
              return new Made(
                  key, "", gpg.export(key, other), gpg.sign(DATA, key, "--local-user", other));
            }),
        scene(
            "detached",
            false,
            "it is a detached signature, expected one around its data",
            name -> {
              String key = usual(name);
              return made(key, gpg.does(DATA, "--local-user", key, "--detach-sign"));
            }),
        scene(
            "cleartext",
            true,
            "it is armoured or cleartext, expected binary",
            name -> {
              String key = usual(name);
              return made(key, gpg.does(DATA, "--local-user", key, "--clearsign"));
            }),
        scene(
            "armoured",
            true,
            "it is armoured or cleartext, expected binary",
            name -> {
              String key = usual(name);
              return made(key, gpg.sign(DATA, key, "--armor"));
            }),
        scene(
            "not signed",
            false,
            "it is not signed",
            name -> made(usual(name), gpg.does(DATA, "--store"))),
        scene(
            "encrypted",
            false,
            "it is no simple signature: it begins with byte 0x84",
            name -> {
              String key = usual(name);
              String subkey = gpg.makeSubkey(key, "cv25519", "encr", "never", "");
              return made(
                  key,
                  gpg.does(DATA, "--trust-model", "always", "--recipient", subkey, "--encrypt"));
            }),
        scene(
            "by another key",
            false,
            "key OTHER made it, which is not among the trusted ones",
            name -> {
              String other = usual(name + " other");
              return new Made(
                  usual(name), other, gpg.export(gpg.fingerprint(name)), gpg.sign(DATA, other));
            }));
  }

  @ParameterizedTest(name = "{0}: {1}, {2}")
  @MethodSource("scenes")
  void signaturesCountForBothOrForNeither(String name, boolean good, String expected, Scene scene)
      throws Exception {
    Made made = scene.make(name);
    String other = made.subkey().isEmpty() ? "" : made.subkey().substring(24);
    assertEquals(
        expected.replace("KEY", made.key()).replace("SUB", made.subkey()).replace("OTHER", other),
        verdict(made.message(), made.ring()));
    assertEquals(good, isGoodForGpg(made.message(), made.ring()), "what gpg says");
  }

  @Test
  void oneByteMakesADifference() throws Exception {
    String key = gpg.makeKey("one byte", "rsa2048", "sign", "never", "");
    byte[] message = gpg.sign(DATA, key, "--compress-algo", "none");
    byte[] ring = gpg.export(key);
    String mismatch = "it does not match its data, or key %s did not make it".formatted(key);
    byte[] otherData = message.clone();
    int at = new String(message, StandardCharsets.ISO_8859_1).indexOf("app:v1");
    otherData[at] ^= 1;
    assertEquals(mismatch, verdict(otherData, ring));
    byte[] otherSignature = message.clone();
    otherSignature[message.length - 9] ^= 1;
    assertEquals(mismatch, verdict(otherSignature, ring));
    byte[] otherKey = ring.clone();
    otherKey[100] ^= 1;
    assertEquals(
        "key %s made it, which is not among the trusted ones".formatted(key.substring(24)),
        verdict(message, otherKey));
  }
}
