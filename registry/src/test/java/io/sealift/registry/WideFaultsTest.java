package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.TransferException;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageSourceContract;
import io.sealift.testing.InProcessRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What can go wrong with one connection of several that a blob comes over, one fault a row.
/// Whether there are several is not measured here but said by {@link Certain}.
@SuppressWarnings("try") // streams are closed from outside on purpose
class WideFaultsTest {

  private static final int SIZE = Setting.SIZE;
  private static final int CHUNK = 100_000;
  private static final String BLOB = "/blobs/";
  private static final Duration LONG = Duration.ofHours(1);

  private static RegistryClient.Builder wide(Setting setting) {
    return setting.client().width(Certain.width(CHUNK, true));
  }

  /// A fault of one answer to a lane, and what becomes of it.
  ///
  /// @param waits seconds before the rest is asked for
  record Row(String name, Fault fault, String waits) {

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Row> faults() {
    return Stream.of(
        new Row("closed inside", Fault.cut(CHUNK / 2), "2"),
        new Row("reset inside", Fault.reset(CHUNK / 2), "2"),
        new Row("a part that is shorter than it says", Fault.length(10), "2"),
        new Row("a part that is longer than it says", Fault.length(CHUNK + 1), "none"),
        new Row("the whole", Fault.ignoreRange(), ""),
        new Row("another range", Fault.contentRange("bytes 0-99999/3000000"), ""),
        new Row("a range of another blob", Fault.contentRange("bytes 0-99999/4000000"), ""),
        new Row("no range", Fault.contentRange(""), ""),
        new Row("nonsense", Fault.raw("nothing of the kind"), ""),
        new Row("403", Fault.status(403, ""), ""),
        new Row("404", Fault.status(404, ""), ""),
        new Row("416", Fault.status(416, ""), ""),
        new Row("429 for seven seconds", Fault.tooMany("7"), "7"),
        new Row("500", Fault.status(500, ""), "2"),
        new Row("501", Fault.status(501, ""), ""),
        new Row("503", Fault.status(503, ""), "2"),
        new Row("silence", Fault.rawThenSilence(""), "2"),
        new Row("silence inside", Fault.stall(CHUNK / 2), "2"),
        new Row("chunks", Fault.chunked(777), "none"),
        new Row("no more after it", Fault.thenClose(), "none"));
  }

