package io.sealift.kata;

import static io.sealift.service.Log.field;

import io.sealift.failure.ImageException;
import io.sealift.failure.TransferException;
import io.sealift.oci.Digest;
import io.sealift.service.Log;
import io.sealift.wire.TtrpcException;
import io.sealift.wire.guest.AttestationAgent;
import io.sealift.wire.guest.Measurement;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/// Tells the Attestation Agent of pulls, so that they can be attested (guest-components,
/// `confidential-data-hub/hub/src/hub.rs`; the event is that of Confidential Containers' event
/// log).
final class Measurements {

  private static final String DOMAIN = "github.com/confidential-containers";
  private static final String OPERATION = "PullImage";

  /// For the agent's answer, as there.
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final Path agent;
  private final Log log;

  /// @param agent its socket; when it is not there nothing is measured
  Measurements(Path agent, Log log) {
    this.agent = agent;
    this.log = log;
  }

  /// Tells of a pull. That the machine has no such log, or that it is not enabled, is no failure.
  ///
  /// @param image as the caller named it
  /// @throws ImageException when the agent is there and does not write the event down
  void pulled(String image, Digest manifest) throws ImageException, InterruptedIOException {
    if (!Files.exists(agent)) {
      log.debug("pull is not measured", field("image", image), field("missing", agent));
      return;
    }
    // One space, as in the original: verifiers compare the text.
    String content = "{\"image\":\"%s\", \"digest\":\"%s\"}".formatted(image, manifest);
    try {
      Measurement.Result result =
          new AttestationAgent(agent, TIMEOUT)
              .extend(new Measurement(DOMAIN, OPERATION, content, OptionalLong.empty()));
      switch (result) {
        case OK -> log.debug("pull is measured", field("image", image));
        case NOT_SUPPORTED, NOT_ENABLED ->
            log.warn("pull is not measured", field("image", image), field("agent_says", result));
      }
    } catch (TtrpcException failed) {
      throw TransferException.lasting(
          "measure pull of %s: %s".formatted(image, failed.reason()), failed);
    }
  }
}
