package io.sealift.sigstore.log;

import io.sealift.sigstore.crypto.Base64Text;
import io.sealift.sigstore.crypto.Unproven;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An entry of a transparency log, as a signature brings it along.
///
/// @param body the entry itself, canonical JSON
/// @param index in the whole log, as the promise has it
/// @param logId SHA-256 of the log's key, or what the log calls itself by
/// @param integratedTime seconds since 1970; of no value without the promise
/// @param promise the log's signature over all of these (signed entry timestamp); null when there
///   is none
/// @param proof that the log has it; null when there is none
@SuppressWarnings("ArrayRecordComponent")
public record LogEntry(
    byte[] body,
    long index,
    byte[] logId,
    long integratedTime,
    byte @Nullable [] promise,
    @Nullable InclusionProof proof) {

  /// What a log said about the entry.
  ///
  /// @param time when the log took it; null when it made no promise
  public record Seen(Log log, @Nullable Instant time) {

    /// Checks that the log was trusted at these times.
    public void checkPeriod(List<Instant> times) throws Unproven {
      for (Instant time : times) {
        if (!log.period().contains(time)) {
          throw new Unproven(
              "the log was trusted %s, its entry is of %s".formatted(log.period(), time));
        }
      }
    }
  }

  /// Checks that one of the logs has or promised the entry, and that it is about this signature.
  /// Where there is both a promise and a proof, both have to be good.
  public Seen check(List<Log> logs, Signed signed) throws Unproven {
    if (promise == null && proof == null) {
      throw new Unproven("a log entry with neither promise nor inclusion proof");
    }
    EntryBody.read(body).check(signed);
    Unproven reason = new Unproven("no log is trusted");
    for (Log log : logs) {
      try {
        return check(log);
      } catch (Unproven other) {
        reason = other;
      }
    }
    throw reason;
  }

  private Seen check(Log log) throws Unproven {
    if (proof != null) {
      proof.check(body, log);
    }
    if (promise != null && !log.key().verifies(promise, promised())) {
      throw new Unproven("the log entry's promise (SET) is by no log that the policy trusts");
    }
    return new Seen(log, promise == null ? null : Instant.ofEpochSecond(integratedTime));
  }

  /// What a promise is over: the four members as canonical JSON (RFC 8785), which these values need
  /// no rules for but the order and no spaces.
  private byte[] promised() {
    return "{\"body\":\"%s\",\"integratedTime\":%d,\"logID\":\"%s\",\"logIndex\":%d}"
        .formatted(Base64Text.encode(body), integratedTime, HexFormat.of().formatHex(logId), index)
        .getBytes(StandardCharsets.UTF_8);
  }
}