  private static RegistryClient.Builder impatient(Setting setting) {
    return wide(setting).timeouts(new Timeouts(LONG, Duration.ofSeconds(1)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultOfALaneLeavesTheRestToOneConnection(Row row) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(impatient(setting))) {
      setting.registry.plan(BLOB, 4, Fault.header("Sound", "so far"));
      setting.registry.plan(BLOB, 1, row.fault);
      assertArrayEquals(setting.bytes, setting.read(source));
      String waits =
          setting.pauses.stream()
              .map(pause -> Long.toString(pause.toSeconds()))
              .collect(Collectors.joining(" "));
      assertEquals(row.waits.replace("none", ""), waits);
      assertEquals(1, setting.ranges().stream().filter(String::isEmpty).count());
      boolean wide = Asked.of(setting).getLast().length() <= CHUNK;
      assertEquals(row.waits.equals("none"), wide, setting.ranges().toString());
    }
  }

  /// What was there of a part is not asked for again, nor what other lanes bring meanwhile.
  @ParameterizedTest
  @ValueSource(ints = {1, 1234, CHUNK - 1})
  void onlyWhatIsMissingIsFetchedAgain(int after) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(impatient(setting))) {
      setting.registry.plan(BLOB, 4, Fault.header("Sound", "so far"));
      setting.registry.plan(BLOB, 1, Fault.cut(after));
      assertArrayEquals(setting.bytes, setting.read(source));
      List<Asked> asked = new ArrayList<>(Asked.of(setting));
      List<Asked> whole = asked.stream().filter(each -> each.length() == CHUNK).toList();
      Asked rest =
          asked.stream()
              .filter(each -> each.length() == CHUNK - after)
              .findFirst()
              .orElseThrow(() -> new AssertionError(setting.ranges().toString()));
      assertTrue(whole.contains(new Asked(rest.from() - after, rest.to())), asked.toString());
      int next = whole.getFirst().from();
      for (Asked each : asked) {
        if (!each.equals(rest)) {
          assertEquals(next, each.from(), asked.toString());
          next = each.to();
        }
      }
      assertEquals(SIZE, next);
    }
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultInATrialEndsIt(Row row) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(impatient(setting))) {
      setting.registry.plan(BLOB, 1, Fault.header("Sound", "so far"));
      setting.registry.plan(BLOB, 2, row.fault);
      assertArrayEquals(setting.bytes, setting.read(source));
      assertEquals(List.of(), setting.pauses);
      assertEquals(row.waits.equals("none"), setting.ranges().size() > 3);
    }
  }

  /// What holds for one connection holds for what is left to one.
  @Test
  void whatFailsForGoodFails() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(impatient(setting))) {
      setting.registry.plan(BLOB, 4, Fault.header("Sound", "so far"));
      setting.registry.plan(BLOB, Fault.status(503, ""));
      TransferException failed = assertThrows(TransferException.class, () -> setting.read(source));
      assertTrue(failed.getMessage().endsWith("no reason given (status 503)"), failed.getMessage());
      assertEquals(
          List.of(2L, 2L, 4L, 8L, 16L), setting.pauses.stream().map(Duration::toSeconds).toList());
    }
  }

  @Test
  void aPlaceThatIsNotTheLastIsNotWaitedFor() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(impatient(setting).retries(Retries.none()))) {
      setting.registry.plan(BLOB, 4, Fault.header("Sound", "so far"));
      setting.registry.plan(BLOB, Fault.tooMany("7"));
      assertThrows(TransferException.class, () -> setting.read(source));
      assertEquals(List.of(), setting.pauses);
    }
  }

  @Test
  void aWrongByteStaysWrong() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(wide(setting))) {
      setting.registry.plan(BLOB, 4, Fault.header("Sound", "so far"));
      setting.registry.plan(BLOB, 1, Fault.spoiled(7));
      byte[] read = setting.read(source);
      assertEquals(SIZE, read.length);
      assertFalse(Arrays.equals(setting.bytes, read));
    }
  }

  @Test
  void aBlobThatChangedMeanwhileIsNotPutTogether() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(wide(setting))) {
      setting.registry.plan(BLOB, 1, Fault.header("ETag", "\"before\""));
      assertArrayEquals(setting.bytes, setting.read(source));
      assertEquals(2, setting.ranges().size(), "the answer to a lane is the whole");
    }
  }

  @Test
  void tokensThatEndAreRenewedByTheLanes() throws Exception {
    InProcessRegistry.Builder builder =
        InProcessRegistry.builder().bearer("alice", Setting.PASSWORD);
    try (Setting setting = new Setting(builder.start());
        ImageSource source =
            setting.open(wide(setting).credentials(Setting.user(Setting.PASSWORD)))) {
      source.manifest();
      setting.registry.plan(BLOB, 4, Fault.header("Sound", "so far"));
      setting.registry.plan(
          BLOB, 1, Fault.header("And", "then").meanwhile(setting.registry::revokeTokens));
      assertArrayEquals(setting.bytes, setting.read(source));
      assertEquals(List.of(), setting.pauses);
    }
  }

  @Test
  void lanesFollowRedirectsToAnotherHost() throws Exception {
    try (Setting setting = Setting.plain();
        Setting other = new Setting(InProcessRegistry.builder().address("127.0.0.2").start());
        ImageSource source = setting.open(wide(setting))) {
      setting.registry.plan(BLOB, Fault.redirect(307, at -> other.registry.url() + at));
      assertArrayEquals(setting.bytes, setting.read(source));
      assertEquals(
          setting.ranges().stream().sorted().toList(), other.ranges().stream().sorted().toList());
      assertTrue(other.ranges().size() > 10);
    }
  }

  /// A lane that nothing comes over is waited for, unless somebody ends that.
  @ParameterizedTest
  @CsvSource({
    "close, TransferException",
    "close all, TransferException",
    "interrupt, InterruptedIOException"
  })
  void aReadThatWaitsForALaneIsEnded(String by, String expected) throws Exception {
    try (Setting setting = Setting.plain()) {
      CountDownLatch silent = new CountDownLatch(1);
      setting.registry.plan(BLOB, 4, Fault.header("Sound", "so far"));
      setting.registry.plan(BLOB, Fault.stall(10).meanwhile(silent::countDown));
      try (ImageSource source = setting.open(wide(setting).timeouts(new Timeouts(LONG, LONG)));
          BlobStream stream = source.open(setting.layer)) {
        FutureTask<Throwable> reading =
            new FutureTask<>(
                () -> assertThrows(Exception.class, () -> ImageSourceContract.drain(stream)));
        Thread reader = Thread.ofPlatform().start(reading);
        silent.await();
        switch (by) {
          case "close" -> stream.close();
          case "close all" -> source.close();
          default -> reader.interrupt();
        }
        assertEquals(expected, reading.get().getClass().getSimpleName());
      }
    }
  }
}
