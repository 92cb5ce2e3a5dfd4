package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.ImageException;
import io.sealift.failure.NotFoundException;
import io.sealift.failure.TransferException;
import io.sealift.oci.Descriptor;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.source.LayerSource;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageSourceContract;
import io.sealift.testing.InProcessRegistry;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Blobs that arrive over connections which break, stall, or bring something else.
@SuppressWarnings("try") // streams are closed from outside on purpose
class BlobBodyTest {

  private static final int SIZE = Setting.SIZE;
  private static final Duration LONG = Duration.ofHours(1);

  private static List<Duration> seconds(Integer... seconds) {
    return Arrays.stream(seconds).map(Duration::ofSeconds).toList();
  }

  @ParameterizedTest
  @CsvSource({"http, 1", "http, 1048576", "http, 2999999", "https, 1", "https, 2000000"})
  void asksForTheRestAfterABreak(String scheme, int after) throws Exception {
    InProcessRegistry.Builder builder = InProcessRegistry.builder();
    try (Setting setting =
            new Setting((scheme.equals("https") ? builder.https() : builder).start());
        ImageSource source = setting.open()) {
      setting.registry.plan("/blobs/", 1, Fault.cut(after));
      assertArrayEquals(setting.bytes, setting.read(source));
      assertEquals(List.of("", "bytes=" + after + "-"), setting.ranges());
      assertEquals(seconds(2), setting.pauses);
    }
  }

