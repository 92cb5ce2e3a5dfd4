package io.sealift.cli;

import static io.sealift.cli.Attack.confined;
import static io.sealift.cli.Attack.layer;
import static io.sealift.cli.Attack.refused;
import static io.sealift.cli.Attack.unsafe;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealift.oci.MediaType;
import io.sealift.testing.BuiltBlob;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.Packing;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.codec.GzipMember;
import io.sealift.testing.codec.ZstdFrames;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Layers whose compression is a bomb, a maze or a lie, or that go on after their end.
class HostileStreamsTest extends HostileContract {

  private static final byte[] TAR = new TarBuilder().file("f", "x").build();
  private static final byte[] OTHER = new TarBuilder().file("smuggled", "!").build();
  private static final byte[] ZEROS = new byte[64 << 20];
  private static final String CUT = "layer LAYER: inflate …";
  private static final String PLAIN_CUT = "layer LAYER: read layer as tar: member at byte 1024: …";
  private static final String NO_DIGEST = "sha256:" + "0".repeat(64);

  static Stream<Attack> attacks() {
    return Stream.of(bombs(), frames(), ends(), truncated()).flatMap(all -> all);
  }

  /// A layer of these bytes, described truly but for a diff_id that nobody gets to compare.
  private static BuiltBlob packed(byte[]... parts) {
    MediaType type = ImageBuilder.Form.OCI.layer(Packing.GZIP.compression());
    return BuiltBlob.of(type, join(List.of(parts))).diffId(NO_DIGEST);
  }

  private static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static byte[] times(int count, byte[] part) {
    return join(Collections.nCopies(count, part));
  }

  private static Stream<Attack> bombs() {
    byte[] member = GzipMember.of(ZEROS).bytes();
    byte[] frame = ZstdFrames.frame(ZEROS);
    return Stream.of(
        unsafe(
                "two gigabytes of zeros by zstd",
                "inflate: expected at most 1000 plain bytes for each compressed one (maxRatio), found …")
            .by(packed(times(32, frame))),
        unsafe(
                "more bytes than allowed by gzip",
                "inflate: expected at most 1048576 bytes of tar (maxBytes), found more")
            .by(packed(member))
            .with("--max-layer-bytes=1M"),
        unsafe(
                "more bytes than allowed by zstd",
                "inflate: expected at most 1048576 bytes of tar (maxBytes), found more")
            .by(packed(frame))
            .with("--max-layer-bytes=1M"),
        unsafe("a million empty members", "inflate gzip: more than 1024 empty members")
            .by(packed(times(1_000_000, GzipMember.of(new byte[0]).bytes()))),
        unsafe("a million empty frames", "inflate zstd: more than 65536 empty or skippable frames")
            .by(packed(times(1_000_000, ZstdFrames.frame(new byte[0])))));
  }

  private static Stream<Attack> frames() {
    return Stream.of(
        unsafe(
                "a window of two gigabytes",
                "inflate zstd: frame wants a window of 2147483648 bytes, the bound is 33554432")
            .by(packed(ZstdFrames.ofWindow(31, 0, TAR))),
        unsafe(
                "a content size of all memory",
                "inflate zstd: frame wants a window of 9223372036854775807 bytes, the bound is 33554432")
            .by(packed(ZstdFrames.ofContentSize(Long.MAX_VALUE, TAR))),
        refused("a content size that lies", 6, "layer LAYER: inflate zstd: malformed frame: …")
            .by(packed(ZstdFrames.ofContentSize(TAR.length + 1, TAR))),
        unsafe(
                "a frame of four gigabytes to skip",
                "inflate zstd: more than 536870912 bytes in skippable frames")
            .by(packed(ZstdFrames.frame(TAR), ZstdFrames.skippable(0, -1, TAR))),
        refused(
                "a frame to skip that is longer than the layer",
                6,
                "layer LAYER: inflate zstd: the input ends inside frame 1; it was cut short")
            .by(packed(ZstdFrames.skippable(0, 4096, TAR))),
        unsafe("a dictionary", "inflate zstd: frame wants dictionary 77, layers have none")
            .by(packed(ZstdFrames.ofDictionary(77, TAR))),
        refused(
                "a wrong length in the trailer",
                6,
                "layer LAYER: inflate gzip: checksum or length of a member is not what its trailer says")
            .by(packed(GzipMember.of(TAR).withTrailer(0, 7).bytes())));
  }

  private static Stream<Attack> ends() {
    byte[] member = GzipMember.of(TAR).bytes();
    byte[] smuggled = GzipMember.of(OTHER).bytes();
    BuiltBlob two = packed(member, smuggled);
    BuiltBlob first = layer(new TarBuilder().file("f", "x"));
    return Stream.of(
        refused(
                "bytes after the end of gzip",
                6,
                "layer LAYER: inflate gzip: expected a member, zero bytes or the end after member 1, got 0x6d")
            .by(packed(member, "more".getBytes(US_ASCII))),
        refused(
                "bytes after the end of zstd",
                6,
                "layer LAYER: inflate zstd: expected a frame or the end, got bytes 0x6d6f7265")
            .by(packed(ZstdFrames.frame(TAR), "more".getBytes(US_ASCII))),
        refused(
                "bytes after the padding",
                6,
                "layer LAYER: inflate gzip: expected only zero bytes after the padding began, got 0x1f")
            .by(packed(member, new byte[512], smuggled)),
        confined("an archive after the end", "f 644 x").by(two.diffId(digest(TAR, OTHER))),
        refused(
                "an archive after the end that the diff_id leaves out",
                6,
                "verify unpacked layer: expected DIFFID, got " + digest(TAR, OTHER))
            .by(two.diffId(digest(TAR))),
        refused(
                "a member after the end that the digest leaves out",
                6,
                "verify layer LAYER: expected %d bytes, got more".formatted(first.size()))
            .by(first.bytes(join(List.of(first.bytes(), smuggled)))),
        refused(
                "padding after the end that the digest leaves out",
                6,
                "verify layer LAYER: expected %d bytes, got more".formatted(first.size()))
            .by(first.bytes(join(List.of(first.bytes(), new byte[512])))));
  }

  private static String digest(byte[]... parts) {
    return BuiltBlob.of(MediaType.OCI_CONFIG, join(List.of(parts))).digest();
  }

  /// A layer that is cut off at every 4 KiB: behind the back of its descriptor, or described so.
  private static Stream<Attack> truncated() {
    byte[] noise = new byte[20_000];
    new Random(1).nextBytes(noise);
    byte[] tar = new TarBuilder().file("first", "x").file("noise", noise).build();
    return Stream.of(Packing.TAR, Packing.GZIP, Packing.ZSTD)
        .map(packing -> BuiltBlob.layer(tar, packing, ImageBuilder.Form.OCI))
        .flatMap(HostileStreamsTest::truncated);
  }

  private static Stream<Attack> truncated(BuiltBlob whole) {
    boolean plain = whole.mediaType().endsWith("tar");
    return IntStream.iterate(4096, at -> at < whole.size(), at -> at + 4096)
        .boxed()
        .flatMap(at -> {
          String name = "%s cut at %d".formatted(whole.mediaType(), at);
          byte[] cut = Arrays.copyOf(whole.bytes(), at);
          String shorter =
              "verify layer LAYER: expected %d bytes, got %d".formatted(whole.size(), at);
          return Stream.of(
              refused(name, 6, plain ? shorter : CUT).by(whole.bytes(cut)),
              refused(name + ", described so", plain ? 7 : 6, plain ? PLAIN_CUT : CUT)
                  .by(packed(cut)));
        });
  }
}
