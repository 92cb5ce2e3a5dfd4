package io.sealift.testing;

import static io.sealift.testing.Archives.latin;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.UnsafeContentException;
import io.sealift.testing.TarMember.Dialect;
import io.sealift.testing.TarMember.Sparse;
import io.sealift.unpack.TarInput;
import io.sealift.unpack.UnpackLimits;
import io.sealift.unpack.Unpacker;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Layers that try to get out, to forge, or to be too much: refused with the reason and the bound.
class HostileTarTest {

  /// Small bounds, so that each can be passed.
  private static final UnpackLimits SMALL =
      new UnpackLimits(20_000, 5_000, 1000, 6, 4, 20, 40, 4096, 100, 3);

  private static String refusal(TarBuilder tar) {
    return refusal(tar, UnpackLimits.DEFAULT);
  }

  private static String refusal(TarBuilder tar, UnpackLimits limits) {
    byte[] bytes = tar.build();
    return assertThrows(UnsafeContentException.class, () -> Archives.unpack(bytes, limits))
        .getMessage();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/../../x", "/../x", "a/..", "./../etc/passwd"})
  void namesThatGoUp(String name) {
    String message = "read path " + name + ": expected a path below the root, found a component ..";
    assertEquals(message, refusal(new TarBuilder().file(name, "")));
    assertEquals(message, refusal(new TarBuilder().add(TarMember.of('5', name))));
    assertEquals(message, refusal(new TarBuilder().hardLink("h", name)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x->/etc; x/passwd             | implied:etc file:etc/passwd=! link:x->/etc",
        "x->../../etc; x/passwd        | implied:etc file:etc/passwd=! link:x->../../etc",
        "x->/; x/x                     | file:x=!",
        "x->/etc; x                    | file:x=!",
        "d/x->../../..; d/x/y          | implied:d link:d/x->../../.. file:y=!",
        "x->/proc/self/root; x/etc/p   | implied:proc implied:proc/self implied:proc/self/root implied:proc/self/root/etc file:proc/self/root/etc/p=! link:x->/proc/self/root",
      })
  void symlinksThatLeadOut(String names, String tree) throws Exception {
    String link = names.substring(0, names.indexOf("->"));
    String target = names.substring(names.indexOf("->") + 2, names.indexOf(';'));
    String file = names.substring(names.indexOf(';') + 2).strip();
    TarBuilder tar = new TarBuilder().symlink(link, target).file(file, "!");
    assertEquals(tree, Archives.unpack(tar.build()));
  }

  @Test
  void aRootThatIsASymlink() {
    for (String name : new String[] {"/.", ".", "./", "/"}) {
      assertEquals(
          "unpack .: expected a directory, found a symlink",
          refusal(new TarBuilder().symlink(name, "/etc")));
    }
    assertEquals(
        "unpack .: expected a directory, found a hard link",
        refusal(new TarBuilder().file("a", "").hardLink(".", "a")));
    assertEquals(
        "unpack .: expected a directory, found a regular file",
        refusal(new TarBuilder().file("/", "")));
    assertEquals(
        "unpack .: expected a directory, found a FIFO", refusal(new TarBuilder().fifo(".")));
    assertEquals(
        "unpack .: expected a directory, found a device",
        refusal(new TarBuilder().characterDevice("./", 1, 3)));
  }

  @Test
  void aDirectoryOverASymlinkIsNotWrittenThrough() throws Exception {
    byte[] tar =
        new TarBuilder()
            .directory("victim")
            .symlink("x", "victim")
            .add(TarMember.directory("x").mode(0777))
            .build();
    assertEquals("dir:victim dir:x!", Archives.unpack(tar));
    assertEquals(0755, Archives.entry(tar, "victim").stat().permissions());
  }

  @ParameterizedTest
  @CsvSource({"h, .", "h, /", "h, h", "a/h, ./a//h", "h, .wh.x", "h, .wh..wh.plnk/1", "h, a/.wh.b"})
  void hardLinksToWhatIsNoFile(String name, String target) {
    assertEquals(
        "unpack %s: expected a hard link to another file of an image, found one to %s"
            .formatted(name, target),
        refusal(new TarBuilder().hardLink(name, target)));
  }

  @Test
  void hardLinksThroughSymlinksStayInside() throws Exception {
    byte[] tar = new TarBuilder().symlink("s", "/../..").hardLink("h", "s/etc/shadow").build();
    assertEquals("link:s->/../.. pending:h->s/etc/shadow", Archives.unpack(tar));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ".wh.           | a name after .wh.        | none",
        "a/.wh..        | a name after .wh.        | .",
        ".wh...         | a name after .wh.        | ..",
        ".wh.../b       | a name after .wh.        | ../b",
        ".wh.a/b        | nothing below a whiteout | /b",
        ".wh..wh..opq/b | nothing below a whiteout | /b",
        ".wh.a/.wh.b    | nothing below a whiteout | /.wh.b",
      })
  void whiteoutsOfNothingOrWithSomethingBelow(String name, String expected, String found) {
    assertEquals(
        "unpack %s: expected %s, found %s".formatted(name, expected, found),
        refusal(new TarBuilder().file(name, "")));
  }

  @Test
  void whiteoutsBelowSymlinksStayInside() throws Exception {
    byte[] tar =
        new TarBuilder()
            .symlink("s", "../../etc")
            .file("s/.wh.passwd", "")
            .file("s/.wh..wh..opq", "")
            .build();
    assertEquals("implied:etc! gone:etc/passwd link:s->../../etc", Archives.unpack(tar));
  }

  @Test
  void aDeviceThatOverlayfsTakesForADeletion() {
    assertEquals(
        "unpack x: expected a device, found 0:0, which overlayfs takes for a deletion",
        refusal(new TarBuilder().characterDevice("x", 0, 0)));
    TarMember renumbered = TarMember.of('3', "x").device(1, 3).patch(329, new byte[16]);
    assertEquals(
        "unpack x: expected a device, found 0:0, which overlayfs takes for a deletion",
        refusal(new TarBuilder().add(renumbered)));
  }

  @ParameterizedTest
  @CsvSource({"4096, 0", "0, 1048576", "4294967296, 0"})
  void devicesWithNumbersThatLinuxCuts(long major, long minor) {
    TarMember device = TarMember.of('3', "x").device(major, minor).base256();
    assertEquals(
        "unpack x: expected a device up to 4095:1048575, found " + major + ":" + minor,
        refusal(new TarBuilder().add(device)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trusted.overlay.opaque",
        "trusted.overlay.redirect",
        "trusted.overlay.whiteout",
        "trusted.overlay.metacopy",
        "user.overlay.opaque",
        "user.overlay.origin",
        "trusted.overlay.overlay.opaque"
      })
  void attributesThatSteerOverlayfs(String name) {
    String message =
        "unpack d: extended attribute %s: expected no attribute that steers overlayfs, found one"
            .formatted(name);
    assertEquals(message, refusal(new TarBuilder().add(TarMember.directory("d").xattr(name, "y"))));
    TarMember libarchive = TarMember.directory("d").pax("LIBARCHIVE.xattr." + name, "eQ");
    assertEquals(message, refusal(new TarBuilder().add(libarchive)));
  }

  @Test
  void attributesThatLinuxDoesNotHold() {
    assertEquals(
        "unpack f: extended attribute user.a\\x00b: expected no NUL in its name, found one",
        refusal(new TarBuilder().add(TarMember.file("f", "").xattr("user.a\0b", "x"))));
    String name = "user." + "a".repeat(251);
    assertEquals(
        "unpack f: extended attribute %s: expected at most 255 bytes in its name, found 256"
            .formatted(name),
        refusal(new TarBuilder().add(TarMember.file("f", "").xattr(name, "x"))));
    assertEquals(
        "unpack f: extended attribute user.a: expected at most 65536 bytes (maxXattrBytes), found"
            + " 65537",
        refusal(new TarBuilder().add(TarMember.file("f", "").xattr("user.a", new byte[65537]))));
  }

  @ParameterizedTest
  @CsvSource({"uid, 4294967295", "gid, 4294967295", "uid, 9223372036854775807"})
  void ownersThatLinuxDoesNotKnow(String which, long id) {
    TarMember file = TarMember.file("f", "").pax(which, Long.toString(id));
    assertEquals(
        "unpack f: expected a %s up to 4294967294, found %d".formatted(which, id),
        refusal(new TarBuilder().add(file)));
  }

  @Test
  void aHeaderThatSmugglesMembersBySize() throws Exception {
    byte[] inner = new TarBuilder().file("smuggled", "").withoutTrailer();
    TarMember outer =
        TarMember.file("f", inner).pax("size", Integer.toString(inner.length)).claimSize(0);
    byte[] tar = new TarBuilder().add(outer).file("g", "").build();
    assertEquals("file:f=%s file:g=".formatted(new String(inner, US_ASCII)), Archives.unpack(tar));
  }

  @Test
  void tooManyEntries() {
    TarBuilder tar = new TarBuilder();
    for (int i = 0; i < 7; i++) {
      tar.file("f" + i, "");
    }
    assertEquals(
        "read layer as tar: member at byte 3072: expected at most 6 headers, found more",
        refusal(tar, SMALL));
  }

  @Test
  void tooManyBytes() {
    assertEquals(
        "unpack layer: expected at most 20000 bytes of tar (maxBytes), found more",
        refusal(new TarBuilder().file("f", "").zeroBlocks(50), SMALL));
  }

  @Test
  void tooLargeAFile() {
    assertEquals(
        "unpack f: expected at most 5000 bytes in a file (maxFileBytes), found 5001",
        refusal(new TarBuilder().file("f", new byte[5001]), SMALL));
    assertEquals(
        "unpack f: expected at most 68719476736 bytes in a file (maxFileBytes), found"
            + " 9223372036854775807",
        refusal(
            new TarBuilder()
                .add(
                    TarMember.file("f", "")
                        .sparse(Sparse.PAX_1_0, Long.MAX_VALUE, new TreeMap<>()))));
  }

  @Test
  void tooDeepTooLong() {
    assertEquals(
        "read path a/b/c/d/e: expected at most 4 components (maxDepth), found more",
        refusal(new TarBuilder().file("a/b/c/d/e", ""), SMALL));
    assertEquals(
        "read path nnnnnnnnnnnnnnnnnnnnn: expected at most 20 bytes in a name (maxNameBytes), found"
            + " 21",
        refusal(new TarBuilder().file("n".repeat(21), ""), SMALL));
    String path = "n".repeat(19) + "/" + "n".repeat(19) + "/n";
    assertEquals(
        "read path %s: expected at most 40 bytes (maxPathBytes), found 41".formatted(path),
        refusal(new TarBuilder().file(path, ""), SMALL));
    assertEquals(
        "unpack l: expected at most 40 bytes as target of a symlink (maxPathBytes), found 41",
        refusal(new TarBuilder().symlink("l", "t".repeat(41)), SMALL));
    String deep = "d/".repeat(4096) + "f";
    assertEquals(
        "read path %s…: expected at most 256 components (maxDepth), found more"
            .formatted("d/".repeat(128)),
        refusal(new TarBuilder().file(deep, "")));
  }

  @Test
  void tooLargeExtensions() {
    assertEquals(
        "read layer as tar: member at byte 0: expected at most 4096 bytes in an extension, found"
            + " 5000 bytes",
        refusal(new TarBuilder().add(TarMember.of('L', "x").content(new byte[5000])), SMALL));
    assertEquals(
        "read layer as tar: member at byte 0: expected at most 1048576 bytes in an extension, found"
            + " 8589934591 bytes",
        refusal(new TarBuilder().add(TarMember.of('x', "x").claimSize(8_589_934_591L))));
  }

  @Test
  void tooManySparseRegions() {
    TreeMap<Long, byte[]> regions = new TreeMap<>();
    for (long i = 0; i < 4; i++) {
      regions.put(i * 10, latin("x"));
    }
    TarBuilder tar =
        new TarBuilder(Dialect.GNU)
            .add(TarMember.file("s", "").sparse(Sparse.OLD_GNU, 100, regions));
    assertEquals(
        "read layer as tar: member at byte 0: expected at most 3 regions in a sparse file, found"
            + " more",
        refusal(tar, SMALL));
  }

  @Test
  void anEndlessLayerIsReadOnlyUpToTheBound() {
    long[] given = {0};
    byte[] members = new TarBuilder().file(".wh.x", new byte[4096]).withoutTrailer();
    TarInput endless =
        () -> {
          given[0] += members.length;
          return ByteBuffer.wrap(members);
        };
    UnpackLimits limits = new UnpackLimits(1 << 20, 1, 1, 1 << 30, 1, 10, 10, 1, 1, 1);
    try (MemorySink sink = new MemorySink()) {
      assertEquals(
          "unpack layer: expected at most 1048576 bytes of tar (maxBytes), found more",
          assertThrows(
                  UnsafeContentException.class,
                  () -> new Unpacker(limits).unpack(endless, sink, OutputStream.nullOutputStream()))
              .getMessage());
    }
    assertEquals((1 << 20) / members.length + 1, given[0] / members.length);
  }
}
