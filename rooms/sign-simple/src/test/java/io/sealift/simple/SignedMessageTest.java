package io.sealift.simple;

import static io.sealift.simple.Messages.compressed;
import static io.sealift.simple.Messages.join;
import static io.sealift.simple.Messages.literal;
import static io.sealift.simple.Messages.packet;
import static io.sealift.simple.Messages.signatureFirst;
import static io.sealift.simple.Messages.signed;
import static io.sealift.simple.Messages.utf8;
import static io.sealift.simple.Verdicts.PAYLOAD;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which messages are signed by a key that may sign, and what is refused for which reason.
class SignedMessageTest {

  private static TestKey key;
  private static TestKey other;
  private static KeyRing ring;

  @BeforeAll
  static void makeKeys() throws Exception {
    key = TestKey.usual();
    other = TestKey.usual();
    ring = Verdicts.ring(key.ring());
  }

  /// Makes a message.
  interface Made {
    byte[] message() throws Exception;
  }

  private static Arguments made(String name, String verdict, Made made) {
    return Arguments.of(name, verdict, made);
  }

  private static Signing.OnePass parts() throws Exception {
    return parts(key.signing());
  }

  private static Signing.OnePass parts(Signing signing) throws Exception {
    return signing.data(PGPSignature.BINARY_DOCUMENT, PAYLOAD);
  }

  private static byte[] announcement() throws Exception {
    return parts().announcement().getEncoded();
  }

  private static byte[] signature() throws Exception {
    return parts().signature().getEncoded();
  }

  private static byte[] data() {
    return literal('b', PAYLOAD);
  }

  static Stream<Arguments> soundOnes() {
    String signed = "signed by KEY";
    return Stream.of(
        made("one-pass", signed, () -> signed(PAYLOAD, key.signing())),
        made("signature first", signed, () -> signatureFirst(PAYLOAD, key.signing())),
        made("ZIP", signed, () -> compressed(1, signed(PAYLOAD, key.signing()))),
        made("ZLIB", signed, () -> compressed(2, signed(PAYLOAD, key.signing()))),
        made("BZip2", signed, () -> compressed(3, signed(PAYLOAD, key.signing()))),
        made(
            "compression that does nothing",
            signed,
            () -> compressed(0, signed(PAYLOAD, key.signing()))),
        made(
            "compressed, signature first",
            signed,
            () -> compressed(1, signatureFirst(PAYLOAD, key.signing()))),
        made(
            "literal data called text, which are signed as they are",
            signed,
            () -> join(announcement(), literal('t', PAYLOAD), signature())),
        made(
            "literal data called UTF-8",
            signed,
            () -> join(announcement(), literal('u', PAYLOAD), signature())),
        made(
            "literal data in parts",
            signed,
            () -> join(announcement(), inParts(data()), signature())),
        made(
            "compressed data in parts",
            signed,
            () -> inParts(compressed(1, signed(PAYLOAD, key.signing())))),
        made(
            "compressed data without a length",
            signed,
            () -> withoutLength(compressed(1, signed(PAYLOAD, key.signing())))),
        made(
            "signature first, literal data without a length",
            signed,
            () -> join(signature(), withoutLength(data()))),
        made(
            "in a container",
            signed,
            () -> join(utf8("\0simple-signing\n"), signed(PAYLOAD, key.signing()))),
        made(
            "that expires later",
            signed,
            () ->
                signed(
                    PAYLOAD,
                    key.signing()
                        .saying(said -> said.setSignatureExpirationTime(true, 86_400 * 365)))),
        made(
            "made in the future, as gpg has it",
            signed,
            () -> signed(PAYLOAD, key.signing().at(TestKey.NOW.plusSeconds(60)))));
  }

