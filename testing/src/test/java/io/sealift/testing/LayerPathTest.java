package io.sealift.testing;

import static io.sealift.testing.Archives.latin;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sealift.failure.UnsafeContentException;
import io.sealift.unpack.LayerPath;
import io.sealift.unpack.UnpackLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerPathTest {

  private static LayerPath path(String latin) throws UnsafeContentException {
    return LayerPath.of(latin(latin), UnpackLimits.DEFAULT);
  }

  private static String refusal(String latin) {
    return assertThrows(UnsafeContentException.class, () -> path(latin)).getMessage();
  }

  @ParameterizedTest
  @CsvSource({
    "a, a", "a/b, a/b", "/a, a", "./a, a", ".//a, a", "a/, a", "a//b///, a/b",
        "././/./a/./b/., a/b",
    "///, .", "., .", "./, .", "'', .", "..., ...", "a/...b, a/...b", "..a/b.., ..a/b..", "' ', ' '"
  })
  void normalises(String name, String path) throws Exception {
    assertEquals(path, path(name).toString());
  }

  @ParameterizedTest
  @CsvSource({"a, ., a", "a/b, a, b", "a/b/cc, a/b, cc", "., ., ''"})
  void hasAParentAndAName(String text, String parent, String name) throws Exception {
    LayerPath path = path(text);
    assertEquals(parent, path.parent().toString());
    assertArrayEquals(latin(name), path.name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../a", "a/..", "a/../b", "/..", "./..//a"})
  void refusesToGoUp(String name) {
    assertEquals(
        "read path " + name + ": expected a path below the root, found a component ..",
        refusal(name));
  }

  @Test
  void refusesNul() {
    assertEquals("read path a\\x00b: expected no NUL in a name, found one", refusal("a\0b"));
  }

  @Test
  void namesTheBounds() throws Exception {
    String longest = "n".repeat(255);
    assertEquals(longest, path(longest).toString());
    assertEquals(
        "read path %s: expected at most 255 bytes in a name (maxNameBytes), found 256"
            .formatted("n".repeat(256)),
        refusal("n".repeat(256)));
    String deepest = "d/".repeat(256);
    assertEquals(511, path(deepest).bytes().length);
    assertEquals(
        "read path %s…: expected at most 256 components (maxDepth), found more"
            .formatted("d/".repeat(128)),
        refusal("d/".repeat(257)));
    String component = "/" + "n".repeat(254);
    assertEquals(
        "read path %s…: expected at most 4096 bytes (maxPathBytes), found 4334"
            .formatted((component + component).substring(0, 256)),
        refusal(component.repeat(17)));
  }

  @Test
  void leadingSlashesCountForNoBound() throws Exception {
    assertEquals("a", path("/./".repeat(5000) + "a").toString());
  }

  @Test
  void printsOnOneLineWhatNoTerminalObeys() throws Exception {
    assertEquals("a\\x1b[1m\\x0a\\xff\\\\", path("a\u001b[1m\n\u00ff\\").toString());
    assertEquals("\u00e9/\\xc3", path("\u00c3\u00a9/\u00c3").toString());
  }

  @Test
  void ordersByUnsignedBytes() throws Exception {
    assertEquals(1, Integer.signum(path("\u00ff").compareTo(path("a"))));
    assertEquals(path("./a//b"), path("a/b"));
    assertEquals(path("./a//b").hashCode(), path("a/b").hashCode());
  }
}