  @Test
  void triesLongerWhileThereIsProgress() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source =
            setting.open(
                setting
                    .client()
                    .retries(new Retries(2, Duration.ofSeconds(1), Duration.ofSeconds(9))))) {
      setting.registry.plan("/blobs/", 2, Fault.cut(1 << 20));
      assertArrayEquals(setting.bytes, setting.read(source));
      assertEquals(List.of("", "bytes=1048576-", "bytes=2097152-"), setting.ranges());
      assertEquals(seconds(1, 1), setting.pauses);
    }
  }

  /// Connections that break at each tenth of a blob, when all that was sent has arrived.
  @ParameterizedTest
  @ValueSource(strings = {"closed", "reset"})
  void fetchesNoByteTwiceAcrossNineBreaks(String how) throws Exception {
    int tenth = SIZE / 10;
    Semaphore tenths = new Semaphore(0);
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      Fault reset = Fault.reset(tenth, tenths::acquireUninterruptibly);
      setting.registry.plan("/blobs/", 9, how.equals("reset") ? reset : Fault.cut(tenth));
      ByteBuffer all = ByteBuffer.allocate(SIZE + 1);
      try (BlobStream stream = source.open(setting.layer)) {
        int arrived = 0;
        while (stream.read(all) >= 0) {
          tenths.release(all.position() / tenth - arrived);
          arrived = all.position() / tenth;
        }
      }
      assertArrayEquals(setting.bytes, Arrays.copyOf(all.array(), all.position()));
      assertEquals(
          IntStream.range(0, 10).mapToObj(n -> n == 0 ? "" : "bytes=" + n * tenth + "-").toList(),
          setting.ranges());
      assertEquals(SIZE, setting.registry.bodyBytes());
    }
  }

  @Test
  void givesUpWithoutProgress() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/blobs/", Fault.cut(1000));
      TransferException failed = assertThrows(TransferException.class, () -> setting.read(source));
      assertTrue(failed.retryable());
      assertTrue(
          failed.getMessage().endsWith("the server closed the connection inside an answer"),
          failed.getMessage());
      assertEquals(seconds(2, 4, 8, 16), setting.pauses);
      assertEquals(
          List.of("", "bytes=1000-", "bytes=2000-", "bytes=3000-", "bytes=4000-"),
          setting.ranges());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"200", "416", "501"})
  void passesOverWhatCameBeforeWhereThereAreNoRanges(String status) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/blobs/", 1, Fault.cut(1_500_000));
      setting.registry.plan(
          "/blobs/",
          1,
          status.equals("200")
              ? Fault.ignoreRange()
              : Fault.error(Integer.parseInt(status), "UNSUPPORTED", "no ranges"));
      assertArrayEquals(setting.bytes, setting.read(source));
      String last = setting.ranges().getLast();
      assertEquals(status.equals("200") ? "bytes=1500000-" : "", last);
    }
  }

  @Test
  void doesNotPassOverTheSameBytesForEver() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source =
            setting.open(
                setting
                    .client()
                    .retries(new Retries(3, Duration.ofSeconds(1), Duration.ofSeconds(9))))) {
      // Each answer is the whole again, and breaks a little later than the one before.
      for (int times = 1; times < 9; times++) {
        setting.registry.plan(
            "/blobs/",
            1,
            Fault.raw(
                "HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n"
                    + "x".repeat(times * 1_100_000)));
      }
      Descriptor large =
          Descriptor.of(setting.layer.mediaType(), setting.layer.digest(), 50_000_000);
      TransferException failed =
          assertThrows(TransferException.class, () -> Setting.read(source, large));
      assertTrue(
          failed.getMessage().endsWith("broke too often, and the server does not give parts"),
          failed.getMessage());
      assertEquals(
          List.of("", "bytes=1100000-", "bytes=2200000-", "bytes=3300000-", "bytes=4400000-"),
          setting.ranges());
    }
  }

  /// What is said about a part that should be the bytes from 10 to the end, 2999999.
  @ParameterizedTest
  @CsvSource({
    "bytes 10-2999999/3000000, true",
    "bytes 10-2999999/*, true",
    "bytes 9-2999999/3000000, false",
    "bytes 11-2999999/3000000, false",
    "bytes 10-2999998/3000000, false",
    "bytes 10-2999999/3000001, false",
    "bytes 10-2999999, false",
    "bytes */3000000, false",
    "bytes=10-2999999/3000000, false",
    "items 10-2999999/3000000, false",
    "bytes 010-2999999/3000000, false",
    "'', false",
  })
  void acceptsNoOtherPart(String range, boolean accepted) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/blobs/", Fault.contentRange(range));
      LayerSource.Ranged ranged = (LayerSource.Ranged) source;
      if (accepted) {
        try (BlobStream stream = ranged.open(setting.layer, 10)) {
          assertArrayEquals(
              Arrays.copyOfRange(setting.bytes, 10, SIZE), ImageSourceContract.drain(stream));
        }
      } else {
        TransferException refused =
            assertThrows(TransferException.class, () -> ranged.open(setting.layer, 10));
        assertTrue(
            refused
                .getMessage()
                .endsWith("expected the bytes from 10 to 2999999, got another part"),
            refused.getMessage());
        assertEquals(List.of(), setting.pauses);
      }
    }
  }

  @Test
  void acceptsNoPartWhereTheWholeWasAskedFor() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/blobs/", Fault.status(206, "a part"));
      assertThrows(TransferException.class, () -> source.open(setting.layer));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, SIZE + 1})
  void hasNoOffsetsOutsideTheBlob(long offset) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      assertThrows(
          IllegalArgumentException.class,
          () -> ((LayerSource.Ranged) source).open(setting.layer, offset));
    }
  }

  @Test
  void leavesItToItsReaderToNoticeAnotherLength() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/blobs/", 1, Fault.body(new byte[10]));
      assertEquals(10, setting.read(source).length);
      setting.registry.plan("/blobs/", 1, Fault.body(new byte[SIZE + 10]));
      assertEquals(SIZE + 10, setting.read(source).length);
      assertEquals(List.of(), setting.pauses);
    }
  }

  @Test
  void anEndlessBlobIsReadNoFurtherThanItsReaderReads() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.plan("/blobs/", Fault.endless());
      try (BlobStream stream = source.open(setting.layer)) {
        ByteBuffer some = ByteBuffer.allocate(SIZE + 1);
        while (some.hasRemaining()) {
          assertTrue(stream.read(some) > 0);
        }
      }
    }
  }

  @Test
  void goesOnAfterAStall() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source =
            setting.open(setting.client().timeouts(new Timeouts(LONG, Duration.ofMillis(200))))) {
      setting.registry.plan("/blobs/", 1, Fault.stall(70_000));
      assertArrayEquals(setting.bytes, setting.read(source));
      assertEquals(List.of("", "bytes=70000-"), setting.ranges());
    }
  }

  /// Bytes come often enough for any time-out, and yet the blob would take days.
  @ParameterizedTest
  @ValueSource(strings = {"/blobs/", "/manifests/"})
  void givesUpWhatCrawls(String part) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source =
            setting.open(
                setting
                    .client()
                    .retries(Retries.none())
                    .timeouts(new Timeouts(LONG, Duration.ofMillis(300))))) {
      setting.registry.plan(part, Fault.trickle(20));
      TransferException failed =
          assertThrows(
              TransferException.class,
              () -> {
                source.manifest();
                setting.read(source);
              });
      assertTrue(
          failed.getMessage().endsWith("fewer than 1024 bytes a second came")
              || failed.getMessage().endsWith("timed out"),
          failed.getMessage());
      assertTrue(failed.retryable());
    }
  }

  @Test
  void triesElsewhereInTheOrderOfTheUrls() throws Exception {
    try (Setting setting = Setting.plain();
        Setting elsewhere = Setting.plain();
        ImageSource source = setting.open()) {
      setting.registry.remove(setting.layer.digest().toString());
      String path = "/v2/app/blobs/" + setting.layer.digest();
      Descriptor foreign =
          setting
              .image
              .layers()
              .getFirst()
              .urls(
                  "ftp://no.example/x",
                  "/relative",
                  elsewhere.registry.url() + "/v2/nothing/here",
                  elsewhere.registry.url() + path)
              .descriptor();
      assertArrayEquals(setting.bytes, Setting.read(source, foreign));
      assertEquals(
          List.of("GET /v2/nothing/here", "GET /v2/app/blobs/LAYER"), elsewhere.requests());
    }
  }

  @Test
  void saysWhatTheRegistrySaidWhenNoOtherPlaceHasIt() throws Exception {
    try (Setting setting = Setting.plain();
        InProcessRegistry elsewhere = InProcessRegistry.builder().basic("a", "b").start();
        ImageSource source = setting.open(Setting.user("x"))) {
      setting.registry.remove(setting.layer.digest().toString());
      Descriptor foreign =
          setting
              .image
              .layers()
              .getFirst()
              .urls(elsewhere.url() + "/x", elsewhere.url() + "/y")
              .descriptor();
      NotFoundException missing = assertThrows(NotFoundException.class, () -> source.open(foreign));
      assertTrue(missing.getMessage().contains("BLOB_UNKNOWN"), missing.getMessage());
      assertEquals(2, missing.getSuppressed().length);
      assertEquals(
          Collections.nCopies(2, ""),
          elsewhere.requests().stream().map(r -> r.header("authorization")).toList());
    }
  }

  @Test
  void keepsAnotherBlobGoingWhenOneIsClosed() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open();
        BlobStream kept = source.open(setting.layer)) {
      BlobStream given = source.open(setting.layer);
      assertTrue(given.read(ByteBuffer.allocate(10)) > 0);
      given.close();
      ImageException closed =
          assertThrows(TransferException.class, () -> ImageSourceContract.drain(given));
      assertTrue(closed.getMessage().endsWith("closed meanwhile"), closed.getMessage());
      assertArrayEquals(setting.bytes, ImageSourceContract.drain(kept));
    }
  }

  /// A registry that asks for patience gets no more of it than there is.
  @ParameterizedTest
  @ValueSource(strings = {"/manifests/", "/blobs/"})
  void aPauseEndsWithTheTimeForTheWhole(String part) throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source =
            setting.open(
                setting
                    .client()
                    .pause((_, cancellation) -> Pause.REAL.await(LONG, cancellation))
                    .timeouts(new Timeouts(LONG, LONG, Duration.ofMillis(1500))))) {
      setting.registry.plan(part, Fault.tooMany("60"));
      TransferException failed =
          assertThrows(
              TransferException.class,
              () -> {
                source.manifest();
                setting.read(source);
              });
      assertEquals(
          "wait for the next try: took longer than the 1.5 s that it may take as a whole",
          failed.getMessage());
      assertFalse(failed.retryable());
    }
  }

  /// Ends a pause between two tries that would last an hour.
  @ParameterizedTest
  @CsvSource({
    "close, TransferException",
    "close all, TransferException",
    "interrupt, InterruptedIOException"
  })
  void aPauseIsEnded(String by, String expected) throws Exception {
    try (Setting setting = Setting.plain()) {
      CountDownLatch pausing = new CountDownLatch(1);
      RegistryClient.Builder client =
          setting
              .client()
              .pause((delay, cancellation) -> {
                pausing.countDown();
                Pause.REAL.await(LONG, cancellation);
              });
      setting.registry.plan("/blobs/", Fault.cut(1000));
      try (ImageSource source = setting.open(client);
          BlobStream stream = source.open(setting.layer)) {
        FutureTask<Throwable> reading =
            new FutureTask<>(
                () -> assertThrows(Exception.class, () -> ImageSourceContract.drain(stream)));
        Thread reader = Thread.ofPlatform().start(reading);
        pausing.await();
        switch (by) {
          case "close" -> stream.close();
          case "close all" -> source.close();
          default -> reader.interrupt();
        }
        assertEquals(expected, reading.get().getClass().getSimpleName());
      }
    }
  }

  @Test
  void nothingIsGottenAfterTheEnd() throws Exception {
    try (Setting setting = Setting.plain()) {
      ImageSource source = setting.open();
      source.manifest();
      source.close();
      assertThrows(TransferException.class, source::manifest);
      assertThrows(TransferException.class, () -> source.open(setting.layer));
      assertEquals(1, setting.registry.requests().size());
      assertEquals(List.of(), setting.pauses);
    }
  }

  @Test
  void anInterruptedThreadGetsNothing() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open()) {
      Thread.currentThread().interrupt();
      assertInstanceOf(
          InterruptedIOException.class, assertThrows(Exception.class, source::manifest));
      assertTrue(Thread.interrupted());
    }
  }
}
