package io.sealift.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.ImageException;
import io.sealift.failure.UnsafeContentException;
import io.sealift.snapshot.FileStat;
import io.sealift.unpack.Attributes;
import io.sealift.unpack.Attributes.FileTime;
import io.sealift.unpack.Attributes.Xattr;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.TreeSink;
import io.sealift.unpack.TreeSink.DeviceKind;
import io.sealift.unpack.TreeSummary;
import io.sealift.unpack.UnpackLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every {@link TreeSink} does, as tables of entries and the trees that they make. A sink that
/// needs root to keep owners, devices and times runs this as root.
///
/// Entries are words in the language of {@link SinkScript}; the tree is told in the same words, in
/// the order of its paths, where a file's content is the number of its entry.
public abstract class TreeSinkContract {

  private @Nullable TreeSink sink;

  /// A new, empty sink. Called once in a test.
  protected abstract TreeSink begin() throws Exception;

  /// The tree that the sink made last is, after it was finished and closed: its root and all below.
  protected abstract SortedMap<LayerPath, TreeEntry> look() throws Exception;

  @AfterEach
  final void closeSink() {
    if (sink != null) {
      sink.close();
    }
  }

  private TreeSink sink() throws Exception {
    if (sink == null) {
      sink = begin();
    }
    return Objects.requireNonNull(sink);
  }

  private String run(String script) throws Exception {
    SinkScript.run(script, sink());
    return finish();
  }

  private String finish() throws Exception {
    TreeSummary summary = sink().finish();
    sink().close();
    return SinkScript.describe(look(), summary);
  }

