package io.sealift.cli.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.cli.trace.Stretches.Stretch;
import io.sealift.cli.trace.TimeLine.Lane;
import io.sealift.cli.trace.TimeLine.Note;
import io.sealift.cli.trace.TimeLine.Phase;
import io.sealift.cli.trace.TimeLine.Step;
import io.sealift.pull.ProgressListener.Stage;
import io.sealift.pull.StageTimes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TracePageTest {

  private static final long MILLI = 1_000_000;

  /// Two layers in a hundred milliseconds; the second waits for the first.
  static final TimeLine SAMPLE =
      new TimeLine(
          "registry.example/app:1",
          "sha256:" + "ab".repeat(32),
          100 * MILLI,
          null,
          List.of(
              new Step("find", 0, 10 * MILLI),
              new Step("admit", 10 * MILLI, 15 * MILLI),
              new Step("layers", 15 * MILLI, 90 * MILLI),
              new Step("stack and bundle", 90 * MILLI, 100 * MILLI)),
          List.of(
              new Lane(
                  1,
                  "sha256:" + "11".repeat(32),
                  3 << 20,
                  List.of(
                      new Phase(Stage.WAITING, 15 * MILLI, 20 * MILLI),
                      new Phase(Stage.FETCHING, 20 * MILLI, 60 * MILLI),
                      new Phase(Stage.COMMITTING, 60 * MILLI, 70 * MILLI),
                      new Phase(Stage.STORED, 70 * MILLI, 70 * MILLI)),
                  Map.of(
                      StageTimes.Stage.FETCH,
                      List.of(new Stretch(20 * MILLI, 40 * MILLI, 15 * MILLI)),
                      StageTimes.Stage.INFLATE,
                      List.of(new Stretch(40 * MILLI, 60 * MILLI, 20 * MILLI)),
                      StageTimes.Stage.DIGEST_TAR,
                      List.of(new Stretch(42 * MILLI, 60 * MILLI, 9 * MILLI)),
                      StageTimes.Stage.UNPACK,
                      List.of(new Stretch(43 * MILLI, 60 * MILLI, 10 * MILLI)),
                      StageTimes.Stage.COMMIT,
                      List.of(new Stretch(60 * MILLI, 70 * MILLI, 10 * MILLI)))),
              new Lane(
                  2,
                  "sha256:" + "22".repeat(32),
                  500,
                  List.of(
                      new Phase(Stage.WAITING, 15 * MILLI, 70 * MILLI),
                      new Phase(Stage.WAITING_FOR_OTHER, 70 * MILLI, 90 * MILLI),
                      new Phase(Stage.CACHED, 90 * MILLI, 90 * MILLI)),
                  Map.of())),
          List.of(new Note("copied, because overlay is not to be had", 95 * MILLI)));

  static TimeLine hostile(String text) {
    return new TimeLine(
        text, text, MILLI, text, List.of(), List.of(), List.of(new Note(text, MILLI)));
  }

  @Test
  void everyBarTellsWhatItMeans() {
    String page = TracePage.of(SAMPLE);
    for (String told :
        List.of(
            "<rect class=\"fetch\" x=\"351.00\" y=\"38\" width=\"161.00\" height=\"6\"><title>layer 1, fetch: 15.0 ms of work in 20.0 ms from 20.0 ms</title></rect>",
            "<title>layer 1 fetching: 40.0 ms from 20.0 ms</title>",
            "<title>layer 2 waiting for other: 20.0 ms from 70.0 ms</title>",
            "<title>stack and bundle: 10.0 ms</title>",
            "100.0 ms, 2 layers of 3.0 MiB, 1 of them from the store",
            "<li>95.0 ms: copied, because overlay is not to be had</li>")) {
      assertTrue(page.contains(told), told + "\n" + page);
    }
  }

  @Test
  void hasNothingThatRunsOrIsFetched() {
    for (String page : List.of(TracePage.of(SAMPLE), TracePage.of(hostile("<x>")))) {
      assertFalse(
          page.matches(
              "(?s).*(<script|<img|<iframe|<link|<a |javascript:|url\\(|@import|src=| on[a-z]+=).*"));
      assertTrue(page.contains("content=\"default-src 'none'; style-src 'sha256-"), page);
    }
  }

  /// Nothing of a text becomes a tag, an attribute, or leads out of one.
  @Test
  void textStaysText() {
    Set<String> tags = tags(TracePage.of(hostile("harmless")));
    for (String hostile :
        List.of(
            "<script>document.title='hacked'</script>",
            "\"><img src=x onerror=document.title='hacked'>",
            "' onmouseover='document.title=1",
            "</title></style></svg><svg onload=document.title=1>",
            "--><!--",
            "]]>",
            "&lt;script&gt;",
            "a\u0000b\u202ec\u2028d\ud800",
            "{{x}} ${x} %s %n")) {
      String page = TracePage.of(hostile(hostile));
      assertEquals(tags, tags(page), hostile);
      assertTrue(page.codePoints().noneMatch(c -> c == 0 || c == 0x202e || c == 0x2028), hostile);
    }
    assertTrue(TracePage.of(hostile("&lt;")).contains("<code>&amp;lt;</code>"));
    assertTrue(TracePage.of(hostile("%s %n")).contains("<code>%s %n</code>"));
  }

  private static Set<String> tags(String page) {
    Set<String> tags = new TreeSet<>();
    Matcher tag = Pattern.compile("<[^>]*>").matcher(page);
    while (tag.find()) {
      tags.add(tag.group());
    }
    return tags;
  }

  @Test
  void longTextIsCut() {
    assertTrue(TracePage.of(hostile("x".repeat(1 << 20))).length() < 10_000);
  }

  @Test
  void anEndAtOnceIsDrawn() {
    TimeLine nothing = new TimeLine("x", null, 0, "gone", List.of(), List.of(), List.of());
    assertTrue(TracePage.of(nothing).contains("0.0 ms, 0 layers"));
  }
}
