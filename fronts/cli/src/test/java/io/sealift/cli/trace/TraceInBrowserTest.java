package io.sealift.cli.trace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page in a real browser.
@Tag("peers")
class TraceInBrowserTest {

  /// Writes down where everything is in the window, and in which colour.
  private static final String MEASURE =
      """
      <script>
      for (const e of document.querySelectorAll('rect, text')) {
        const b = e.getBoundingClientRect();
        e.setAttribute('data-box', [b.left, b.top, b.right, b.bottom].join(' '));
        e.setAttribute('data-fill', getComputedStyle(e).fill);
      }
      document.body.setAttribute('data-width', document.documentElement.scrollWidth);
      </script>
      """;

  @TempDir Path scratch;

  /// What the document is after the browser is done with it.
  private String dom(String page) throws Exception {
    Path file = Files.writeString(scratch.resolve("page.html"), page);
    Process browser =
        new ProcessBuilder(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--user-data-dir=" + scratch.resolve("profile"),
                "--window-size=1200,900",
                "--dump-dom",
                file.toUri().toString())
            .redirectError(scratch.resolve("errors").toFile())
            .start();
    try {
      String dom = new String(browser.getInputStream().readAllBytes(), UTF_8);
      assertEquals(0, browser.waitFor(), () -> dom + errors());
      return dom;
    } finally {
      browser.destroyForcibly();
    }
  }

  private String errors() {
    try {
      return Files.readString(scratch.resolve("errors"));
    } catch (IOException failed) {
      return failed.toString();
    }
  }

  private static String withoutPolicy(String page) {
    return page.replaceFirst("<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "");
  }

  private static String title(String dom) {
    Matcher title = Pattern.compile("<head>.*?<title>(.*?)</title>", Pattern.DOTALL).matcher(dom);
    assertTrue(title.find(), dom);
    return title.group(1);
  }

  /// Something drawn: pixels from the left and the top of the window.
  private record Box(
      String kind,
      double left,
      double top,
      double right,
      double bottom,
      String fill,
      String title) {

    boolean isInside(Box other) {
      return left >= other.left - 1
          && right <= other.right + 1
          && top >= other.top - 1
          && bottom <= other.bottom + 1;
    }
  }

  private static List<Box> boxes(String dom) {
    List<Box> boxes = new ArrayList<>();
    Matcher drawn =
        Pattern.compile(
                "<(rect|text)(?: class=\"([a-z_0-9]+)\")?[^>]*? data-box=\"([-0-9. e]+)\" data-fill=\"([^\"]+)\">(?:<title>)?([^<]*)<")
            .matcher(dom);
    while (drawn.find()) {
      String[] box = drawn.group(3).split(" ", -1);
      boxes.add(
          new Box(
              drawn.group(2) == null ? drawn.group(1) : drawn.group(2),
              Double.parseDouble(box[0]),
              Double.parseDouble(box[1]),
              Double.parseDouble(box[2]),
              Double.parseDouble(box[3]),
              drawn.group(4),
              drawn.group(5)));
    }
    return boxes;
  }

  private static Box only(List<Box> boxes, String title) {
    List<Box> found = boxes.stream().filter(box -> box.title().startsWith(title)).toList();
    assertEquals(1, found.size(), title);
    return found.getFirst();
  }

  @Test
  void barsAreWhereTheirTimesAre() throws Exception {
    String page = withoutPolicy(TracePage.of(TracePageTest.SAMPLE));
    String dom = dom(page.replace("</body>", MEASURE + "</body>"));
    List<Box> boxes = boxes(dom);
    Box find = only(boxes, "find: ");
    Box layers = only(boxes, "layers: ");
    Box end = only(boxes, "stack and bundle: ");
    double perMilli = (end.right() - find.left()) / 100;
    assertTrue(perMilli > 5, "drawn over " + (end.right() - find.left()) + " pixels");
    assertEquals(find.left() + 15 * perMilli, layers.left(), 1);
    Box fetching = only(boxes, "layer 1 fetching");
    Box fetch = only(boxes, "layer 1, fetch");
    Box inflate = only(boxes, "layer 1, inflate");
    Box digest = only(boxes, "layer 1, digest tar");
    Box unpack = only(boxes, "layer 1, unpack");
    Box commit = only(boxes, "layer 1, commit");
    assertEquals(find.left() + 20 * perMilli, fetch.left(), 1);
    assertEquals(20 * perMilli, fetch.right() - fetch.left(), 1);
    assertEquals(fetch.right(), inflate.left(), 1);
    for (Box inside : List.of(fetch, inflate, digest, unpack)) {
      assertTrue(inside.isInside(fetching), inside + " in " + fetching);
    }
    assertTrue(fetch.bottom() <= digest.top() && digest.bottom() <= unpack.top());
    assertTrue(unpack.bottom() <= commit.top());
    assertTrue(only(boxes, "layer 2 waiting:").top() > fetching.bottom());
    for (String label : List.of("1  111111111111", "2  222222222222", "image")) {
      Box text = only(boxes, label);
      assertTrue(text.right() <= find.left() && text.left() >= 0, text + " beside " + find);
    }
    Matcher width = Pattern.compile("data-width=\"(\\d+)\"").matcher(dom);
    assertTrue(width.find());
    assertTrue(Integer.parseInt(width.group(1)) <= 1200, "scrolls sideways: " + width.group(1));
  }

  @Test
  void stagesHaveTheColoursOfTheLegend() throws Exception {
    String page = withoutPolicy(TracePage.of(TracePageTest.SAMPLE));
    List<Box> boxes = boxes(dom(page.replace("</body>", MEASURE + "</body>")));
    List<String> fills = new ArrayList<>();
    for (String kind :
        List.of("fetch", "inflate", "digest_tar", "unpack", "commit", "waiting", "cached")) {
      List<String> ofKind =
          boxes.stream().filter(box -> box.kind().equals(kind)).map(Box::fill).distinct().toList();
      assertEquals(1, ofKind.size(), kind);
      assertTrue(boxes.stream().filter(box -> box.kind().equals(kind)).count() >= 2, kind);
      fills.addAll(ofKind);
    }
    assertEquals(fills.size(), fills.stream().distinct().count(), fills.toString());
  }

  @Test
  void whatAnImageIsCalledDoesNothing() throws Exception {
    String hostile =
        "<script>document.title='hacked'</script>\"><img src=x onerror=\"document.title='hacked'\">";
    String dom = dom(withoutPolicy(TracePage.of(TracePageTest.hostile(hostile))));
    assertTrue(title(dom).startsWith("Pull of &lt;script&gt;"), dom);
    assertFalse(dom.contains("<img"), dom);
  }

  /// As if something had not been escaped.
  @Test
  void thePolicyOfThePageForbidsWhatEscapingMissed() throws Exception {
    try (var server =
        io.sealift.testing.InProcessRegistry.start().file("/leak", "x".getBytes(UTF_8))) {
      String smuggled =
          "<script>document.title='hacked'</script><style>body{background:url(%1$s/leak)}</style><img src=\"%1$s/leak\" onerror=\"document.title='hacked'\" style=\"color:red\">"
              .formatted(server.url());
      String page = TracePage.of(TracePageTest.SAMPLE).replace("<body>", "<body>" + smuggled);
      String dom = dom(page);
      assertEquals("Pull of registry.example/app:1", title(dom));
      assertTrue(dom.contains("<img"), dom);
      assertEquals(List.of(), server.requests());
      String open = dom(withoutPolicy(page));
      assertEquals("hacked", title(open));
      assertFalse(server.requests().isEmpty());
    }
  }
}
