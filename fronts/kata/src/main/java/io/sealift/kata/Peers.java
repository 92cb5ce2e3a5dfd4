package io.sealift.kata;

import io.sealift.failure.BadReferenceException;
import io.sealift.imageconfig.Configuration;
import io.sealift.imageconfig.HubSettings;
import io.sealift.wire.UnixAddress;
import io.sealift.wire.guest.AttestationAgent;
import io.sealift.wire.guest.DataHub;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The sockets of a guest that this daemon has to do with.
///
/// @param own where it answers
/// @param hub of the Confidential Data Hub behind it; null for none
/// @param agent of the Attestation Agent, which need not be there
record Peers(Path own, @Nullable Path hub, Path agent) {

  /// Those that options name, or else the file of a data hub, or else the usual ones.
  ///
  /// @throws BadReferenceException when an address is none, or the hub would be this daemon
  static Peers of(Options options, HubSettings settings) throws BadReferenceException {
    Path own = socket(options, "socket", settings.socket(), DataHub.SOCKET);
    Path agent = socket(options, "agent", settings.agent(), AttestationAgent.SOCKET);
    Optional<String> hub = options.value("hub");
    Path behind = hub.isPresent() ? address(hub.get(), "--hub") : null;
    if (own.equals(behind)) {
      throw new BadReferenceException(
          "read --hub: %s is where this daemon itself answers; let the data hub answer elsewhere"
              .formatted(own));
    }
    return new Peers(own, behind, agent);
  }

  private static Path socket(
      Options options, String option, Configuration.@Nullable Value set, Path usual)
      throws BadReferenceException {
    Optional<String> given = options.value(option);
    if (given.isPresent()) {
      return address(given.get(), "--" + option);
    }
    return set == null ? usual : address(set.text(), set.origin());
  }

  /// An address, or a bare path.
  private static Path address(String text, String origin) throws BadReferenceException {
    try {
      return UnixAddress.parse(text.startsWith("/") ? "unix://" + text : text).normalize();
    } catch (IllegalArgumentException malformed) {
      throw new BadReferenceException(
          "read %s: %s".formatted(origin, malformed.getMessage()), malformed);
    }
  }
}
