package io.sealift.cli;

import static io.sealift.cli.Attack.confined;
import static io.sealift.cli.Attack.image;
import static io.sealift.cli.Attack.refusedOnceStored;
import static io.sealift.cli.Attack.unsafe;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sealift.testing.TarBuilder;
import io.sealift.testing.TarMember;
import io.sealift.testing.TarMember.Dialect;
import java.util.stream.Stream;

/// Layers whose names, links and markers lead out of the tree.
class HostileNamesTest extends HostileContract {

  static Stream<Attack> attacks() {
    return Stream.of(names(), links(), markers()).flatMap(all -> all);
  }

  private static TarBuilder tar() {
    return new TarBuilder();
  }

  private static Attack goesUp(String name, String path) {
    return unsafe(
        name, "read path %s: expected a path below the root, found a component ..".formatted(path));
  }

  private static Stream<Attack> names() {
    return Stream.of(
        goesUp("a name that goes up", "../canary/f").by(tar().file("../canary/f", "!")),
        goesUp("a name that goes down and up", "a/../../canary/f")
            .by(tar().file("a/../../canary/f", "!")),
        goesUp("attributes for what is above", "../canary/")
            .by(tar().add(TarMember.directory("../canary").mode(0777).mtime(1, 0))),
        goesUp("attributes for the directory above", "../")
            .by(tar().add(TarMember.directory("..").mode(0777))),
        goesUp("a PAX name that goes up", "../canary/f")
            .by(tar().add(TarMember.file("f", "!").pax("path", "../canary/f"))),
        goesUp("a GNU name that goes up", "../canary/f")
            .by(
                new TarBuilder(Dialect.GNU)
                    .add(TarMember.of('L', "x").content("../canary/f\0".getBytes(US_ASCII)))
                    .file("f", "!")),
        goesUp("a prefix that goes up", "../canary/f")
            .by(
                new TarBuilder(Dialect.USTAR)
                    .add(TarMember.file("f", "!").patch(345, "../canary"))),
        goesUp("the name of a sparse file that goes up", "../canary/f")
            .by(
                tar()
                    .add(
                        TarMember.file("f", "")
                            .pax("GNU.sparse.name", "../canary/f")
                            .pax("GNU.sparse.size", "9")
                            .pax("GNU.sparse.map", "0,0"))),
        goesUp("a name that writes a line of its own", "../\\x1b[2J\\x0asealift: all is well")
            .by(tar().file("../\u001b[2J\nsealift: all is well", "!")),
        confined("a name from the root", "INSIDE/f 644 !")
            .by(canary -> image(tar().file(canary + "/f", "!"))),
        confined("attributes from the root", "INSIDE/ 777")
            .by(canary -> image(tar().add(TarMember.directory(canary).mode(0777)))),
        unsafe("a root that is a symlink", "unpack .: expected a directory, found a symlink")
            .by(tar().symlink("/.", "../canary")),
        unsafe(
                "a root that is a symlink, below a file",
                "unpack .: expected a directory, found a symlink")
            .by(tar().symlink("./", "../canary"), tar().file("f", "!")));
  }

