package io.sealift.cli;

import static io.sealift.cli.TreeImage.base;
import static io.sealift.cli.TreeImage.upper;

import io.sealift.testing.ImageBuilder;
import io.sealift.testing.TarBuilder;
import io.sealift.testing.TarMember;
import java.util.List;

/// What layers do to each other.
final class StackedImages {

  private StackedImages() {}

  static List<TreeImage> all() {
    return List.of(
        TreeImage.of(
            "whiteouts",
            base()
                .directory("d")
                .file("d/kept", "1")
                .file("d/gone", "2")
                .directory("e")
                .directory("e/g")
                .file("e/g/f", "3")
                .file("top", "4"),
            upper()
                .file("d/.wh.gone", "")
                .file(".wh.e", "")
                .file(".wh.top", "")
                .file(".wh.never", "")
                .file("d/new", "5"),
            upper().directory("e").file("e/again", "6")),
        TreeImage.of(
            "whiteouts before and after what takes the place",
            base()
                .directory("a")
                .file("a/old", "1")
                .directory("b")
                .file("b/old", "2")
                .file("f", "3")
                .file("g", "4"),
            upper()
                .file(".wh.a", "")
                .directory("a")
                .file("a/new", "5")
                .directory("b")
                .file("b/new", "6")
                .file(".wh.b", "")
                .file(".wh.f", "")
                .file("f", "7")
                .file("g", "8")
                .file(".wh.g", "")),
        TreeImage.of(
            "whiteouts where there is no directory",
            base().directory("d"),
            upper().file("none/.wh.x", "").file("d/none/.wh..wh..opq", "")),
        TreeImage.of(
            "whiteouts of other kinds than regular files",
            base().directory("d").file("d/a", "1").file("d/b", "2").file("d/c", "3"),
            upper().directory("d/.wh.a").symlink("d/.wh.b", "c").hardLink("d/.wh.c", "d/.wh.b")),
        TreeImage.of(
            "opaque directories",
            base()
                .directory("d")
                .file("d/a", "1")
                .directory("d/s")
                .file("d/s/x", "2")
                .directory("e")
                .file("e/a", "3")
                .directory("implied")
                .file("implied/a", "4"),
            upper()
                .directory("d")
                .file("d/.wh..wh..opq", "")
                .file("d/b", "5")
                .directory("d/s")
                .file("d/s/y", "6")
                .directory("e")
                .file("e/b", "7")
                .file("e/.wh..wh..opq", "")
                .file("implied/.wh..wh..opq", "")),
        TreeImage.of(
            "opaque after a directory in it",
            base().directory("d").file("d/a", "1").directory("d/s").file("d/s/x", "2"),
            upper().directory("d/s").file("d/s/y", "3").file("d/.wh..wh..opq", "")),
        TreeImage.of(
            "an opaque root",
            base().directory("d").file("d/a", "1").file("f", "2"),
            upper().file(".wh..wh..opq", "").file("g", "3")),
        TreeImage.of(
            "a file becomes a directory and a file again",
            base().file("x", "1").directory("y").file("y/f", "2"),
            upper().directory("x").file("x/f", "3").file("y", "4"),
            upper().file("x", "5").directory("y").file("y/g", "6")),
        TreeImage.of(
            "a directory becomes a symlink and a directory again",
            base().directory("d").file("d/a", "1").directory("e").file("e/a", "2"),
            upper().symlink("d", "e").symlink("e", "missing"),
            upper().directory("d").file("d/b", "3")),
        TreeImage.of(
            "a directory in the place of a symlink to one",
            base().directory("d").file("d/a", "1").symlink("l", "d"),
            upper().directory("l").file("l/b", "2")),
        TreeImage.of(
            "entries behind a symlink of their layer",
            base()
                .directory("d")
                .symlink("l", "d")
                .symlink("k", "/l/../l")
                .file("l/a", "1")
                .file("k/b", "2")),
        TreeImage.of(
            "entries behind a symlink of a lower layer",
            base().directory("d").file("d/a", "1").symlink("l", "d"),
            upper().file("l/b", "2")),
        TreeImage.of(
            "a whiteout behind a symlink of a lower layer",
            base().directory("d").file("d/a", "1").symlink("l", "d"),
            upper().file("l/.wh.a", "")),
        TreeImage.of(
            "hard links in a layer",
            base()
                .directory("d")
                .file("f", "1")
                .hardLink("d/f", "f")
                .hardLink("d/absolute", "/f")
                .hardLink("d/dotted", "./d/f")
                .symlink("s", "f")
                .hardLink("d/s", "s")
                .fifo("p")
                .hardLink("d/p", "p")),
        TreeImage.of(
            "hard links across layers",
            base().directory("d").file("f", "1").hardLink("g", "f").symlink("s", "f").fifo("p"),
            upper().hardLink("d/f", "f").hardLink("d/s", "s").hardLink("d/p", "p"),
            upper().file("g", "2").hardLink("d/third", "d/f").file(".wh.f", ""),
            upper().hardLink("d/fourth", "d/third").file(".wh.p", "")),
        TreeImage.of(
            "hard links of which some names are replaced",
            base().file("a", "1").hardLink("b", "a").hardLink("c", "a"),
            upper().file("b", "2").hardLink("d", "c"),
            upper().file(".wh.a", "").file(".wh.c", "").hardLink("e", "d")),
        TreeImage.of(
            "a file renamed by a hard link and a whiteout",
            base().directory("d").file("d/old", "1"),
            upper().hardLink("d/new", "d/old").file("d/.wh.old", "")),
        TreeImage.of("a hard link before its target", base().hardLink("a", "b").file("b", "1"))
            .orElse(base().file("b", "1").hardLink("a", "b")),
        TreeImage.of(
            "a hard link to what its layer replaces afterwards",
            base().file("a", "1"),
            upper().hardLink("b", "a").file("a", "2")),
        TreeImage.of(
            "attributes of directories that are there already",
            base()
                .add(TarMember.directory("d").mode(0700).mtime(1_100_000_000, 0))
                .add(
                    TarMember.directory("e")
                        .mode(0711)
                        .mtime(1_200_000_000, 0)
                        .xattr("user.a", "1"))
                .file("d/f", "1")
                .file("e/f", "2"),
            upper().file("d/g", "3").add(TarMember.directory("e").mtime(1_300_000_000, 5)),
            upper().directory("d/s").file("d/s/f", "4").file("e/.wh.f", "")),
        TreeImage.of(
            "directories without an entry",
            base().file("a/b/c/f", "1"),
            upper().file("a/b/g", "2").file("x/y/g", "3"),
            upper().add(TarMember.directory("a").mode(0700))),
        TreeImage.of("a root without an entry", upper().file("f", "1")),
        TreeImage.of(
            "entries for the root",
            upper().add(TarMember.directory("./").mode(0750).mtime(1_100_000_000, 7)),
            upper().file("f", "1"),
            upper().add(TarMember.directory("/").mode(0711).xattr("user.root", "1")),
            upper().file(".wh.f", "")),
        TreeImage.of("empty layers", upper(), base().file("f", "1"), upper(), upper()),
        TreeImage.of("nothing at all", base()),
        repeated(),
        TreeImage.of(
            "a name twice in a layer",
            base()
                .add(TarMember.directory("d").mode(0700))
                .file("d/f", "1")
                .file("d/f", "22")
                .directory("d")
                .file("x", "1")
                .symlink("x", "d")
                .symlink("y", "d")
                .file("y", "2")),
        TreeImage.of(
            "what aufs left",
            base().directory("d"),
            upper()
                .directory(".wh..wh.plnk")
                .file(".wh..wh.plnk/1.2", "x")
                .file(".wh..wh.aufs", "")
                .directory(".wh..wh.orph")
                .file("d/f", "1")));
  }

  private static TreeImage repeated() {
    TarBuilder a = base().directory("d").file("d/both", "A").file("d/.wh.b", "").file("a", "A");
    TarBuilder b = upper().file("d/both", "BB").file("d/b", "B").file(".wh.a", "");
    byte[] lower = a.build();
    byte[] above = b.build();
    return new TreeImage(
        "a layer that is there twice",
        false,
        new ImageBuilder().layer(lower).layer(above).layer(lower).build());
  }
}
