package io.sealift.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.ImageException;
import io.sealift.source.BlobStream;
import io.sealift.source.ImageSource;
import io.sealift.testing.Fault;
import io.sealift.testing.ImageSourceContract;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Connections to one server, of which there may be only so many.
@SuppressWarnings("try") // streams are closed before their end on purpose
class TurnsTest {

  private static final Endpoint SERVER = new Endpoint(true, "registry.example", 443);
  private static final Endpoint OTHER = new Endpoint(true, "other.example", 443);

  private static Cancellation work() {
    return new Cancellation(new Watchdog(), null);
  }

  /// Until the thread waits for something.
  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      assertTrue(thread.isAlive());
      Thread.onSpinWait();
    }
  }

  @Test
  void areCountedForEachServer() throws Exception {
    Turns turns = new Turns(1);
    Cancellation hasty = work().hastyPart();
    Turns.Turn first = turns.take(SERVER, hasty);
    turns.take(OTHER, hasty);
    assertEquals(
        "all 1 connections are in use",
        assertThrows(Turns.BusyException.class, () -> turns.take(SERVER, hasty)).getMessage());
    first.close();
    turns.take(SERVER, hasty);
    first.close();
    assertThrows(Turns.BusyException.class, () -> turns.take(SERVER, hasty));
  }

  @ParameterizedTest
  @CsvSource({"cancel, IOException", "interrupt, InterruptedIOException"})
  void whoeverWaitsForOneIsCancelled(String by, String expected) throws Exception {
    Turns turns = new Turns(1);
    turns.take(SERVER, work());
    Cancellation waiting = work().part();
    FutureTask<Throwable> taking =
        new FutureTask<>(() -> assertThrows(Exception.class, () -> turns.take(SERVER, waiting)));
    Thread thread = Thread.ofPlatform().start(taking);
    awaitWaiting(thread);
    switch (by) {
      case "cancel" -> waiting.cancel();
      default -> thread.interrupt();
    }
    assertEquals(expected, taking.get().getClass().getSimpleName());
  }

  @Test
  void whatIsGivenUpAtTheEndIsForNobody() throws Exception {
    try (Watchdog watchdog = new Watchdog()) {
      Turns turns = new Turns(1);
      Cancellation all = new Cancellation(watchdog, null);
      Cancellation first = all.part();
      Connection connection =
          new Connection(
              SERVER,
              HttpVersion.HTTP_1_1,
              StandardProtocolFamily.INET,
              Timeouts.DEFAULT,
              watchdog,
              new LongAdder());
      connection.hold(turns.take(SERVER, first));
      first.attach(connection);
      Cancellation second = all.part();
      FutureTask<Throwable> taking =
          new FutureTask<>(() -> assertThrows(IOException.class, () -> turns.take(SERVER, second)));
      Thread thread = Thread.ofPlatform().start(taking);
      awaitWaiting(thread);
      all.cancel();
      assertEquals("closed meanwhile", taking.get().getMessage());
      turns.take(SERVER, work()); // and whoever comes later finds it free
    }
  }

  @Test
  void aBlobWaitsForAnother() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(setting.client().connections(2));
        BlobStream first = source.open(setting.layer);
        BlobStream second = source.open(setting.layer)) {
      FutureTask<byte[]> third = new FutureTask<>(() -> setting.read(source));
      Thread thread = Thread.ofPlatform().start(third);
      awaitWaiting(thread);
      assertEquals(2, setting.registry.requests().size());
      assertArrayEquals(setting.bytes, ImageSourceContract.drain(first));
      assertArrayEquals(setting.bytes, third.get());
      assertEquals(3, setting.registry.requests().size());
    }
  }

  @Test
  void aBlobThatWaitsIsClosedWithItsSource() throws Exception {
    try (Setting setting = Setting.plain()) {
      ImageSource source = setting.open(setting.client().connections(1));
      BlobStream first = source.open(setting.layer);
      FutureTask<Throwable> second =
          new FutureTask<>(
              () -> assertThrows(ImageException.class, () -> source.open(setting.layer)));
      Thread thread = Thread.ofPlatform().start(second);
      awaitWaiting(thread);
      source.close();
      String message = String.valueOf(second.get().getMessage());
      assertTrue(message.endsWith("closed meanwhile"), message);
      first.close();
    }
  }

  @Test
  void anInterruptedThreadWaitsForNone() throws Exception {
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(setting.client().connections(1));
        BlobStream first = source.open(setting.layer)) {
      assertTrue(first.read(ByteBuffer.allocate(1)) > 0);
      Thread.currentThread().interrupt();
      assertInstanceOf(
          InterruptedIOException.class,
          assertThrows(Exception.class, () -> source.open(setting.layer)));
      assertTrue(Thread.interrupted());
    }
  }

  /// One connection is enough for everything that can happen to it.
  @ParameterizedTest
  @CsvSource({"cut", "close", "404", "redirect", "reset", "raw"})
  void aConnectionThatEndsBadlyIsGivenBack(String how) throws Exception {
    Fault fault =
        switch (how) {
          case "cut" -> Fault.cut(1000);
          case "close" -> Fault.thenClose();
          case "404" -> Fault.status(404, "x".repeat(100_000));
          case "redirect" -> Fault.redirect(307, target -> target);
          case "reset" -> Fault.rawThenReset("");
          default -> Fault.raw("nothing of the kind");
        };
    try (Setting setting = Setting.plain();
        ImageSource source = setting.open(setting.client().connections(1))) {
      setting.registry.plan("/blobs/", 1, fault);
      try {
        setting.read(source);
      } catch (ImageException expectedOfSome) {
        assertTrue(how.equals("404") || how.equals("raw"), expectedOfSome.getMessage());
      }
      assertArrayEquals(setting.bytes, setting.read(source));
      BlobStream unread = source.open(setting.layer);
      unread.close();
      source.manifest();
    }
  }
}
