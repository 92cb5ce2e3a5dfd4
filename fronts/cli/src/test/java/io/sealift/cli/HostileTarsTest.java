package io.sealift.cli;

import static io.sealift.cli.Attack.confined;
import static io.sealift.cli.Attack.unsafe;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealift.tar.Printable;
import io.sealift.testing.BuiltImage;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.LayerStream;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.TarMember;
import io.sealift.testing.TarMember.Dialect;
import io.sealift.testing.TarMember.Sparse;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Layers whose tars disagree with themselves, or claim too much.
class HostileTarsTest extends HostileContract {

  static Stream<Attack> attacks() {
    return Stream.of(records(), claims()).flatMap(all -> all);
  }

  private static TarBuilder tar() {
    return new TarBuilder();
  }

  /// @param place of the member, in bytes of tar, and what is wrong with it
  private static Attack malformed(String name, String place) {
    return unsafe(name, "read layer as tar: member at byte " + place);
  }

  private static Stream<Attack> records() {
    byte[] inner = tar().file("smuggled", "!").withoutTrailer();
    TarMember path =
        TarMember.of('x', "x").content("9 path=x\n".getBytes(US_ASCII)).dialect(Dialect.USTAR);
    TarMember name = TarMember.of('L', "x").content(new byte[] {'y', 0}).dialect(Dialect.GNU);
    return Stream.of(
        confined(
                "a member in the content that the header denies",
                "f 644 " + Printable.of(inner),
                "g 644")
            .by(
                tar()
                    .add(TarMember.file("f", inner).pax("size", "" + inner.length).claimSize(0))
                    .file("g", "")),
        confined("content that the header alone claims", "f 644", "smuggled 644 !", "g 644")
            .by(tar().add(TarMember.file("f", inner).pax("size", "0")).file("g", "")),
        malformed("a key twice", "0: expected each PAX key once, found another path")
            .by(tar().add(TarMember.file("f", "").pax("path", "a").pax("path", "b"))),
        malformed("two extended headers", "1024: expected one PAX header for a member, found two")
            .by(tar().add(path).add(path).file("f", "")),
        malformed(
                "a name by two ways",
                "2048: expected one long name, found a PAX path and a GNU name")
            .by(tar().add(name).add(path).file("f", "")),
        malformed(
                "a name for all members",
                "0: expected no names or sizes in a global PAX header, found path")
            .by(tar().globalPax("path", "../x").file("f", "")),
        malformed("a wrong checksum", "0: expected the checksum 3845, found 1")
            .by(tar().add(TarMember.file("f", "").claimChecksum(1))),
        malformed(
                "a record longer than its header",
                "0: expected a PAX record within the 10 bytes left, found one of 99")
            .by(
                tar()
                    .add(TarMember.of('x', "x").content("99 path=x\n".getBytes(US_ASCII)))
                    .file("f", "")),
        malformed("a NUL in a name", "0: expected no NUL in the path, found one")
            .by(tar().add(TarMember.file("f", "").pax("path", "a\0b"))),
        malformed(
                "a time with an exponent",
                "0: expected a decimal number as PAX mtime, found the byte 0x65")
            .by(tar().add(TarMember.file("f", "").pax("mtime", "9e9999999"))),
        malformed(
                "a time of three hundred thousand digits",
                "0: expected 64 bits as PAX mtime, found a larger number")
            .by(tar().add(TarMember.file("f", "").pax("mtime", "9".repeat(300_000)))),
        unsafe(
                "a user beyond all numbers",
                "unpack f: expected a uid up to 4294967294, found 4294967295")
            .by(tar().add(TarMember.file("f", "").pax("uid", "4294967295"))));
  }

  private static Stream<Attack> claims() {
    return Stream.of(
        malformed(
                "an extended header of gigabytes",
                "0: expected at most 1048576 bytes in an extension, found 8589934591 bytes")
            .by(tar().add(TarMember.of('x', "x").claimSize(8_589_934_591L))),
        malformed(
                "a long name of gigabytes",
                "0: expected at most 1048576 bytes in an extension, found 1099511627776 bytes")
            .by(new TarBuilder(Dialect.GNU).add(TarMember.of('L', "x").claimSize(1L << 40))),
        malformed(
                "a PAX size of more than 63 bits",
                "0: expected 64 bits as PAX size, found a larger number")
            .by(tar().add(TarMember.file("f", "").pax("size", "9".repeat(30)))),
        unsafe(
                "a PAX size of 63 bits",
                "unpack f: expected at most 68719476736 bytes in a file (maxFileBytes), found 9223372036854775807")
            .by(tar().add(TarMember.file("f", "").pax("size", "9223372036854775807"))),
        malformed("a negative size", "0: expected no negative number as size, found -1")
            .by(new TarBuilder(Dialect.GNU).add(TarMember.file("f", "").claimSize(-1))),
        malformed(
                "a size of more than 63 bits", "0: expected 64 bits as size, found a larger number")
            .by(
                tar()
                    .add(
                        TarMember.file("f", "")
                            .patch(
                                124, new byte[] {(byte) 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}))),
        unsafe(
                "a file larger than all disks",
                "unpack f: expected at most 68719476736 bytes in a file (maxFileBytes), found 9223372036854775807")
            .by(
                tar()
                    .add(
                        TarMember.file("f", "")
                            .sparse(Sparse.PAX_1_0, Long.MAX_VALUE, new TreeMap<>()))),
        malformed(
                "ten million regions in a map before the content",
                "1024: expected at most 65536 regions in a sparse file, found 10000000")
            .by(regionsBeforeContent()),
        malformed(
                "regions without end in headers",
                "0: expected at most 1048576 bytes in an extension, found more")
            .by(regionsInHeaders()),
        malformed(
                "too many regions in a record",
                "0: expected at most 65536 regions in a sparse file, found more")
            .by(regionsInRecord()),
        malformed("too many entries", "51200: expected at most 100 headers, found more")
            .by(entries(101))
            .with("--max-entries=100"),
        unsafe(
                "too many bytes",
                "inflate: expected at most 50000 bytes of tar (maxBytes), found more")
            .by(tar().file("f", new byte[100_000]))
            .with("--max-layer-bytes=50000"),
        unsafe(
                "too deep a path",
                "read path d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/…: expected at most 256 components (maxDepth), found more")
            .by(tar().file("d/".repeat(4096) + "f", "")));
  }

  private static TarBuilder regionsBeforeContent() {
    byte[] map = Arrays.copyOf("10000000\n0\n0\n".getBytes(US_ASCII), 512);
    return tar()
        .add(
            TarMember.file("f", map)
                .pax("GNU.sparse.major", "1")
                .pax("GNU.sparse.minor", "0")
                .pax("GNU.sparse.realsize", "9"));
  }

  private static TarBuilder regionsInHeaders() {
    byte[] more = new byte[512];
    more[504] = 1;
    TarBuilder tar =
        new TarBuilder(Dialect.GNU).add(TarMember.of('S', "s").patch(482, (byte) 1).claimSize(0));
    for (int i = 0; i < 4000; i++) {
      tar.raw(more);
    }
    return tar;
  }

  private static TarBuilder regionsInRecord() {
    return tar()
        .add(
            TarMember.file("f", "")
                .pax("GNU.sparse.size", "9")
                .pax("GNU.sparse.map", "0,0" + ",0,0".repeat(65_536)));
  }

  private static BuiltImage entries(int count) {
    LayerStream layer = new LayerStream();
    for (int i = 0; i < count; i++) {
      layer.add(TarMember.file("f" + i, ""));
    }
    return new ImageBuilder().layer(layer.build()).build();
  }
}
