package io.sealift.kata;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sealift.testing.BuiltImage;
import io.sealift.wire.ServerLimits;
import io.sealift.wire.Services;
import io.sealift.wire.TtrpcServer;
import io.sealift.wire.guest.AttestationAgent;
import io.sealift.wire.guest.Measurement;
import io.sealift.wire.guest.Messages;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the Attestation Agent is told of pulls.
class MeasurementTest {

  @TempDir private Path dir;
  private final List<Measurement> events = new CopyOnWriteArrayList<>();

  private TtrpcServer agentThatSays(TestGuest guest, int result) throws Exception {
    return TtrpcServer.listen(
        guest.agentSocket,
        Services.builder()
            .add(
                AttestationAgent.SERVICE,
                AttestationAgent.EXTEND_RUNTIME_MEASUREMENT,
                request -> {
                  events.add(Measurement.decode(request.payload()));
                  return Messages.ofNumber(result);
                })
            .build(),
        ServerLimits.DEFAULT);
  }

  /// That the machine has no log, or that it is not enabled, is no reason to fail.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void eachPullIsAnEvent(int result) throws Exception {
    try (TestGuest guest = new TestGuest(dir)) {
      BuiltImage image = guest.push("app", "one");
      try (TtrpcServer _ = agentThatSays(guest, result)) {
        guest.start();
        try (TestAgent agent = guest.agent()) {
          assertEquals("0", agent.pull(guest.name("app"), guest.bundle("c1")).toString());
        }
      }
      assertEquals(
          List.of(
              new Measurement(
                  "github.com/confidential-containers",
                  "PullImage",
                  "{\"image\":\"%s\", \"digest\":\"%s\"}"
                      .formatted(guest.name("app"), image.digest()),
                  OptionalLong.empty())),
          events);
    }
  }

  @Test
  void anAgentThatComesLaterIsToldToo() throws Exception {
    try (TestGuest guest = new TestGuest(dir)) {
      guest.push("app", "one");
      guest.start();
      try (TestAgent agent = guest.agent()) {
        assertEquals("0", agent.pull(guest.name("app"), guest.bundle("c1")).toString());
        assertEquals(List.of(), events);
        try (TtrpcServer _ = agentThatSays(guest, 0)) {
          assertEquals("0", agent.pull(guest.name("app"), guest.bundle("c2")).toString());
        }
        assertEquals(1, events.size());
      }
    }
  }
}