  private TreeEntry entry(String path) throws Exception {
    return Objects.requireNonNull(look().get(SinkScript.path(path)), path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file:a/b/c                        | implied:a implied:a/b file:a/b/c=1",
        "file:a/b dir:a                    | dir:a file:a/b=1",
        "dir:a/b dir:a                     | dir:a dir:a/b",
        "link:a/l->x                       | implied:a link:a/l->x",
        "gone:a/b/c                        | implied:a implied:a/b gone:a/b/c",
        "fifo:a/p                          | implied:a fifo:a/p",
        "file:a/x dir:b file:a/y           | implied:a file:a/x=1 file:a/y=3 dir:b",
      })
  void makesMissingParents(String script, String tree) throws Exception {
    assertEquals(tree, run(script));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dir:b link:a->b file:a/x          | link:a->b dir:b file:b/x=3",
        "link:a->b dir:b file:a/x          | link:a->b dir:b file:b/x=3",
        "link:a->b file:a/x                | link:a->b implied:b file:b/x=2",
        "link:a->/ file:a/x                | link:a->/ file:x=2",
        "link:a->/e/f file:a/x             | link:a->/e/f implied:e implied:e/f file:e/f/x=2",
        "link:a->../../e file:a/x          | link:a->../../e implied:e file:e/x=2",
        "link:a->. file:a/x                | link:a->. file:x=2",
        "dir:d link:d/l->../e file:d/l/x   | dir:d link:d/l->../e implied:e file:e/x=3",
        "link:a->b link:b->c file:a/x      | link:a->b link:b->c implied:c file:c/x=3",
        "dir:b link:a->b dir:a/d file:a/d/x | link:a->b dir:b dir:b/d file:b/d/x=4",
        "dir:b link:a->b gone:a/x          | link:a->b dir:b gone:b/x",
        "dir:b link:a->b opaque:a          | link:a->b dir:b!",
        "dir:b link:a->b link:a/s->t       | link:a->b dir:b link:b/s->t",
        "dir:b link:a->b fifo:a/p          | link:a->b dir:b fifo:b/p",
      })
  void followsSymlinksOnTheWayButNotOutOfTheLayer(String script, String tree) throws Exception {
    assertEquals(tree, run(script));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"link:a->a file:a/x", "link:a->b link:b->a dir:a/x", "link:a->a opaque:a"})
  void refusesSymlinksThatLeadInCircles(String script) {
    assertThrows(UnsafeContentException.class, () -> run(script));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file:a file:a/b                   | dir:a! file:a/b=2",
        "fifo:a file:a/b                   | dir:a! file:a/b=2",
        "file:a dir:a/b/c                  | dir:a! implied:a/b dir:a/b/c",
        "file:a opaque:a                   | dir:a!",
        "file:f hard:a->f file:a/b         | dir:a! file:a/b=3 file:f=1",
      })
  void replacesOtherParentsByDirectories(String script, String tree) throws Exception {
    assertEquals(tree, run(script));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dir:a file:a/x dir:a              | dir:a file:a/x=2",
        "file:a file:a                     | file:a=2",
        "dir:a file:a/x dir:a/d file:a     | file:a=4",
        "file:a dir:a                      | dir:a!",
        "file:a link:a->b                  | link:a->b",
        "file:a fifo:a                     | fifo:a",
        "link:a->b file:a                  | file:a=2",
        "file:b link:a->b file:a           | file:a=3 file:b=1",
        "link:a->/etc dir:a                | dir:a!",
        "dir:b link:a->b dir:a file:a/x    | dir:a! file:a/x=4 dir:b",
        "link:a->b link:a->c               | link:a->c",
        "dir:a file:a/x link:a->b          | link:a->b",
        "file:a hard:b->a file:a           | file:a=3 file:b=1",
        "file:a hard:b->a file:b           | file:a=1 file:b=3",
        "dir:b file:b/x file:a hard:b->a   | file:a=3 file:b=3~a",
      })
  void theLaterEntryWins(String script, String tree) throws Exception {
    assertEquals(tree, run(script));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gone:x                            | gone:x",
        "gone:x gone:x                     | gone:x",
        "gone:x file:x                     | file:x=2",
        "file:x gone:x                     | file:x=1",
        "gone:x link:x->y                  | link:x->y",
        "link:x->y gone:x                  | link:x->y",
        "gone:x dir:x                      | dir:x!",
        "dir:x gone:x                      | dir:x!",
        "dir:x file:x/y gone:x             | dir:x! file:x/y=2",
        "gone:x file:x/y                   | dir:x! file:x/y=2",
        "file:x/y gone:x                   | dir:x! file:x/y=1",
        "gone:x file:f hard:x->f           | file:f=2 file:x=2~f",
        "gone:x hard:x->f file:f           | file:f=3 file:x=3~f",
        "dir:a gone:a/x gone:a/y           | dir:a gone:a/x gone:a/y",
        "dir:a gone:a/x file:a             | file:a=3",
      })
  void anEntryBeatsAWhiteoutOfItsName(String script, String tree) throws Exception {
    assertEquals(tree, run(script));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gone:x file:x dir:x               | dir:x!",
        "gone:x dir:x file:x               | file:x=3",
        "file:x gone:x dir:x               | dir:x!",
        "file:x dir:x gone:x               | dir:x!",
        "dir:x gone:x file:x               | file:x=3",
        "dir:x file:x gone:x               | file:x=2",
        "gone:x file:x file:x/y            | dir:x! file:x/y=3",
        "file:x gone:x file:x/y            | dir:x! file:x/y=3",
        "gone:x opaque:x                   | dir:x!",
        "opaque:x gone:x                   | dir:x!",
        "opaque:x file:x dir:x             | dir:x!",
        "dir:x file:x dir:x                | dir:x!",
        "gone:x hard:x->f dir:x file:f     | file:f=4 dir:x!",
        "gone:x hard:x->f file:x/y file:f  | file:f=4 dir:x! file:x/y=3",
        "hard:x->f gone:x dir:x file:f     | file:f=4 dir:x!",
      })
  void aDirectoryTakesNothingOfWhatItsOwnLayerReplaced(String script, String tree)
      throws Exception {
    assertEquals(tree, run(script));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "opaque:a                          | implied:a!",
        "opaque:a dir:a                    | dir:a!",
        "dir:a opaque:a                    | dir:a!",
        "opaque:a opaque:a                 | implied:a!",
        "opaque:a file:a/x                 | implied:a! file:a/x=2",
        "dir:a file:a/x opaque:a file:a/y  | dir:a! file:a/x=2 file:a/y=4",
        "opaque:a/b                        | implied:a implied:a/b!",
        "opaque:a file:a                   | file:a=2",
        "opaque:.                          | opaque:.",
        "file:x opaque:.                   | opaque:. file:x=1",
      })
  void anOpaqueDirectoryKeepsWhatItsOwnLayerHas(String script, String tree) throws Exception {
    assertEquals(tree, run(script));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file:a hard:b->a                  | file:a=1 file:b=1~a",
        "hard:b->a file:a                  | file:a=2 file:b=2~a",
        "hard:c->b hard:b->a file:a        | file:a=3 file:b=3~a file:c=3~a",
        "hard:d/b->a file:a                | file:a=2 implied:d file:d/b=2~a",
        "link:s->x hard:h->s               | link:h->x link:s->x~h",
        "hard:h->s link:s->x               | link:h->x link:s->x~h",
        "fifo:p hard:q->p                  | fifo:p fifo:q~p",
        "dir:d link:l->d file:d/f hard:h->l/f | dir:d file:d/f=3 file:h=3~d/f link:l->d",
        "dir:d link:l->d file:f hard:l/h->f | dir:d file:d/h=3 file:f=3~d/h link:l->d",
        "hard:b->a file:b file:a           | file:a=3 file:b=2",
        "hard:b->a file:b/x file:a         | file:a=3 dir:b! file:b/x=2",
        "hard:b->a hard:b->c file:a file:c | file:a=3 file:b=4 file:c=4~b",
        "hard:d/b->a file:d file:a         | file:a=3 file:d=2",
        "hard:d/b->a file:d dir:d file:a   | file:a=4 dir:d!",
      })
  void makesHardLinksAlsoToWhatComesLater(String script, String tree) throws Exception {
    assertEquals(tree, run(script));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hard:b->a                         | pending:b->a",
        "hard:d/b->a                       | implied:d pending:d/b->a",
        "file:b hard:b->a                  | pending:b->a",
        "hard:c->a hard:b->a               | pending:c->a pending:b->a",
        "link:l->/../.. hard:h->l/etc/passwd | link:l->/../.. pending:h->l/etc/passwd",
        "dir:d hard:h->d/x                 | dir:d pending:h->d/x",
      })
  void keepsHardLinksToWhatTheLayerLacks(String script, String tree) throws Exception {
    assertEquals(tree, run(script));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dir:d hard:h->d",
        "hard:h->d dir:d",
        "file:.",
        "link:.->x",
        "fifo:.",
        "file:a hard:.->a"
      })
  void refusesLinksToDirectoriesAndRootsThatAreNone(String script) {
    assertThrows(UnsafeContentException.class, () -> run(script));
  }

  @Test
  void makesDevices() throws Exception {
    Attributes attributes = attributes(0620, 0, 5);
    sink().device(SinkScript.path("c"), DeviceKind.CHARACTER, 4095, 1048575, attributes);
    sink().device(SinkScript.path("b"), DeviceKind.BLOCK, 8, 1, attributes);
    sink().device(SinkScript.path("z"), DeviceKind.BLOCK, 0, 0, attributes);
    assertEquals("block:b=8:1 char:c=4095:1048575 block:z=0:0", finish());
    assertEquals("620 0:5 1000000007.123456789", attributes("c"));
  }

  @Test
  void setsAttributesOfEveryKindOfEntry() throws Exception {
    sink().directory(LayerPath.ROOT, attributes(0700, 1, 2));
    sink().directory(SinkScript.path("d"), attributes(01777, 3, 4));
    sink().file(SinkScript.path("f"), attributes(06755, 5, 4_294_967_294L), 0).close();
    sink().symlink(SinkScript.path("l"), new byte[] {'x'}, attributes(0777, 7, 8));
    sink().fifo(SinkScript.path("p"), attributes(0, 9, 10));
    finish();
    assertEquals("700 1:2 1000000007.123456789", attributes("."));
    assertEquals("1777 3:4 1000000007.123456789", attributes("d"));
    assertEquals("6755 5:4294967294 1000000007.123456789", attributes("f"));
    assertEquals("777 7:8 1000000007.123456789", attributes("l"));
    assertEquals("0 9:10 1000000007.123456789", attributes("p"));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "-1,500000000", "-2147483648,0", "1,1", "4294967296,999999999"})
  void keepsTimesOfAllAges(long seconds, int nanos) throws Exception {
    FileTime time = new FileTime(seconds, nanos);
    sink().directory(SinkScript.path("d"), new Attributes(0755, 0, 0, time, List.of()));
    sink().file(SinkScript.path("d/f"), new Attributes(0644, 0, 0, time, List.of()), 0).close();
    finish();
    assertEquals(time, entry("d").stat().mtime());
    assertEquals(time, entry("d/f").stat().mtime());
  }

  @Test
  void directoriesKeepTheirTimesWhateverHappensInThem() throws Exception {
    sink().directory(SinkScript.path("d"), attributes(0755, 0, 0));
    SinkScript.run(
        "file:d/a hard:d/later->z dir:d/e file:d/e/x file:d/e gone:d/w opaque:d file:z", sink());
    finish();
    assertEquals("755 0:0 1000000007.123456789", attributes("d"));
  }

  @Test
  void aSecondDirectoryEntryReplacesAllAttributes() throws Exception {
    Attributes first =
        new Attributes(
            02770, 1, 1, new FileTime(5, 5), List.of(xattr("user.a", "1"), xattr("user.b", "2")));
    Attributes second =
        new Attributes(0751, 2, 3, new FileTime(6, 7), List.of(xattr("user.b", "3")));
    sink().directory(SinkScript.path("d"), first);
    sink().file(SinkScript.path("d/f"), attributes(0644, 0, 0), 0).close();
    sink().directory(SinkScript.path("d"), second);
    finish();
    assertEquals("751 2:3 6.000000007", attributes("d"));
    assertEquals(Map.of("user.b", "3"), entry("d").xattrs());
  }

  @Test
  void impliedDirectoriesAreForRootAndAllToRead() throws Exception {
    SinkScript.run("file:a/b/c", sink());
    finish();
    assertEquals("755 0:0", attributes("a/b").replaceFirst(" [0-9.]+$", ""));
  }

  @Test
  void extendedAttributesAndCapabilitiesSurviveTheChangeOfOwner() throws Exception {
    String capability = "\u0001\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    Attributes attributes =
        new Attributes(
            04755,
            1000,
            1000,
            new FileTime(1, 0),
            List.of(xattr("security.capability", capability), xattr("user.\u00e9", "\0\u00ff")));
    sink().file(SinkScript.path("f"), attributes, 0).close();
    finish();
    assertEquals("4755 1000:1000 1.000000000", attributes("f"));
    assertEquals(
        Map.of("security.capability", capability, "user.\u00e9", "\0\u00ff"), entry("f").xattrs());
  }

  @Test
  void filesAreZerosWhereNothingIsWritten() throws Exception {
    try (TreeSink.Body body = sink().file(SinkScript.path("f"), attributes(0644, 0, 0), 70_000)) {
      body.write(ByteBuffer.wrap(new byte[] {1, 2}), 4096);
      body.write(ByteBuffer.allocateDirect(2).put((byte) 3).put((byte) 4).flip(), 4098);
      body.write(ByteBuffer.wrap(new byte[] {9, 5, 9}, 1, 1), 69_000);
    }
    finish();
    byte[] expected = new byte[70_000];
    expected[4096] = 1;
    expected[4097] = 2;
    expected[4098] = 3;
    expected[4099] = 4;
    expected[69_000] = 5;
    assertArrayEquals(expected, entry("f").data());
  }

  @Test
  void namesAreBytes() throws Exception {
    String name = "\u00ff\u0001 \n\u00c3".repeat(51);
    SinkScript.run("dir:d", sink());
    sink().symlink(path("d/" + name), latin("\u00fe"), attributes(0777, 0, 0));
    finish();
    TreeEntry link = Objects.requireNonNull(look().get(path("d/" + name)));
    assertArrayEquals(latin("\u00fe"), link.data());
  }

  @Test
  void anEmptyLayerIsAnImpliedRoot() throws Exception {
    TreeSummary summary = sink().finish();
    sink().close();
    assertEquals(List.of(LayerPath.ROOT), summary.implied());
    assertEquals(List.of(LayerPath.ROOT), List.copyOf(look().keySet()));
  }

  private String attributes(String path) throws Exception {
    FileStat stat = entry(path).stat();
    return "%o %d:%d %d.%09d"
        .formatted(
            stat.permissions(),
            stat.uid(),
            stat.gid(),
            stat.mtime().seconds(),
            stat.mtime().nanos());
  }

  private static Attributes attributes(int mode, long uid, long gid) {
    return new Attributes(mode, uid, gid, new FileTime(1_000_000_007, 123_456_789), List.of());
  }

  private static Xattr xattr(String name, String value) {
    return new Xattr(latin(name), latin(value));
  }

  private static LayerPath path(String latin) throws ImageException {
    return LayerPath.of(latin(latin), UnpackLimits.DEFAULT);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