  static Stream<Arguments> malformedOnes() {
    return Stream.of(
        made("nothing", "the file is empty", () -> new byte[0]),
        made("text", "it is no simple signature: it begins with byte 0x7b", () -> PAYLOAD),
        made(
            "cleartext",
            "it is armoured or cleartext, expected binary",
            () -> utf8("-----BEGIN PGP SIGNED MESSAGE-----\n")),
        made(
            "HTML",
            "it is no simple signature: it begins with byte 0x3c",
            () -> utf8("<!doctype html>")),
        made(
            "another container",
            "its format is 'sigstore-json', expected simple-signing",
            () -> utf8("\0sigstore-json\n{}")),
        made(
            "a container without a line end",
            "its format has no proper name",
            () -> utf8("\0simple-signing")),
        made(
            "a container with an odd name",
            "its format has no proper name",
            () -> join(utf8("\0simple-sign\u00efng\n"), signed(PAYLOAD, key.signing()))),
        made(
            "a container with a long name",
            "its format has no proper name",
            () -> utf8("\0" + "x".repeat(1000) + "\n")),
        made("an empty container", "it is no signed message", () -> utf8("\0simple-signing\n")),
        made("literal only", "it is not signed", () -> join(utf8("\0simple-signing\n"), data())),
        made("literal only, compressed", "it is not signed", () -> compressed(1, data())),
        made(
            "encrypted",
            "it is encrypted, expected signed data",
            () -> compressed(0, packet(1, new byte[20]))),
        made("a key", "it is no signed message", () -> compressed(0, key.ring())),
        made(
            "detached",
            "it is a detached signature, expected one around its data",
            () -> signature()),
        made("one-pass only", ends(), () -> announcement()),
        made("one-pass without its signature", ends(), () -> join(announcement(), data())),
        made(
            "one-pass, no data",
            "malformed OpenPGP: expected literal data, found a packet of type 2",
            () -> join(announcement(), signature())),
        made(
            "one-pass, something else instead of the signature",
            "malformed OpenPGP: expected a signature, found a packet of type 11",
            () -> join(announcement(), data(), data())),
        made(
            "something before",
            "it is no signed message",
            () -> compressed(0, join(packet(10, utf8("PGP")), signed(PAYLOAD, key.signing())))),
        made(
            "something behind",
            "malformed OpenPGP: more after the message",
            () -> join(signed(PAYLOAD, key.signing()), packet(10, utf8("PGP")))),
        made(
            "bytes behind",
            "malformed OpenPGP: byte 0x00 begins no packet",
            () -> join(signed(PAYLOAD, key.signing()), new byte[1])),
        made(
            "something behind the compressed data",
            "malformed OpenPGP: more after the message",
            () -> join(compressed(1, signed(PAYLOAD, key.signing())), data())),
        made(
            "something behind in the compressed data",
            "malformed OpenPGP: more after the message",
            () -> compressed(1, join(signed(PAYLOAD, key.signing()), data()))),
        made(
            "data inside a compression inside a signature",
            "malformed OpenPGP: expected literal data, found a packet of type 8",
            () -> join(announcement(), compressed(1, data()), signature())),
        made(
            "two compressions",
            "it is compressed inside a compression",
            () -> compressed(1, compressed(1, signed(PAYLOAD, key.signing())))),
        made(
            "a thousand compressions", "it is compressed inside a compression", () -> nested(1000)),
        made("two signatures", twice(), () -> join(signed(PAYLOAD, key.signing()), signature())),
        made(
            "two signatures, announced",
            twice(),
            () -> join(announcement(), announcement(), data(), signature(), signature())),
        made(
            "two signatures, before the data",
            twice(),
            () -> join(signature(), signature(), data())),
        made(
            "two signatures, before and behind the data",
            twice(),
            () -> join(signature(), data(), signature())),
        made(
            "one-pass that promises another signature",
            twice(),
            () -> join(changed(announcement(), -1, 0), data(), signature())),
        made(
            "one-pass of another key",
            foretells(),
            () -> join(parts(other.signing()).announcement().getEncoded(), data(), signature())),
        made(
            "signature of another key than the one-pass",
            foretells(),
            () -> join(announcement(), data(), parts(other.signing()).signature().getEncoded())),
        made(
            "one-pass of another digest",
            foretells(),
            () ->
                join(
                    parts(key.signing().hash(HashAlgorithmTags.SHA512)).announcement().getEncoded(),
                    data(),
                    signature())),
        made(
            "one-pass of another type",
            foretells(),
            () -> join(changed(announcement(), -12, 1), data(), signature())),
        made(
            "one-pass of another algorithm",
            foretells(),
            () -> join(changed(announcement(), -10, 1), data(), signature())),
        made(
            "one-pass of a version to come",
            "malformed OpenPGP: the one-pass signature is not sound",
            () -> join(changed(announcement(), -13, 4), data(), signature())),
        made(
            "one-pass too short",
            "malformed OpenPGP: the one-pass signature is not sound",
            () -> join(packet(4, new byte[] {3, 0, 8}), data(), signature())),
        made(
            "an empty one-pass",
            "malformed OpenPGP: the one-pass signature is not sound",
            () -> join(packet(4, new byte[0]), data(), signature())),
        made(
            "literal data without a header",
            "malformed OpenPGP: literal data without a whole header",
            () -> join(announcement(), packet(11, utf8("b")), signature())),
        made(
            "literal data with half a header",
            "malformed OpenPGP: literal data without a whole header",
            () -> join(announcement(), packet(11, new byte[] {'b', 100, 0, 0}), signature())),
        made(
            "a signature without a length",
            "malformed OpenPGP: a packet of type 2 without a length",
            () -> join(announcement(), data(), withoutLength(signature()))),
        made(
            "a length beyond the end",
            "malformed OpenPGP: it ends inside a packet",
            () -> new byte[] {(byte) 0xc4, (byte) 0xff, 0x7f, -1, -1, -1}),
        made(
            "a length beyond what Java can count",
            "malformed OpenPGP: it ends inside a packet",
            () -> new byte[] {(byte) 0xc4, (byte) 0xff, -1, -1, -1, -1}),
        made(
            "a part of a gigabyte",
            "malformed OpenPGP: it ends inside a packet",
            () -> new byte[] {(byte) 0xc8, (byte) 0xfe, 1}),
        made(
            "no length at all",
            "malformed OpenPGP: it ends inside a packet",
            () -> new byte[] {(byte) 0xc4}),
        made(
            "an unknown compression",
            "it is compressed by algorithm 4, expected ZIP, ZLIB or BZip2",
            () -> compressed(4, data())),
        made(
            "compressed nothing",
            "malformed OpenPGP: a compressed packet without content",
            () -> packet(8, new byte[0])),
        made(
            "compressed, damaged",
            damaged(),
            () -> changed(compressed(1, signed(PAYLOAD, key.signing())), 7, 0xff)),
        made(
            "compressed, damaged checksum",
            damaged(),
            () -> changed(compressed(2, signed(PAYLOAD, key.signing())), -1, 0xff)),
        made(
            "BZip2, damaged",
            damaged(),
            () -> changed(compressed(3, signed(PAYLOAD, key.signing())), 60, 0xff)),
        made(
            "compressed, cut",
            damaged(),
            () ->
                packet(
                    8, Arrays.copyOfRange(compressed(1, signed(PAYLOAD, key.signing())), 6, 60))),
        made(
            "BZip2, cut",
            damaged(),
            () ->
                packet(
                    8, Arrays.copyOfRange(compressed(3, signed(PAYLOAD, key.signing())), 6, 60))),
        made(
            "bytes behind the end of a compression",
            damaged(),
            () ->
                packet(
                    8,
                    join(
                        new byte[] {1},
                        Messages.deflated(signed(PAYLOAD, key.signing()), true),
                        new byte[1]))),
        made(
            "a compression that wants a dictionary",
            damaged(),
            () -> packet(8, new byte[] {2, 0x78, (byte) 0xbb, 0, 0, 0, 1})));
  }

