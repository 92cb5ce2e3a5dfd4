package io.sealift.cli.trace;

import io.sealift.cli.console.Sizes;
import io.sealift.cli.trace.Stretches.Stretch;
import io.sealift.cli.trace.TimeLine.Lane;
import io.sealift.cli.trace.TimeLine.Phase;
import io.sealift.cli.trace.TimeLine.Step;
import io.sealift.oci.DigestAlgorithm;
import io.sealift.pull.StageTimes;
import io.sealift.verify.Hasher;
import io.sealift.verify.JcaHashing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// A time line as an HTML page: layers as lanes, stages as colours. It has no scripts and asks for
/// nothing, which its policy forbids it besides; what a bar means is told when the mouse rests on
/// it, and by a table.
///
/// A lane has four rows, for what runs side by side: bytes arriving (`unlock`, `fetch`, `digest
/// blob`, `decrypt`, `inflate`), `digest tar`, `unpack`, and `commit`. Behind them is shown what
/// the layer waited for.
final class TracePage {

  /// Units of the drawing; it is stretched to the width of the window.
  private static final int WIDTH = 1000;

  private static final int LABEL_WIDTH = 190;
  private static final int ROW_HEIGHT = 7;
  private static final int ROWS = 4;
  private static final int LANE_HEIGHT = ROWS * ROW_HEIGHT + 8;
  private static final int STEPS_HEIGHT = 18;
  private static final int AXIS_HEIGHT = 20;

  /// What is narrower could not be seen.
  private static final double LEAST_WIDTH = 0.5;

  private static final int TICKS = 8;

  private static final double NANOS_PER_MILLI = 1e6;

  private static final List<StageTimes.Stage> STAGES = List.of(StageTimes.Stage.values());

  private static final String STYLE =
      """
      body{font:14px/1.5 sans-serif;margin:2em auto;max-width:75em;padding:0 1em;color:#1a1a1a;background:#fff}
      h1{font-size:1.3em;overflow-wrap:anywhere}
      svg{width:100%;height:auto;font:9px sans-serif;fill:#1a1a1a}
      code{overflow-wrap:anywhere}
      table{border-collapse:collapse;margin:1em 0}
      th,td{padding:.15em .7em;text-align:right;border-bottom:1px solid #ccc}
      th:first-child,td:first-child{text-align:left}
      .failure{color:#a40000;font-weight:bold}
      .legend{width:auto;height:1em;margin-right:.3em;vertical-align:-.1em}
      .grid{stroke:#ddd;stroke-width:.5}
      .step0,.step2{fill:#d5d9e0}.step1,.step3{fill:#b9c0cc}
      .waiting{fill:#f1f1f1}.waiting_for_other{fill:#fbe3c0}.fetching{fill:#eef4fb}.committing{fill:#e9f3e6}
      .cached,.stored{fill:#4d4d4d}
      .unlock{fill:#882255}.fetch{fill:#4477aa}.digest_blob{fill:#66ccee}.decrypt{fill:#aa3377}
      .inflate{fill:#ddaa33}.digest_tar{fill:#33bbaa}.unpack{fill:#228833}.commit{fill:#ee6677}
      @media (prefers-color-scheme:dark){body{color:#ddd;background:#181a1f}svg{fill:#ddd}
      .waiting{fill:#2a2c31}.waiting_for_other{fill:#4a3a20}.fetching{fill:#20293a}.committing{fill:#22301f}
      .grid{stroke:#333}.step0,.step2{fill:#3a4150}.step1,.step3{fill:#4b5468}.cached,.stored{fill:#bbb}}
      """;

  private final TimeLine line;
  private final StringBuilder html = new StringBuilder(1 << 16);

  private TracePage(TimeLine line) {
    this.line = line;
  }

  static String of(TimeLine line) {
    return new TracePage(line).page();
  }

