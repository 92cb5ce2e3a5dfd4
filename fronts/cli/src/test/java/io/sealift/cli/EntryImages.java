package io.sealift.cli;

import static io.sealift.cli.TreeImage.base;
import static io.sealift.cli.TreeImage.upper;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sealift.testing.ImageBuilder;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.TarMember;
import io.sealift.testing.TarMember.Dialect;
import io.sealift.testing.TarMember.Sparse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What entries can be, and how archives write it.
final class EntryImages {

  /// `cap_net_raw=ep` (linux/capability.h, version 2).
  private static final byte[] CAPABILITY =
      HexFormat.of().parseHex("0100000200200000000000000000000000000000");

  private EntryImages() {}

  static List<TreeImage> all() {
    List<TreeImage> images =
        new ArrayList<>(
            List.of(
                modes(),
                closed(),
                owners(Dialect.PAX),
                owners(Dialect.GNU),
                times(Dialect.PAX),
                times(Dialect.GNU),
                symlinks(),
                TreeImage.of(
                    "FIFOs", base().fifo("p").add(TarMember.of('6', "q").mode(0622).mtime(5, 6))),
                devices(),
                attributes(),
                capabilities(),
                foreign(),
                spellings(),
                TreeImage.of(
                        "contiguous files", base().add(TarMember.of('7', "f").content(bytes(1))))
                    .orElse(base().file("f", bytes(1))),
                TreeImage.of("a global header", base().globalPax("mtime", "5").file("f", "x"))
                    .orElse(base().file("f", "x")),
                ends()));
    for (Dialect dialect : List.of(Dialect.USTAR, Dialect.GNU, Dialect.PAX, Dialect.STAR)) {
      images.add(longNames(dialect));
    }
    for (Dialect dialect : List.of(Dialect.V7, Dialect.USTAR, Dialect.GNU, Dialect.PAX)) {
      images.add(otherNames(dialect));
    }
    for (Sparse style : Sparse.values()) {
      images.add(sparse(style));
    }
    return images;
  }

  private static TreeImage modes() {
    TarBuilder tar = base();
    for (int mode : new int[] {0400, 0640, 0777, 04755, 02755, 06711, 01644}) {
      tar.add(TarMember.file("f%04o".formatted(mode), "x").mode(mode));
    }
    for (int mode : new int[] {0700, 01777, 02770, 04711, 07777}) {
      tar.add(TarMember.directory("d%04o".formatted(mode)).mode(mode));
      tar.file("d%04o/f".formatted(mode), "x");
    }
    return TreeImage.of("modes", tar, upper().file("d2770/g", "x"));
  }

  private static TreeImage closed() {
    return TreeImage.ofRoot(
        "modes that keep their owner out",
        base()
            .add(TarMember.file("f", "x").mode(0).xattr("user.x", "1"))
            .add(TarMember.directory("d").mode(0))
            .file("d/f", "x")
            .add(TarMember.directory("e").mode(0111))
            .file("e/f", "x"),
        upper().file("d/g", "x").file("e/.wh.f", ""));
  }

  private static TreeImage owners(Dialect dialect) {
    TarBuilder tar = base(dialect);
    for (long id : new long[] {1, 1000, 65_534, 2_097_152, 2_000_000_000, 0xffff_fffeL}) {
      tar.add(TarMember.file("f" + id, "x").owner(id, id).mode(06755));
      tar.add(TarMember.directory("d" + id).owner(0, id).mode(02775));
      tar.file("d" + id + "/f", "x");
      tar.add(TarMember.symlink("l" + id, "f").owner(id, 7));
      tar.add(TarMember.of('6', "p" + id).owner(id, id));
    }
    return TreeImage.ofRoot(
        "owners in " + dialect, tar, upper().file("d1000/g", "x").hardLink("h", "f1000"));
  }