  private static String ends() {
    return "malformed OpenPGP: it ends before the message does";
  }

  private static String twice() {
    return "it has more than one signature";
  }

  private static String foretells() {
    return "its one-pass signature foretells another signature than the one that follows";
  }

  private static String damaged() {
    return "malformed OpenPGP: its compressed data is damaged";
  }

  static Stream<Arguments> worthlessOnes() {
    String mismatch = "it does not match its data, or key KEY did not make it";
    return Stream.of(
        made(
            "other data",
            mismatch,
            () -> join(announcement(), literal('b', utf8("x")), signature())),
        made(
            "by a stranger",
            "key OTHER made it, which is not among the trusted ones",
            () -> signed(PAYLOAD, other.signing())),
        made(
            "by a stranger in its name",
            mismatch,
            () ->
                signatureFirst(
                    PAYLOAD,
                    other
                        .signing()
                        .saying(said -> said.setIssuerFingerprint(false, key.primary()))
                        .saying(said -> said.setIssuerKeyID(false, key.primary().getKeyID())))),
        made(
            "of text",
            "it is a signature of type 0x01, expected one of binary data",
            () -> signed(PAYLOAD, key.signing(), PGPSignature.CANONICAL_TEXT_DOCUMENT)),
        made(
            "of nothing",
            "it is a signature of type 0x02, expected one of binary data",
            () -> signed(PAYLOAD, key.signing(), PGPSignature.STAND_ALONE)),
        made(
            "of a user",
            "it is a signature of type 0x10, expected one of binary data",
            () -> signed(PAYLOAD, key.signing(), PGPSignature.DEFAULT_CERTIFICATION)),
        made(
            "with MD5",
            "its digest is MD5, expected SHA-2 or SHA-3",
            () -> signed(PAYLOAD, key.signing().hash(HashAlgorithmTags.MD5))),
        made(
            "with SHA-1",
            "its digest is SHA-1, expected SHA-2 or SHA-3",
            () -> signed(PAYLOAD, key.signing().hash(HashAlgorithmTags.SHA1))),
        made(
            "with RIPEMD-160",
            "its digest is RIPEMD-160, expected SHA-2 or SHA-3",
            () -> signed(PAYLOAD, key.signing().hash(HashAlgorithmTags.RIPEMD160))),
        made(
            "expired",
            "it expired at 2026-06-01T00:00:00Z",
            () ->
                signed(
                    PAYLOAD,
                    key.signing()
                        .at(TestKey.NOW.minusSeconds(9))
                        .saying(said -> said.setSignatureExpirationTime(true, 9)))),
        made(
            "older than the key",
            "it was made before its key",
            () -> signed(PAYLOAD, key.signing().at(Pairs.MADE.minusSeconds(1)))),
        made("without a time", "it does not say when it was made", () -> join(timeless(), data())),
        made(
            "with a critical subpacket that nobody understands",
            "it has a critical subpacket of type 101, which is not understood",
            () -> signed(PAYLOAD, key.signing().saying(Signing.raw(101, true)))),
        made(
            "with a critical notation",
            "it has a critical subpacket of type 20, which is not understood",
            () ->
                signed(
                    PAYLOAD,
                    key.signing()
                        .saying(said -> said.addNotationData(true, true, "a@b.example", "c")))),
        made(
            "for somebody",
            "it has a critical subpacket of type 35, which is not understood",
            () ->
                signed(
                    PAYLOAD,
                    key.signing()
                        .saying(
                            said -> said.addIntendedRecipientFingerprint(true, other.primary())))));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource({"soundOnes", "malformedOnes", "worthlessOnes"})
  void decides(String name, String expected, Made made) throws Exception {
    assertEquals(
        expected
            .replace("KEY", key.fingerprint())
            .replace("OTHER", other.fingerprint().substring(24)),
        Verdicts.of(made.message(), ring));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void refusesWhatInflatesToMoreThanAllowed(int algorithm) throws Exception {
    byte[] bomb = compressed(algorithm, literal('b', new byte[Inflation.MAX_BYTES]));
    if (algorithm == 0) {
      assertEquals("it is not signed", Verdicts.of(bomb, ring));
    } else {
      assertEquals("it inflates to more than the 4194304 bytes allowed", Verdicts.of(bomb, ring));
    }
  }

  @Test
  void inflatesAsMuchAsAllowed() throws Exception {
    byte[] content = new byte[Inflation.MAX_BYTES];
    for (int algorithm = 1; algorithm <= 3; algorithm++) {
      byte[] body = Messages.only(compressed(algorithm, content)).body();
      assertArrayEquals(content, Inflation.inflate(body));
    }
  }

  @Test
  void forgetsNoByteOfTheData() throws Exception {
    byte[] content = new byte[100_000];
    new Random(1).nextBytes(content);
    for (byte[] message :
        new byte[][] {
          signed(content, key.signing()),
          compressed(1, signed(content, key.signing())),
          signatureFirst(content, key.signing())
        }) {
      assertArrayEquals(content, SignedMessage.parse(message).content());
    }
  }

  @Test
  void aSignatureThatSaysItsLengthsOddlyIsRefused() throws Exception {
    byte[] body = Messages.only(signature()).body();
    byte[] longer = join(announcement(), data(), packet(2, join(body, new byte[1])));
    WorthlessException refused =
        assertThrows(WorthlessException.class, () -> SignedMessage.parse(longer));
    assertEquals("malformed OpenPGP: the signature packet is not sound", refused.getMessage());
  }

  /// A signature that says by whom it is and nothing else.
  private static byte[] timeless() throws Exception {
    PGPSignatureGenerator generator =
        new PGPSignatureGenerator(
            new BcPGPContentSignerBuilder(key.primary().getAlgorithm(), HashAlgorithmTags.SHA256),
            key.primary()) {
          @Override
          protected void prepareSignatureSubpackets() {}
        };
    generator.init(PGPSignature.BINARY_DOCUMENT, key.signing().by().getPrivateKey());
    PGPSignatureSubpacketGenerator subpackets = new PGPSignatureSubpacketGenerator();
    subpackets.setIssuerFingerprint(false, key.primary());
    generator.setHashedSubpackets(subpackets.generate());
    generator.update(PAYLOAD);
    return generator.generate().getEncoded();
  }

  private static byte[] changed(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at < 0 ? bytes.length + at : at] = (byte) value;
    return changed;
  }

  private static byte[] nested(int times) throws Exception {
    byte[] message = signed(PAYLOAD, key.signing());
    for (int i = 0; i < times; i++) {
      message = compressed(0, message);
    }
    return message;
  }

  /// The packet in parts of 64 bytes, 1 byte and the rest (RFC 9580 §4.2.1.4).
  private static byte[] inParts(byte[] packet) throws Exception {
    byte[] body = Messages.only(packet).body();
    return join(
        new byte[] {packet[0], (byte) 0xe6},
        Arrays.copyOf(body, 64),
        new byte[] {(byte) 0xe0, body[64]},
        ByteBuffer.allocate(5).put((byte) 0xff).putInt(body.length - 65).array(),
        Arrays.copyOfRange(body, 65, body.length));
  }

  /// The packet to the end of the file (RFC 9580 §4.2.2).
  private static byte[] withoutLength(byte[] packet) throws Exception {
    Packets.Packet parsed = Messages.only(packet);
    return join(new byte[] {(byte) (0x80 | parsed.tag() << 2 | 3)}, parsed.body());
  }
}
