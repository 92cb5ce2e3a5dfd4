package io.sealift.cli.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.cli.trace.Stretches.Stretch;
import io.sealift.cli.trace.TimeLine.Note;
import io.sealift.cli.trace.TimeLine.Phase;
import io.sealift.cli.trace.TimeLine.Step;
import io.sealift.oci.Descriptor;
import io.sealift.pull.ProgressListener;
import io.sealift.pull.ProgressListener.Stage;
import io.sealift.pull.StageTimes;
import io.sealift.testing.ImageBuilder;
import io.sealift.testing.TarBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordingTest {

  private long now = 1000;
  private final List<String> heard = new ArrayList<>();

  private final Recording recording =
      new Recording(
          "app",
          new ProgressListener() {
            @Override
            public void layer(int index, Descriptor layer, Stage stage) {
              heard.add(index + " " + stage);
            }

            @Override
            public void fetched(int index, long bytes) {
              heard.add(index + " fetched " + bytes);
            }

            @Override
            public void unpacked(int index, long bytes) {
              heard.add(index + " unpacked " + bytes);
            }

            @Override
            public void note(String text) {
              heard.add(text);
            }
          },
          () -> now);

  private static Descriptor layer(String content) throws Exception {
    return new ImageBuilder()
        .layer(new TarBuilder().file("f", content).build())
        .build()
        .layers()
        .getFirst()
        .descriptor();
  }

  private void at(long time, int index, Descriptor layer, Stage stage) {
    now = 1000 + time;
    recording.layer(index, layer, stage);
  }

  @Test
  void eachLayerHasItsPhasesAndItsWork() throws Exception {
    Descriptor one = layer("one");
    Descriptor two = layer("two");
    at(10, 0, one, Stage.WAITING);
    at(10, 1, two, Stage.WAITING);
    at(20, 0, one, Stage.FETCHING);
    at(25, 1, two, Stage.WAITING_FOR_OTHER);
    recording.worked(0, StageTimes.Stage.FETCH, 1021, 1029);
    recording.fetched(0, 5);
    recording.unpacked(0, 6);
    recording.note("a note");
    at(40, 0, one, Stage.COMMITTING);
    at(50, 0, one, Stage.STORED);
    at(70, 1, two, Stage.CACHED);
    now = 1100;
    TimeLine line = recording.end(null);
    assertEquals(
        List.of(
            new Phase(Stage.WAITING, 10, 20),
            new Phase(Stage.FETCHING, 20, 40),
            new Phase(Stage.COMMITTING, 40, 50),
            new Phase(Stage.STORED, 50, 50)),
        line.lanes().get(0).phases());
    assertEquals(
        List.of(
            new Phase(Stage.WAITING, 10, 25),
            new Phase(Stage.WAITING_FOR_OTHER, 25, 70),
            new Phase(Stage.CACHED, 70, 70)),
        line.lanes().get(1).phases());
    assertTrue(line.lanes().get(1).cached());
    assertEquals(
        List.of(new Stretch(21, 29, 8)), line.lanes().get(0).work().get(StageTimes.Stage.FETCH));
    assertEquals(List.of(new Note("a note", 25)), line.notes());
    assertEquals(100, line.end());
    assertEquals(
        List.of(
            "0 WAITING",
            "1 WAITING",
            "0 FETCHING",
            "1 WAITING_FOR_OTHER",
            "0 fetched 5",
            "0 unpacked 6",
            "a note",
            "0 COMMITTING",
            "0 STORED",
            "1 CACHED"),
        heard);
  }

  @Test
  void aPullThatFailsIsDrawnAsFarAsItCame() throws Exception {
    at(10, 0, layer("one"), Stage.WAITING);
    at(20, 0, layer("one"), Stage.FETCHING);
    now = 1060;
    TimeLine line = recording.end("the disk is full");
    assertEquals("the disk is full", line.failure());
    assertEquals(new Phase(Stage.FETCHING, 20, 60), line.lanes().get(0).phases().getLast());
  }

  @Test
  void whatWasNotFoundHasOneStep() {
    now = 1030;
    TimeLine line = recording.end("no such image");
    assertNull(line.digest());
    assertEquals(List.of(new Step("find", 0, 30)), line.steps());
  }

  @Test
  void notesAreBounded() {
    for (int i = 0; i < 1000; i++) {
      recording.note("again");
    }
    assertEquals(100, recording.end(null).notes().size());
    assertEquals(1000, heard.size());
  }
}
