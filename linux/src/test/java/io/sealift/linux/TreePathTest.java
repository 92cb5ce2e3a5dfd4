package io.sealift.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreePathTest {

  private static TreePath path(String text) {
    return new TreePath(LayerFixture.bytes(text));
  }

  @ParameterizedTest
  @CsvSource({
    "'', a, -1",
    "a, a/b, -1",
    "a/b, a-b, -1",
    "a/z, a-, -1",
    "a, b, -1",
    "a, \u00ff, -1",
    "a, a, 0",
  })
  void directoriesComeWithWhatIsBelowThem(String first, String second, int order) {
    assertEquals(order, Integer.signum(path(first).compareTo(path(second))));
    assertEquals(-order, Integer.signum(path(second).compareTo(path(first))));
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', true, false",
    "'', a, true, true",
    "'', a/b, true, false",
    "a, a, true, false",
    "a, a/b, true, true",
    "a, a/b/c, true, false",
    "a, ab, false, false",
    "a, ab/c, false, false",
    "a/b, a, false, false",
    "a/b, a/b/c, true, true",
  })
  void knowsWhatIsBelow(String above, String below, boolean isAbove, boolean isParent) {
    assertEquals(isAbove, path(above).isSelfOrAbove(path(below)));
    assertEquals(isParent, path(above).isParentOf(path(below)));
  }

  @ParameterizedTest
  @CsvSource({"a, a", "'', .", "\u00ff, \\xff", "'\u00c3\u00a9', \u00e9", "'a\tb', 'a\\x09b'"})
  void isShownToPeople(String latin1, String shown) {
    assertEquals(shown, path(latin1).toString());
  }

  @ParameterizedTest
  @CsvSource({
    "'Name:\tx\nUmask:\t0022\nState:\tR\n', 22",
    "'Umask', 777",
    "'\nUmask:\t0777\n', 777"
  })
  void readsTheUmask(String status, String octal) {
    assertEquals(Integer.parseInt(octal, 8), Identity.parseUmask(status));
  }
}