  private static TreeImage times(Dialect dialect) {
    TarBuilder tar = base(dialect);
    for (long second : new long[] {-2_000_000_000, -1, 0, 1, 0x7fff_ffffL, 0x1_0000_0000L}) {
      tar.add(TarMember.directory("d" + second).mtime(second, 0));
      tar.add(TarMember.file("d" + second + "/f", "x").mtime(second, 0));
      tar.add(TarMember.symlink("d" + second + "/l", "f").mtime(second, 0));
    }
    if (dialect == Dialect.PAX) {
      tar.add(TarMember.directory("n").mtime(1_500_000_000, 987_654_321));
      tar.add(TarMember.file("n/f", "x").mtime(1_500_000_000, 1));
      tar.add(TarMember.file("n/before", "x").mtime(-3, 250_000_000));
      tar.add(TarMember.symlink("n/l", "f").mtime(1_500_000_000, 999_999_999));
      tar.add(TarMember.file("n/far", "x").mtime(10_000_000_000L, 0));
    }
    return TreeImage.of("times in " + dialect, tar);
  }

  private static TreeImage symlinks() {
    return TreeImage.of(
        "symlinks",
        base()
            .symlink("dangling", "no/where")
            .symlink("absolute", "/etc/passwd")
            .symlink("above", "../../../..")
            .symlink("itself", "itself")
            .symlink("dot", ".")
            .symlink("long", "0123456789/".repeat(90) + "x")
            .symlink("blank", "a b\n"),
        upper().symlink("dangling", "absolute").file(".wh.itself", ""));
  }

  private static TreeImage devices() {
    return TreeImage.ofRoot(
        "devices",
        base()
            .characterDevice("null", 1, 3)
            .blockDevice("disk", 8, 1)
            .blockDevice("none", 0, 0)
            .add(TarMember.of('3', "large").device(4095, 1_048_575).owner(1, 2).mode(0620))
            .add(TarMember.of('4', "minor").device(259, 300_000).mtime(7, 8).base256())
            .hardLink("zero", "null"),
        upper().file("disk", "x").characterDevice("minor", 5, 1).hardLink("again", "large"));
  }

  private static TreeImage attributes() {
    return TreeImage.of(
        "attributes of users",
        base()
            .add(TarMember.file("f", "x").xattr("user.text", "1").xattr("user.empty", ""))
            .add(TarMember.file("g", "x").xattr("user.bytes", bytes(0, '\n', '=', 0xff)))
            .add(TarMember.directory("d").xattr("user.lower", "1").xattr("user.both", "1"))
            .add(TarMember.directory("e").xattr("user.lower", "1"))
            .add(TarMember.file("h", "x").xattr("user.h", "1"))
            .add(TarMember.file("long", "x").xattr("user." + "n".repeat(200), "v".repeat(2000))),
        upper()
            .add(TarMember.directory("d").xattr("user.both", "2"))
            .file("e/f", "x")
            .file("h", "y"));
  }

  private static TreeImage capabilities() {
    return TreeImage.ofRoot(
        "capabilities",
        base()
            .add(
                TarMember.file("ping", "x")
                    .mode(04755)
                    .owner(1000, 1000)
                    .xattr("security.capability", CAPABILITY))
            .add(TarMember.file("other", "x").mode(0755).xattr("security.capability", CAPABILITY))
            .hardLink("twin", "ping"),
        upper().hardLink("third", "ping").file("other", "y"));
  }

  private static TreeImage foreign() {
    return TreeImage.ofRoot(
        "attributes of other machines",
        base()
            .add(TarMember.file("label", "x").xattr("security.selinux", "a:b:c:s0"))
            .add(TarMember.file("trusted", "x").xattr("trusted.x", "1"))
            .add(TarMember.file("bsd", "x").pax("LIBARCHIVE.xattr.user.x", "MQ")));
  }

  private static TreeImage spellings() {
    return TreeImage.of(
        "spellings of names and types",
        base()
            .directory("./d")
            .file("./d//f", "1")
            .file("/d/./g", "2")
            .directory("/e///")
            .add(TarMember.of('\0', "nul").content(bytes(1)))
            .add(TarMember.of('\0', "old/").mode(0755).dialect(Dialect.V7))
            .add(TarMember.file("bits", "x").mode(0100644))
            .add(TarMember.file("signed", "x").name(latin("s\u00ff")).signedChecksum())
            .add(TarMember.file("numbers", "x").owner(0, 0).base256()));
  }

