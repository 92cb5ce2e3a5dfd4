package io.sealift.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sealift.failure.BadReferenceException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sun.misc.Signal;

class LifecycleTest {

  private static final Duration FOREVER = Duration.ofDays(1000);

  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
  private final Log log = new Log(lines, LineFormat.TEXT, Log.Level.DEBUG, InstantSource.system());
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final Readiness readiness = new Readiness(List.of());
  private final Calls calls = new Calls();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private void tell(String state) {
    told.add(state.replaceFirst("=\\d{4,}", "=TIME"));
  }

  /// A signal that the parent process had ignored, as shells do with SIGINT for what runs in the
  /// background and nohup with SIGHUP, never comes; then that was said, and what it means is done.
  private void raise(Lifecycle life, String name) {
    String ignored = "signal=SIG" + name;
    if (!lines.toString(UTF_8).contains(ignored)) {
      Signal.raise(new Signal(name));
    } else if (name.equals("HUP")) {
      life.reload();
    } else {
      life.end();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void servesUntilItIsToldToEnd(String signal) throws Exception {
    try (Lifecycle life = Lifecycle.begin(log, this::tell, readiness)) {
      assertEquals(Readiness.State.STARTING, readiness.state());
      raise(life, signal);
      life.serve(() -> told.add("reload"));
      assertEquals(Readiness.State.ENDING, readiness.state());
      assertEquals(Lifecycle.DONE, life.drain(calls));
    }
    assertEquals(List.of("READY=1", "STOPPING=1"), told);
  }

  @Test
  void readsItsConfigurationAgain() throws Exception {
    try (Lifecycle life = Lifecycle.begin(log, this::tell, readiness)) {
      raise(life, "HUP");
      life.serve(() -> {
        told.add("reload while " + readiness.state());
        life.end();
      });
    }
    assertEquals(
        List.of(
            "READY=1",
            "RELOADING=1\nMONOTONIC_USEC=TIME",
            "reload while SERVING",
            "READY=1",
            "STOPPING=1"),
        told);
  }

  @Test
  void staysAsItWasWhenTheConfigurationIsBroken() throws Exception {
    try (Lifecycle life = Lifecycle.begin(log, this::tell, readiness)) {
      raise(life, "HUP");
      life.serve(() -> {
        life.end();
        throw new BadReferenceException("read x: expected y");
      });
      assertEquals(Lifecycle.DONE, life.drain(calls));
    }
    String text = lines.toString(UTF_8);
    assertTrue(
        text.contains(
            "event=\"configuration stays as it was\" reason=bad_reference status=2 message=\"read x: expected y\""),
        text);
  }

  /// Answers one call until it is interrupted, or the latch lets it go.
  private Future<String> call(CountDownLatch begun, CountDownLatch end) {
    return threads.submit(() -> {
      try (Calls.Call _ = calls.begin()) {
        begun.countDown();
        end.await();
        return "whole";
      } catch (InterruptedException brokenOff) {
        return "broken off";
      }
    });
  }

  @Test
  void waitsForCallsThatGoOn() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Future<String> call = call(begun, end);
    begun.await();
    try (Lifecycle life = Lifecycle.begin(log, this::tell, readiness)) {
      life.end();
      life.serve(() -> {});
      Future<Integer> status = threads.submit(() -> life.drain(calls, FOREVER, FOREVER));
      while (beginsStill()) {
        Thread.onSpinWait();
      }
      calls.beginPart().close(); // what the call that goes on waits for
      end.countDown();
      assertEquals(Lifecycle.DONE, status.get());
      assertEquals("whole", call.get());
    }
  }

  private boolean beginsStill() {
    try (Calls.Call _ = calls.begin()) {
      return true;
    } catch (Calls.EndingException refused) {
      assertEquals(
          "begin call: this daemon is ending; try again when it runs again", refused.getMessage());
      return false;
    }
  }

  @Test
  void breaksOffWhatTakesTooLong() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Future<String> call = call(begun, new CountDownLatch(1));
    begun.await();
    try (Lifecycle life = Lifecycle.begin(log, this::tell, readiness)) {
      assertEquals(Lifecycle.BROKEN_OFF, life.drain(calls, Duration.ZERO, FOREVER));
      assertEquals("broken off", call.get());
      assertEquals(0, calls.running());
    }
    assertTrue(
        lines.toString(UTF_8).contains("event=ended calls=1 broken_off=true still_running=0"));
  }

  @Test
  void aSecondSignalBreaksOff() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Future<String> call = call(begun, new CountDownLatch(1));
    begun.await();
    try (Lifecycle life = Lifecycle.begin(log, this::tell, readiness)) {
      life.end();
      life.serve(() -> {});
      Future<Integer> status = threads.submit(() -> life.drain(calls, FOREVER, FOREVER));
      while (beginsStill()) {
        Thread.onSpinWait();
      }
      raise(life, "TERM");
      assertEquals(Lifecycle.BROKEN_OFF, status.get());
      assertEquals("broken off", call.get());
    }
  }

  @Test
  void aSecondSignalBeforeTheCallsAreWaitedForBreaksOffToo() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Future<String> call = call(begun, new CountDownLatch(1));
    begun.await();
    try (Lifecycle life = Lifecycle.begin(log, this::tell, readiness)) {
      life.end();
      life.serve(() -> {});
      life.end();
      assertEquals(Lifecycle.BROKEN_OFF, life.drain(calls, FOREVER, FOREVER));
      assertEquals("broken off", call.get());
    }
  }

  @Test
  void aCallThatDoesNotEndIsTold() throws Exception {
    Calls.Call never = calls.begin();
    try (Lifecycle life = Lifecycle.begin(log, this::tell, readiness)) {
      assertEquals(Lifecycle.BROKEN_OFF, life.drain(calls, Duration.ZERO, Duration.ZERO));
      assertTrue(Thread.interrupted());
      assertThrows(Calls.EndingException.class, calls::begin);
      assertThrows(Calls.EndingException.class, calls::beginPart);
    }
    never.close();
    assertTrue(lines.toString(UTF_8).contains("still_running=1"));
  }
}