  private static Stream<Attack> links() {
    return Stream.of(
        confined("a file through a symlink", "x -> CANARY", "INSIDE/f 644 !")
            .by(canary -> image(tar().symlink("x", canary).file("x/f", "!"))),
        confined("a file through a symlink that goes up", "x -> ../../../canary", "canary/f 644 !")
            .by(tar().symlink("x", "../../../canary").file("x/f", "!")),
        confined("a file through a symlink of the layer below", "x/f 644 !")
            .by(canary -> image(tar().symlink("x", canary), tar().file("x/f", "!"))),
        confined(
                "a file through a symlink of /proc",
                "x -> /proc/self/rootCANARY",
                "proc/self/root/INSIDE/f 644 !")
            .by(canary -> image(tar().symlink("x", "/proc/self/root" + canary).file("x/f", "!"))),
        confined("a file over a symlink", "x 644 !")
            .by(canary -> image(tar().symlink("x", canary + "/f").file("x", "!"))),
        confined("a file over a symlink of the layer below", "x 644 !")
            .by(canary -> image(tar().symlink("x", canary + "/f"), tar().file("x", "!"))),
        confined("a directory over a symlink", "x/ 777", "x/f 644 !")
            .by(canary ->
                image(
                    tar()
                        .symlink("x", canary)
                        .add(TarMember.directory("x").mode(0777))
                        .file("x/f", "!"))),
        confined("a directory over a symlink of the layer below", "x/ 777", "x/f 644 !")
            .by(canary ->
                image(
                    tar().symlink("x", canary),
                    tar().add(TarMember.directory("x").mode(0777)).file("x/f", "!"))),
        confined("a directory that became a symlink, and a file in it", "d/f 644 !")
            .by(canary ->
                image(
                    tar().file("d/old", "x"), tar().symlink("d", canary), tar().file("d/f", "!"))),
        confined("a symlink that became a directory, and a symlink again", "d -> CANARY")
            .by(canary ->
                image(
                    tar().symlink("d", canary),
                    tar().file("d/f", "!"),
                    tar().symlink("d", canary))),
        confined("a hard link to a symlink of the layer below", "h -> CANARY/f", "x =0")
            .by(canary -> image(tar().symlink("x", canary + "/f"), tar().hardLink("h", "x"))),
        goesUp("a hard link up by a PAX record", "../canary/f")
            .by(tar().add(TarMember.hardLink("h", "f").pax("linkpath", "../canary/f"))),
        goesUp("a hard link up", "../canary/f").by(tar().hardLink("h", "../canary/f")),
        refusedOnceStored(
                "a hard link from the root",
                7,
                "make hard link h: expected a file INSIDE/f in its layer or below, found none")
            .by(canary -> image(tar().hardLink("h", canary + "/f"))),
        refusedOnceStored(
                "a hard link through a symlink",
                7,
                "make hard link h: expected a file x/f in its layer or below, found none")
            .by(canary -> image(tar().symlink("x", canary).hardLink("h", "x/f"))),
        refusedOnceStored(
                "a hard link through a symlink of the layer below",
                7,
                "make hard link h: expected a file x/f in its layer or below, found none")
            .by(canary -> image(tar().symlink("x", canary), tar().hardLink("h", "x/f"))),
        confined("a file over a hard link to a symlink", "h 644 !", "x -> CANARY/f")
            .by(canary ->
                image(tar().symlink("x", canary + "/f").hardLink("h", "x").file("h", "!"))),
        confined(
                "a hard link to a symlink, and a file through it",
                "h -> CANARY",
                "x =0",
                "INSIDE/f 644 !")
            .by(canary -> image(tar().symlink("x", canary).hardLink("h", "x").file("h/f", "!"))));
  }

  private static Stream<Attack> markers() {
    return Stream.of(
        confined("whiteouts below a symlink", "s -> CANARY", "INSIDE/ 755")
            .by(canary ->
                image(tar().symlink("s", canary).file("s/.wh.f", "").file("s/.wh..wh..opq", ""))),
        confined("whiteouts below a symlink of the layer below", "s/ 755")
            .by(canary -> image(tar().symlink("s", canary), tar().file("s/.wh.f", ""))),
        confined("an opaque directory that is a symlink of the layer below", "s/ 755")
            .by(canary -> image(tar().symlink("s", canary), tar().file("s/.wh..wh..opq", ""))),
        unsafe("a whiteout of nothing", "unpack .wh.: expected a name after .wh., found none")
            .by(tar().file(".wh.", "")),
        unsafe("a whiteout of its directory", "unpack d/.wh..: expected a name after .wh., found .")
            .by(tar().file("d/.wh..", "")),
        unsafe(
                "a whiteout of the directory above",
                "unpack d/.wh...: expected a name after .wh., found ..")
            .by(tar().file("d/.wh...", "")),
        unsafe(
                "a file below a whiteout",
                "unpack .wh.a/b: expected nothing below a whiteout, found /b")
            .by(tar().file(".wh.a/b", "")),
        unsafe(
                "a device that is a whiteout",
                "unpack x: expected a device, found 0:0, which overlayfs takes for a deletion")
            .by(tar().characterDevice("x", 0, 0)),
        unsafe(
                "an attribute that makes a directory opaque",
                "unpack d: extended attribute trusted.overlay.opaque: expected no attribute that steers overlayfs, found one")
            .by(tar().add(TarMember.directory("d").xattr("trusted.overlay.opaque", "y"))),
        unsafe(
                "an attribute that redirects a directory",
                "unpack d: extended attribute user.overlay.redirect: expected no attribute that steers overlayfs, found one")
            .by(tar().add(TarMember.directory("d").xattr("user.overlay.redirect", "/etc"))));
  }
}