  /// Archives that end early, late, or not with zero blocks.
  private static TreeImage ends() {
    return new TreeImage(
        "ends of archives",
        false,
        new ImageBuilder()
            .layer(base().file("a", "1").withoutTrailer())
            .layer(upper().file("b", "1").zeroBlocks(1).withoutTrailer())
            .layer(upper().file("c", "1").zeroBlocks(40).withoutTrailer())
            .layer(
                upper().file("d", "1").zeroBlocks(2).raw("rest".getBytes(UTF_8)).withoutTrailer())
            .build());
  }

  private static TreeImage longNames(Dialect dialect) {
    TarBuilder tar = base(dialect);
    boolean prefix = dialect == Dialect.USTAR || dialect == Dialect.STAR;
    String deep = (prefix ? "deep" : "d".repeat(250)) + "/" + (prefix ? "er" : "e".repeat(250));
    String name = deep + "/" + "n".repeat(prefix ? 99 : 255);
    tar.directory(deep.substring(0, deep.indexOf('/'))).directory(deep).file(name, "1");
    tar.file("x".repeat(100), "2").file("a".repeat(97) + "b", "3");
    if (!prefix) {
      tar.symlink("l", name).symlink("m".repeat(200), name).hardLink("h", name);
      tar.hardLink("i".repeat(101), name);
    }
    return TreeImage.of("long names in " + dialect, tar, upper().file(deep + "/second", "4"));
  }

  /// Names in bytes that are not UTF-8, and such that look like something else.
  private static TreeImage otherNames(Dialect dialect) {
    TarBuilder tar = base(dialect);
    TarBuilder above = new TarBuilder(dialect);
    for (String name :
        List.of(
            "\u00ff",
            "caf\u00e9",
            "\u00c0\u00af",
            "\u00ed\u00a0\u0080",
            "a b\t",
            "a\\b",
            "a\nb",
            "\u00c3\u00a9",
            "...",
            "*",
            "#",
            "\u007f")) {
      tar.add(TarMember.directory("").name(latin(name + "/")));
      tar.add(TarMember.file("", "x").name(latin(name + "/" + name)));
      tar.add(TarMember.symlink("", "").name(latin(name + "/l" + name)).link(latin(name)));
      tar.add(TarMember.hardLink("", "").name(latin(name + "/z")).link(latin(name + "/" + name)));
      tar.add(TarMember.file("", "y").name(latin("gone" + name)));
      above.add(TarMember.file("", "").name(latin(".wh.gone" + name)));
    }
    return TreeImage.of("names that are not UTF-8 in " + dialect, tar, above);
  }

  private static TreeImage sparse(Sparse style) {
    Dialect dialect = style == Sparse.OLD_GNU ? Dialect.GNU : Dialect.PAX;
    TarBuilder sparse = base(dialect);
    TarBuilder plain = base(dialect);
    for (int count : new int[] {0, 1, 4, 5, 60}) {
      TreeMap<Long, byte[]> regions = new TreeMap<>();
      for (int i = 0; i < count; i++) {
        regions.put(10_240L * i + 512, "%-512d".formatted(i).getBytes(UTF_8));
      }
      sparse.add(TarMember.file("s" + count, "").sparse(style, 700_000, regions));
      plain.file("s" + count, whole(700_000, regions));
    }
    TreeMap<Long, byte[]> ends = new TreeMap<>();
    ends.put(0L, "begin".repeat(512).getBytes(UTF_8));
    ends.put(69_488L, "e".repeat(512).getBytes(UTF_8));
    sparse.add(TarMember.file("ends", "").sparse(style, 70_000, ends)).file("after", "x");
    plain.file("ends", whole(70_000, ends)).file("after", "x");
    return TreeImage.of("sparse files as " + style, sparse).orElse(plain);
  }

  private static byte[] whole(int size, Map<Long, byte[]> regions) {
    ByteBuffer content = ByteBuffer.allocate(size);
    regions.forEach((offset, bytes) -> content.put(offset.intValue(), bytes));
    return content.array();
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static byte[] latin(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
