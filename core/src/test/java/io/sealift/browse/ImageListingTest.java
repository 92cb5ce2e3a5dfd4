package io.sealift.browse;

import static io.sealift.browse.Script.bytes;
import static io.sealift.browse.Script.listing;
import static io.sealift.browse.Script.tree;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.TreeSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageListingTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '!',
      textBlock =
          """
          dir a; file a/b                          ! d755 a, -644 a/b@0.0
          file a/b/c                               ! d755 a, d755 a/b, -644 a/b/c@0.0
          file a; file a                           ! -644 a@0.1
          file a; dir a                            ! d755 a
          dir a; file a/b; dir a 700               ! d700 a, -644 a/b@0.0
          dir a; file a/b/c; file a                ! -644 a@0.1
          dir d; link l -> d; dir l                ! d755 d, d755 l
          fifo f; file f/x/y                       ! d755 f, d755 f/x, -644 f/x/y@0.0
          dir d; link l -> d; file l/x             ! d755 d, -644 d/x@0.0, l l -> d
          link l -> /a/b; file l/x                 ! d755 a, d755 a/b, -644 a/b/x@0.0, l l -> /a/b
          link l -> ../../../a; file l/x           ! d755 a, -644 a/x@0.0, l l -> ../../../a
          link a/l -> .; file a/l/l/x              ! d755 a, l a/l -> ., -644 a/x@0.0
          link 1 -> 2; link 2 -> 3; file 1/x       ! l 1 -> 2, l 2 -> 3, d755 3, -644 3/x@0.0
          fifo p; dev q                            ! p600 p, c666 q
          file f; hard h = f                       ! -644 f@0.0*2, -644 h@0.0*2
          hard h = f; file f                       ! -644 f@0.0*2, -644 h@0.0*2
          hard 1 = 2; hard 2 = 3; file 3           ! -644 1@0.0*3, -644 2@0.0*3, -644 3@0.0*3
          file f; dir h; file h/x; hard h = f      ! -644 f@0.0*2, -644 h@0.0*2
          link s -> f; hard h = s                  ! l h*2 -> f, l s*2 -> f
          link l -> d; file d/f; hard h = l/f      ! d755 d, -644 d/f@0.0*2, -644 h@0.0*2, l l -> d
          hard h = f; file h; file f               ! -644 f@0.1, -644 h@0.0
          hard h = f; dir h; file f                ! -644 f@0.0, d755 h
          hard d/h = f; file d; file f             ! -644 d@0.0, -644 f@0.1
          """)
  void keepsWhatALayerHas(String script, String tree) throws Exception {
    assertEquals(tree, tree(listing(script)));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '!',
      textBlock =
          """
          file a || file a                         ! -644 a@1.0
          dir a; file a/x || file a/y              ! d755 a, -644 a/x@0.0, -644 a/y@1.0
          dir a 1777; file a/x || file a/y         ! d1777 a, -644 a/x@0.0, -644 a/y@1.0
          dir a 1777; file a/x || dir a 700        ! d700 a, -644 a/x@0.0
          dir a; file a/x || file a                ! -644 a@1.0
          file a || dir a; file a/x                ! d755 a, -644 a/x@1.0
          link a -> b; dir b || file a/x           ! d755 a, -644 a/x@1.0, d755 b
          file a || whiteout a                     ! ''
          dir a; file a/x || whiteout a            ! ''
          dir a; file a/x || whiteout a; file a/y  ! d755 a, -644 a/y@1.0
          dir a; file a/x || file a/y; whiteout a  ! d755 a, -644 a/y@1.0
          dir a; file a/x || whiteout a/x          ! d755 a
          dir a; file a/x || whiteout a/x; file a/x ! d755 a, -644 a/x@1.0
          dir a; file a/x || opaque a; file a/y    ! d755 a, -644 a/y@1.0
          dir a; file a/x || file a/y; opaque a    ! d755 a, -644 a/y@1.0
          dir a; file a/x || opaque a              ! d755 a
          file a; dir b; file b/c || opaque .      ! ''
          file a || whiteout b                     ! -644 a@0.0
          file a || whiteout a || file a           ! -644 a@2.0
          dir a; file a/x || whiteout a || dir a   ! d755 a
          file a || file b || file a               ! -644 a@2.0, -644 b@1.0
          dir a; file a/b/c || whiteout a/b; dir a/b/d ! d755 a, d755 a/b, d755 a/b/d
          file f || hard h = f                     ! -644 f@0.0*2, -644 h@0.0*2
          file f || hard 1 = 2; hard 2 = f         ! -644 1@0.0*3, -644 2@0.0*3, -644 f@0.0*3
          file f || hard h = f; whiteout f         ! -644 h@0.0
          file f || hard h = f; file f             ! -644 f@1.0*2, -644 h@1.0*2
          file f; hard h = f || file f             ! -644 f@1.0, -644 h@0.0
          file f || hard h = f; whiteout h         ! -644 f@0.0*2, -644 h@0.0*2
          file d/f || hard e/h = d/f               ! d755 d, -644 d/f@0.0*2, d755 e, -644 e/h@0.0*2
          link l -> d; file d/f || hard h = l/f    ! d755 d, -644 d/f@0.0*2, -644 h@0.0*2, l l -> d
          """)
  void mergesLayersFromTheBaseUp(String script, String tree) throws Exception {
    assertEquals(tree, tree(listing(script)));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '!',
      textBlock =
          """
          dir d; hard h = d            ! list hard link h to d: expected no directory
          dir d || hard h = d          ! list hard link h to d: expected no directory
          hard h = f                   ! list hard link h to f: neither its layer nor one below has the target
          file f || whiteout f || hard h = f ! list hard link h to f: neither its layer nor one below has the target
          hard 1 = 2; hard 2 = 1       ! list hard link 1 to 2: neither its layer nor one below has the target
          hard h = h                   ! list hard link h to h: it would replace its target
          file d/f; hard d = d/f       ! list hard link d to d/f: it would replace its target
          file .                       ! list layer: its root is something else than a directory
          whiteout .                   ! list layer: its root is something else than a directory
          link l -> l; file l/x        ! look up l: more than 40 symlinks on the way
          """)
  void refuses(String script, String message) {
    assertEquals(
        message, assertThrows(UnsafeContentException.class, () -> listing(script)).getMessage());
  }

  private static final String IMAGE =
      "dir etc; file etc/passwd root; link bin -> usr/bin; dir usr; dir usr/bin; file usr/bin/sh elf;"
          + " link up -> ../../etc; link abs -> /etc/passwd; link far -> up/../usr/bin/sh;"
          + " link loop -> loop; link dangling -> nowhere; dir usr/lib; link usr/lib/rel -> ../bin";

  @ParameterizedTest
  @CsvSource({
    "'', '', ''",
    "/, '', ''",
    "etc/passwd, etc/passwd, etc/passwd",
    "/etc//./passwd, etc/passwd, etc/passwd",
    "/../../etc/passwd, etc/passwd, etc/passwd",
    "etc/../etc/passwd, etc/passwd, etc/passwd",
    "bin, bin, usr/bin",
    "bin/sh, usr/bin/sh, usr/bin/sh",
    "bin/../lib, usr/lib, usr/lib",
    "up, up, etc",
    "up/passwd, etc/passwd, etc/passwd",
    "abs, abs, etc/passwd",
    "far, far, usr/bin/sh",
    "usr/lib/rel/sh, usr/bin/sh, usr/bin/sh",
    "dangling, dangling, -",
    "nowhere, -, -",
    "etc/passwd/x, -, -",
    "etc/passwd/.., -, -",
    "etc/passwd/., -, -",
    "bin/., usr/bin, usr/bin",
    "bin/.., usr, usr",
    "etc/shadow, -, -",
  })
  void findsPathsAsAKernelDoes(String path, String itself, String followed) throws Exception {
    ImageListing listing = listing(IMAGE);
    assertEquals(itself, listing.stat(bytes(path)).map(ImageListingTest::path).orElse("-"));
    assertEquals(followed, listing.resolve(bytes(path)).map(ImageListingTest::path).orElse("-"));
  }

  private static String path(Entry entry) {
    return new String(entry.path(), StandardCharsets.UTF_8);
  }

  @Test
  void boundsSymlinks() throws Exception {
    ImageListing listing = listing(IMAGE);
    assertEquals("loop", listing.stat(bytes("loop")).map(ImageListingTest::path).orElse("-"));
    assertEquals(
        "look up loop: more than 40 symlinks on the way",
        assertThrows(UnsafeContentException.class, () -> listing.resolve(bytes("loop")))
            .getMessage());
    String chain =
        IntStream.range(0, 40)
            .mapToObj(n -> "link l%d -> l%d".formatted(n, n + 1))
            .collect(Collectors.joining("; "));
    assertEquals(
        "l40",
        listing(chain + "; file l40").resolve(bytes("l0")).map(ImageListingTest::path).orElse("-"));
    assertThrows(
        UnsafeContentException.class,
        () -> listing(chain + "; link l40 -> l41; file l41").resolve(bytes("l0")));
  }

  @Test
  void listsDirectoriesInTheOrderOfBytes() throws Exception {
    ImageListing listing =
        listing("dir d; file d/b; file d/a; file d/é; file d/B; dir d/a.d; link e -> d");
    for (String path : List.of("d", "e", "/e/")) {
      assertEquals(
          List.of("d/B", "d/a", "d/a.d", "d/b", "d/é"),
          listing.list(bytes(path)).orElseThrow().stream().map(ImageListingTest::path).toList());
    }
    assertEquals(true, listing.list(bytes("d/a")).isEmpty());
    assertEquals(true, listing.list(bytes("x")).isEmpty());
  }

  @Test
  void walksParentsBeforeChildren() throws Exception {
    ImageListing listing = listing("file b/c; file a/z/y; file a.b");
    List<String> paths = new ArrayList<>();
    listing.walk(new byte[0], entry -> paths.add(path(entry)));
    assertEquals(List.of("", "a", "a/z", "a/z/y", "a.b", "b", "b/c"), paths);
    paths.clear();
    listing.walk(bytes("a/z/y"), entry -> paths.add(path(entry)));
    assertEquals(List.of("a/z/y"), paths);
    listing.walk(bytes("nowhere"), entry -> paths.add("no"));
    assertEquals(List.of("a/z/y"), paths);
  }

  /// Also when it takes all that may be kept.
  @Test
  void aLayerThatBeginsAnewIsForgotten() throws Exception {
    ListingBuilder builder = new ListingBuilder(2, new ListingLimits(3, 6));
    try (TreeSink sink = builder.layer(1)) {
      Script.drive("file c;file d", sink);
    }
    try (TreeSink sink = builder.layer(1)) {
      Script.drive("file a;file bcd", sink);
    }
    try (TreeSink sink = builder.layer(0)) {
      assertThrows(UnsafeContentException.class, () -> Script.drive("file x;file y", sink));
    }
    try (TreeSink sink = builder.layer(0)) {
      Script.drive("file e", sink);
    }
    ImageListing listing = builder.build();
    assertTrue(listing.stat(new byte[] {'e'}).isPresent());
    assertTrue(listing.stat(new byte[] {'a'}).isPresent());
    assertTrue(listing.stat(new byte[] {'c'}).isEmpty());
    assertTrue(listing.stat(new byte[] {'x'}).isEmpty());
  }

  @Test
  void keepsNamesThatAreNotText() throws Exception {
    byte[] name = {(byte) 0xff, '\n', (byte) 0xc3};
    ListingBuilder builder = new ListingBuilder(1);
    try (TreeSink sink = builder.layer(0)) {
      sink.symlink(
          io.sealift.unpack.LayerPath.of(name, io.sealift.unpack.UnpackLimits.DEFAULT),
          name,
          Script.attributes(0777, "user.a", "security.capability"));
      sink.finish();
    }
    Entry entry = builder.build().stat(name).orElseThrow();
    assertEquals(List.of((byte) 0xff, (byte) '\n', (byte) 0xc3), boxed(entry.path()));
    assertEquals(3, entry.size());
    assertEquals(
        "lrwxrwxrwx+ 1 1 2 3 2026-01-01 00:00:00 \\xff\\x0a\\xc3 -> \\xff\\x0a\\xc3",
        EntryText.line(entry));
  }

  private static List<Byte> boxed(byte[] bytes) {
    List<Byte> boxed = new ArrayList<>();
    for (byte b : bytes) {
      boxed.add(b);
    }
    return boxed;
  }

  @Test
  void takesDeepTrees() throws Exception {
    String deep = "d/".repeat(4095) + "f";
    ImageListing listing = listing("file " + deep + " || file " + deep + " || whiteout " + deep);
    assertEquals(true, listing.stat(bytes("d/".repeat(4095))).isPresent());
    assertEquals(true, listing.stat(bytes(deep)).isEmpty());
  }

  @Test
  void settlesLongChainsOfLinksOnce() throws Exception {
    int links = 20_000;
    String chain =
        IntStream.range(0, links)
            .mapToObj(n -> "hard l%d = l%d".formatted(n, n + 1))
            .collect(Collectors.joining(";"));
    ImageListing listing = listing(chain + ";file l" + links);
    assertEquals(links + 1, listing.stat(bytes("l0")).orElseThrow().links());
  }

  @Test
  void boundsEntriesOfAllLayersTogether() throws Exception {
    ListingLimits four = new ListingLimits(4, 1000);
    assertEquals("d755 a, -644 a/b@0.0, -644 c@1.0", tree(listing("file a/b || file c", four)));
    for (String script :
        List.of(
            "file a/b || file c; file d; file e",
            "file a/b/c/d/e",
            "whiteout a; whiteout b; whiteout c; whiteout d; whiteout e")) {
      assertEquals(
          "list image: more than the 4 entries allowed",
          assertThrows(UnsafeContentException.class, () -> listing(script, four)).getMessage());
    }
  }

  @Test
  void boundsText() {
    assertEquals(
        "list image: names have more than the 10 bytes allowed",
        assertThrows(
                UnsafeContentException.class,
                () -> listing("link ab -> 012345678", new ListingLimits(100, 10)))
            .getMessage());
  }

  @Test
  void wantsEveryLayerFinished() {
    assertThrows(IllegalStateException.class, () -> new ListingBuilder(1).build());
  }
}
