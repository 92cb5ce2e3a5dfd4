package io.sealift.testing;

import static io.sealift.testing.Archives.latin;

import io.sealift.testing.TarMember.Dialect;
import io.sealift.testing.TarMember.Sparse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// Sound archives of every dialect and with every feature, by name.
final class SampleArchives {

  private SampleArchives() {}

  static Map<String, byte[]> all() {
    Map<String, byte[]> samples = new LinkedHashMap<>();
    for (Dialect dialect : Dialect.values()) {
      samples.put(dialect.toString(), plain(dialect).build());
    }
    samples.put("empty", new byte[0]);
    samples.put("trailer only", new TarBuilder().build());
    samples.put("no trailer", plain(Dialect.PAX).withoutTrailer());
    samples.put("one zero block", plain(Dialect.PAX).zeroBlocks(1).withoutTrailer());
    samples.put("no padding", unpadded());
    samples.put("trailing zeros", plain(Dialect.USTAR).zeroBlocks(40).build());
    samples.put("trailing garbage", plain(Dialect.USTAR).zeroBlocks(3).raw(noise(9_999)).build());
    samples.put("dirty padding", dirtyPadding());
    samples.put("attributes", attributes());
    samples.put("long names", longNames());
    samples.put("passed over", passedOver());
    samples.put("markers", markers());
    samples.put("large", new TarBuilder().file("large", noise(400_000)).build());
    for (Sparse style : Sparse.values()) {
      samples.put("sparse " + style, sparse(style));
    }
    return samples;
  }

  private static TarBuilder plain(Dialect dialect) {
    TarBuilder tar =
        new TarBuilder(dialect)
            .directory("./")
            .directory("d")
            .file("d/a", "content of a")
            .file("d/b", noise(1024))
            .file("d/empty", "")
            .hardLink("d/c", "d/a")
            .symlink("d/s", "/etc/passwd")
            .fifo("p");
    if (dialect != Dialect.V7) {
      tar.characterDevice("null", 1, 3);
    }
    return tar.add(
        TarMember.file("su", noise(513)).mode(04755).owner(1000, 50).mtime(1_234_567_890, 0));
  }

  private static byte[] unpadded() {
    return plain(Dialect.USTAR).add(TarMember.file("z", "z").unpadded()).withoutTrailer();
  }

  private static byte[] dirtyPadding() {
    byte[] content = noise(100);
    return new TarBuilder()
        .add(TarMember.file("f", content).unpadded())
        .raw(noise(412))
        .file("g", "g")
        .build();
  }

  private static byte[] attributes() {
    return new TarBuilder()
        .add(TarMember.directory("d").xattr("user.a", "1").mtime(5, 7))
        .add(TarMember.file("d/f", "x").xattr("security.capability", noise(20)).mtime(-5, 7))
        .add(TarMember.file("d/g", "x").owner(3_000_000, 4_000_000_000L))
        .globalPax("comment", "0123456789abcdef")
        .add(TarMember.file("d/h", "y").pax("LIBARCHIVE.xattr.user.b", "YWJj"))
        .add(TarMember.file("d/i", "z").base256().mtime(-1, 0).owner(4_294_967_294L, 1))
        .build();
  }

  private static byte[] longNames() {
    TarBuilder tar = new TarBuilder();
    for (Dialect dialect : new Dialect[] {Dialect.GNU, Dialect.PAX}) {
      for (int i = 0; i < 5; i++) {
        String name = dialect + "/" + "component/".repeat(30) + i;
        tar.add(TarMember.file(name, "file " + i).dialect(dialect));
        tar.add(TarMember.symlink(name + ".link", name).dialect(dialect));
      }
    }
    return tar.add(TarMember.file("x", "1").name(latin("\u00e9/\u00ff"))).build();
  }

  private static byte[] passedOver() {
    return new TarBuilder()
        .add(TarMember.of('V', "label").content(noise(600)))
        .file("f", "f")
        .add(TarMember.hardLink("h", "f").content(noise(700)))
        .file(".wh..wh.plnk/1", noise(800))
        .file("g", "g")
        .build();
  }

  private static byte[] markers() {
    return new TarBuilder()
        .file("d/.wh..wh..opq", "")
        .file("d/.wh.x", "content of a whiteout")
        .file("d/x", "x")
        .file(".wh.y", "")
        .build();
  }

  private static byte[] sparse(Sparse style) {
    TarBuilder tar = new TarBuilder(style == Sparse.OLD_GNU ? Dialect.GNU : Dialect.PAX);
    for (int count : new int[] {0, 1, 4, 5, 60}) {
      TreeMap<Long, byte[]> regions = new TreeMap<>();
      for (int i = 0; i < count; i++) {
        regions.put(1000L * i + count, noise(1 + i * 7));
      }
      tar.add(TarMember.file("sparse" + count, "").sparse(style, 70_000, regions));
    }
    return tar.file("plain", "plain").build();
  }

  /// Bytes that look like chance and are the same each time.
  static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new java.util.Random(length).nextBytes(bytes);
    return bytes;
  }
}
