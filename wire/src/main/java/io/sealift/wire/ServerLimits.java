package io.sealift.wire;

import java.time.Duration;

/// What callers may ask of a server at once.
///
/// @param connections at once; more are closed as they come
/// @param calls of one connection that are being answered; more are refused
/// @param payloadBytes of all calls that are being answered; more are refused
/// @param frame how long a peer may take to send, or take, one frame; its connection is closed then
public record ServerLimits(int connections, int calls, int payloadBytes, Duration frame) {

  /// Guests have one agent and a handful of other callers, with requests of some kilobytes.
  public static final ServerLimits DEFAULT =
      new ServerLimits(64, 128, 32 * 1024 * 1024, Duration.ofSeconds(30));
}