  private String page() {
    String title = Markup.text(line.image());
    html.append(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '%s'; base-uri 'none'; form-action 'none'">
        <meta name="referrer" content="no-referrer">
        <meta name="viewport" content="width=device-width">
        <title>Pull of %s</title>
        <style>%s</style>
        </head>
        <body>
        <h1>Pull of <code>%s</code></h1>
        """
            .formatted(hash(STYLE), title, STYLE, title));
    summary();
    drawing();
    legend();
    table();
    notes();
    return html.append("</body>\n</html>\n").toString();
  }

  /// As a policy for content has it.
  private static String hash(String style) {
    try (Hasher hasher = new JcaHashing().open(DigestAlgorithm.SHA256)) {
      hasher.update(ByteBuffer.wrap(style.getBytes(StandardCharsets.UTF_8)));
      byte[] digest = HexFormat.of().parseHex(hasher.digest().hex());
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    }
  }

  private void summary() {
    long bytes = line.lanes().stream().mapToLong(Lane::bytes).sum();
    long cached = line.lanes().stream().filter(Lane::cached).count();
    html.append("<p>");
    if (line.digest() != null) {
      html.append("<code>%s</code><br>\n".formatted(Markup.text(line.digest())));
    }
    html.append(
        "%s, %d layers of %s, %d of them from the store</p>\n"
            .formatted(time(line.end()), line.lanes().size(), Sizes.format(bytes), cached));
    if (line.failure() != null) {
      html.append("<p class=\"failure\">%s</p>\n".formatted(Markup.text(line.failure())));
    }
  }

  private void drawing() {
    int height = AXIS_HEIGHT + STEPS_HEIGHT + line.lanes().size() * LANE_HEIGHT;
    html.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"time line\">\n"
            .formatted(WIDTH, height));
    axis(height);
    int number = 0;
    for (Step step : line.steps()) {
      bar(
          "step" + number++ % 4,
          AXIS_HEIGHT,
          STEPS_HEIGHT - 6,
          step.began(),
          step.ended(),
          step.name() + ": " + time(step.ended() - step.began()));
    }
    label(AXIS_HEIGHT + 9, "image");
    int y = AXIS_HEIGHT + STEPS_HEIGHT;
    for (Lane lane : line.lanes()) {
      lane(lane, y);
      y += LANE_HEIGHT;
    }
    html.append("</svg>\n");
  }

  private void axis(int height) {
    long step = tick(line.end());
    for (long at = 0; at <= line.end(); at += step) {
      html.append(
          "<line class=\"grid\" x1=\"%1$s\" x2=\"%1$s\" y1=\"%2$d\" y2=\"%3$d\"/><text x=\"%1$s\" y=\"12\">%4$s</text>\n"
              .formatted(number(x(at)), AXIS_HEIGHT - 4, height, time(at)));
    }
  }

  /// Nanoseconds between two lines of the grid: 1, 2 or 5 of a power of ten.
  private static long tick(long end) {
    long power = 1;
    while (true) {
      for (int digit : new int[] {1, 2, 5}) {
        if (end / (digit * power) <= TICKS) {
          return digit * power;
        }
      }
      power *= 10;
    }
  }

  private void lane(Lane lane, int y) {
    label(
        y + 2 * ROW_HEIGHT,
        "%d  %s  %s"
            .formatted(
                lane.number(),
                lane.digest().replaceFirst("^[^:]*:(.{12}).*", "$1"),
                Sizes.format(lane.bytes())));
    for (Phase phase : lane.phases()) {
      String name = name(phase.stage());
      bar(
          name,
          y,
          ROWS * ROW_HEIGHT,
          phase.began(),
          phase.ended(),
          "layer %d %s: %s from %s"
              .formatted(
                  lane.number(),
                  name.replace('_', ' '),
                  time(phase.ended() - phase.began()),
                  time(phase.began())));
    }
    for (StageTimes.Stage stage : STAGES) {
      for (Stretch stretch : lane.work().getOrDefault(stage, List.of())) {
        bar(
            name(stage),
            y + row(stage) * ROW_HEIGHT,
            ROW_HEIGHT - 1,
            stretch.began(),
            stretch.ended(),
            "layer %d, %s: %s of work in %s from %s"
                .formatted(
                    lane.number(),
                    name(stage).replace('_', ' '),
                    time(stretch.worked()),
                    time(stretch.ended() - stretch.began()),
                    time(stretch.began())));
      }
    }
  }

  private static int row(StageTimes.Stage stage) {
    return switch (stage) {
      case UNLOCK, FETCH, DIGEST_BLOB, DECRYPT, INFLATE -> 0;
      case DIGEST_TAR -> 1;
      case UNPACK -> 2;
      case COMMIT -> 3;
    };
  }

  private void label(int y, String text) {
    html.append("<text x=\"0\" y=\"%d\">%s</text>\n".formatted(y, Markup.text(text)));
  }

  private void bar(String kind, int y, int height, long began, long ended, String title) {
    double x = x(began);
    double width = Math.max(LEAST_WIDTH, x(ended) - x);
    html.append(
        "<rect class=\"%s\" x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\"><title>%s</title></rect>\n"
            .formatted(kind, number(x), y, number(width), height, Markup.text(title)));
  }

  private double x(long nanos) {
    return LABEL_WIDTH + (double) nanos / Math.max(1, line.end()) * (WIDTH - LABEL_WIDTH - 5);
  }

  private void legend() {
    html.append("<p>");
    for (StageTimes.Stage stage : STAGES) {
      swatch(name(stage));
    }
    for (String phase : List.of("waiting", "waiting_for_other", "cached")) {
      swatch(phase);
    }
    html.append("</p>\n");
  }

  private void swatch(String kind) {
    html.append(
        "<svg class=\"legend\" viewBox=\"0 0 10 10\"><rect class=\"%s\" width=\"10\" height=\"10\"/></svg>%s &nbsp; "
            .formatted(kind, kind.replace('_', ' ')));
  }

  /// Milliseconds by layer and stage.
  private void table() {
    html.append("<table>\n<tr><th>layer</th>");
    STAGES.forEach(stage -> html.append("<th>%s</th>".formatted(name(stage).replace('_', ' '))));
    html.append("</tr>\n");
    for (Lane lane : line.lanes()) {
      html.append(
          "<tr><td>%d <code>%s</code></td>".formatted(lane.number(), Markup.text(lane.digest())));
      for (StageTimes.Stage stage : STAGES) {
        String worked = lane.work().containsKey(stage) ? time(lane.worked(stage)) : "";
        html.append("<td>%s</td>".formatted(worked));
      }
      html.append("</tr>\n");
    }
    html.append("</table>\n");
  }

  private void notes() {
    if (line.notes().isEmpty()) {
      return;
    }
    html.append("<ul>\n");
    line.notes()
        .forEach(note ->
            html.append(
                "<li>%s: %s</li>\n".formatted(time(note.time()), Markup.text(note.text()))));
    html.append("</ul>\n");
  }

  private static String name(Enum<?> stage) {
    return stage.name().toLowerCase(Locale.ROOT);
  }

  private static String time(long nanos) {
    return String.format(Locale.ROOT, "%.1f ms", nanos / NANOS_PER_MILLI);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
