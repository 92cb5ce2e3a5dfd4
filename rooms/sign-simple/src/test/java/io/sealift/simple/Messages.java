package io.sealift.simple;

import io.sealift.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.Deflater;
import org.bouncycastle.apache.bzip2.CBZip2OutputStream;
import org.bouncycastle.openpgp.PGPSignature;

/// OpenPGP messages, packet by packet, sound or not.
final class Messages {

  static final String REFERENCE = "registry.example/app:v1";

  private Messages() {}

  /// The text of a simple signature.
  static byte[] payload(Digest digest, String reference) {
    return utf8(
        """
        {"critical":{"identity":{"docker-reference":"%s"},"image":{"docker-manifest-digest":"%s"},\
        "type":"atomic container signature"},"optional":{"creator":"test","timestamp":1767225600}}\
        """
            .formatted(reference, digest));
  }

  static byte[] payload(Digest digest) {
    return payload(digest, REFERENCE);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// A message as gpg makes it, but for the compression.
  static byte[] signed(byte[] content, Signing signing) throws Exception {
    return signed(content, signing, PGPSignature.BINARY_DOCUMENT);
  }

  static byte[] signed(byte[] content, Signing signing, int type) throws Exception {
    Signing.OnePass made = signing.data(type, content);
    return join(
        made.announcement().getEncoded(), literal('b', content), made.signature().getEncoded());
  }

  /// A message as very old tools make it.
  static byte[] signatureFirst(byte[] content, Signing signing) throws Exception {
    return join(
        signing.data(PGPSignature.BINARY_DOCUMENT, content).signature().getEncoded(),
        literal('b', content));
  }

  static byte[] literal(char format, byte[] content) {
    return packet(
        Packets.LITERAL,
        join(new byte[] {(byte) format, 4, 'n', 'a', 'm', 'e', 0, 0, 0, 0}, content));
  }

  /// A packet of the newer form with the longest length.
  static byte[] packet(int tag, byte[] body) {
    return ByteBuffer.allocate(6 + body.length)
        .put((byte) (0xc0 | tag))
        .put((byte) 0xff)
        .putInt(body.length)
        .put(body)
        .array();
  }

  /// A packet of compressed data.
  ///
  /// @param algorithm 0 none, 1 ZIP, 2 ZLIB, 3 BZip2
  static byte[] compressed(int algorithm, byte[] content) throws IOException {
    byte[] data =
        switch (algorithm) {
          case 1 -> deflated(content, true);
          case 2 -> deflated(content, false);
          case 3 -> bzip2(content);
          default -> content;
        };
    return packet(Packets.COMPRESSED, join(new byte[] {(byte) algorithm}, data));
  }

  static byte[] deflated(byte[] content, boolean raw) {
    try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, raw)) {
      deflater.setInput(content);
      deflater.finish();
      byte[] buffer = new byte[64 * 1024];
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    }
  }

  private static byte[] bzip2(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CBZip2OutputStream bzip2 = new CBZip2OutputStream(out)) {
      bzip2.write(content);
    }
    return out.toByteArray();
  }

  /// The one packet in these bytes.
  static Packets.Packet only(byte[] packet) throws WorthlessException {
    return Objects.requireNonNull(new Packets(packet).next());
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      whole.writeBytes(part);
    }
    return whole.toByteArray();
  }
}
