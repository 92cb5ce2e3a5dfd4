package io.sealift.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.failure.ImageException;
import io.sealift.snapshot.LayerTree;
import io.sealift.snapshot.Snapshotter;
import io.sealift.snapshot.Snapshotter.StackRequest;
import io.sealift.unpack.TreeSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Layers that have several entries for one name, in every order: the outcome is that of applying
/// the layer's whiteouts, and then its entries one after the other.
class RepeatedNamesTest {

  private static final int WORDS_MAX = 3;

  @TempDir Path scratch;

  /// What a layer can say about the name `x`, which is a directory below, of mode 701 with a file
  /// `old` in it.
  private enum Word {
    GONE,
    OPAQUE,
    DIRECTORY,
    FILE,
    SYMLINK,
    CHILD;

    void write(TreeSink sink) throws ImageException {
      switch (this) {
        case GONE -> sink.whiteout(TestLayers.path("x"));
        case OPAQUE -> sink.opaque(TestLayers.path("x"));
        case DIRECTORY -> TestLayers.directory(sink, "x", 0700, 1000);
        case FILE -> TestLayers.file(sink, "x", "file");
        case SYMLINK ->
            sink.symlink(
                TestLayers.path("x"), new byte[] {'x', '/'}, TestLayers.unchecked(0777, 1000));
        case CHILD -> TestLayers.file(sink, "x/child", "child");
      }
    }
  }

  /// The name `x`, and what is in it.
  private static final class Model {
    private @Nullable String kind = "DIRECTORY 701";
    private final TreeMap<String, String> children = new TreeMap<>();

    List<String> lines(List<Word> words) {
      children.put("old", "'below'");
      if (words.contains(Word.GONE)) {
        become(null);
      }
      if (words.contains(Word.OPAQUE)) {
        children.clear();
      }
      words.forEach(this::apply);
      List<String> lines = new ArrayList<>();
      if (kind != null) {
        lines.add(kind + " x" + (kind.startsWith("REGULAR") ? " 'file'" : ""));
      }
      children.forEach((name, content) -> lines.add("REGULAR 644 x/" + name + " " + content));
      return lines;
    }

    private void apply(Word word) {
      switch (word) {
        case GONE -> {}
        case OPAQUE -> directory();
        case DIRECTORY -> {
          directory();
          kind = "DIRECTORY 700";
        }
        case FILE -> become("REGULAR 644");
        case SYMLINK -> become("SYMLINK 777");
        case CHILD -> {
          directory();
          children.put("child", "'child'");
        }
      }
    }

    private void directory() {
      if (kind == null || !kind.startsWith("DIRECTORY")) {
        become("DIRECTORY 755");
      }
    }

    private void become(@Nullable String other) {
      kind = other;
      children.clear();
    }
  }

  private interface Way {
    List<String> lines(Snapshotter snapshotter, List<LayerTree> layers, Path work) throws Exception;
  }

  @Test
  void copiesAreWhatTheModelGives() throws Exception {
    compare(new CopySnapshotter(), RepeatedNamesTest::stacked);
  }

  @Test
  void flattenedTreesAreWhatTheModelGives() throws Exception {
    compare(
        new CopySnapshotter(),
        (snapshotter, layers, work) -> {
          Path target = Files.createDirectory(work.resolve("target"));
          TestLayers.flatten(snapshotter, layers, target);
          return TestLayers.lines(snapshotter, target);
        });
  }

  @Test
  @Tag("root")
  void overlaysAreWhatTheModelGives() throws Exception {
    compare(new OverlaySnapshotter(), RepeatedNamesTest::stacked);
  }

  private static List<String> stacked(Snapshotter snapshotter, List<LayerTree> layers, Path work)
      throws Exception {
    Path rootfs = work.resolve("rootfs");
    Path upper = Files.createDirectory(work.resolve("work"));
    snapshotter.stack(layers, new StackRequest(rootfs, upper));
    try {
      return TestLayers.lines(snapshotter, rootfs);
    } finally {
      snapshotter.unstack(rootfs, upper);
    }
  }

  private void compare(Snapshotter snapshotter, Way way) throws Exception {
    int number = 0;
    for (List<Word> words : sequences()) {
      Path work = Files.createDirectory(scratch.resolve(Integer.toString(number++)));
      TestLayers layers = new TestLayers(snapshotter, work);
      LayerTree lower =
          layers.layer(sink -> {
            TestLayers.directory(sink, "x", 0701, 1000);
            TestLayers.file(sink, "x/old", "below");
          });
      LayerTree upper =
          layers.layer(sink -> {
            for (Word word : words) {
              word.write(sink);
            }
          });
      List<String> lines = new ArrayList<>();
      for (String line : way.lines(snapshotter, List.of(lower, upper), work)) {
        lines.add(line.replaceFirst("^([A-Z]+ \\d+) \\S+ ", "$1 ").replace(" -> x/", ""));
      }
      assertEquals(new Model().lines(words), lines, words.toString());
      snapshotter.remove(work);
    }
  }

  /// A symlink that leads to itself is no way for what comes after it.
  private static List<List<Word>> sequences() {
    List<List<Word>> all = new ArrayList<>(List.of(List.of()));
    for (int from = 0, length = 0; length < WORDS_MAX; length++) {
      int end = all.size();
      for (; from < end; from++) {
        List<Word> begin = all.get(from);
        for (Word word : Word.values()) {
          boolean follows = word == Word.OPAQUE || word == Word.CHILD;
          if (!follows || !isSymlink(begin)) {
            List<Word> longer = new ArrayList<>(begin);
            longer.add(word);
            all.add(longer);
          }
        }
      }
    }
    return all;
  }

  private static boolean isSymlink(List<Word> words) {
    return words.stream()
            .filter(word -> word != Word.GONE)
            .reduce((_, last) -> last)
            .orElse(Word.DIRECTORY)
        == Word.SYMLINK;
  }
}
