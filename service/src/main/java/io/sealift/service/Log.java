package io.sealift.service;

import io.sealift.failure.ImageException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Where a daemon tells what happens: one line for each event, of key=value pairs or as a JSON
/// object, in UTF-8. What images, registries and clients wrote appears in values only, shortened
/// and without any character that could begin a line or hide another one, so that no log can be
/// forged. Thread-safe; every line is written at once.
///
/// Secrets have no place here. Credentials and keys are types that redact themselves; what is given
/// as text is the caller's to answer for.
///
/// | field | is |
/// |---|---|
/// | `time` | when, in UTC, to the millisecond |
/// | `level` | `debug`, `info`, `warn` or `error` |
/// | `event` | what happened, always the same words for the same |
/// | others | of what and how, in the order that they were given in |
public final class Log {

  private final OutputStream out;
  private final LineFormat format;
  private final Level least;
  private final InstantSource clock;
  private final AtomicLong lost = new AtomicLong();

  public Log(OutputStream out, LineFormat format, Level least, InstantSource clock) {
    this.out = out;
    this.format = format;
    this.least = least;
    this.clock = clock;
  }

  /// To standard error, as a daemon does.
  public static Log toStandardError(LineFormat format, Level least) {
    return new Log(System.err, format, least, InstantSource.system());
  }

  /// How much a line matters, the least first.
  public enum Level {
    /// For those who look for a fault: each layer of each pull.
    DEBUG,
    /// What goes as it should.
    INFO,
    /// What was refused, failed for one client, or went another way than usual.
    WARN,
    /// What keeps the daemon from serving.
    ERROR
  }

  /// A key and its value.
  ///
  /// @param key letters, digits and underscores; none of `time`, `level` and `event`
  /// @param value numbers and truth values stay what they are in JSON, anything else is text; null
  ///   for what is not known, and the field is left out
  public record Field(String key, @Nullable Object value) {

    public Field {
      if (!key.matches("[a-z][a-z0-9_]{0,63}")) {
        throw new IllegalArgumentException("no key of a log line: " + key);
      }
    }
  }

  public static Field field(String key, @Nullable Object value) {
    return new Field(key, value);
  }

  public void debug(String event, Field... fields) {
    log(Level.DEBUG, event, fields);
  }

  public void info(String event, Field... fields) {
    log(Level.INFO, event, fields);
  }

  public void warn(String event, Field... fields) {
    log(Level.WARN, event, fields);
  }

  public void error(String event, Field... fields) {
    log(Level.ERROR, event, fields);
  }

  /// Tells of a failure on the way of an image: its message, its reason and its exit status.
  public void failed(String event, ImageException failure, Field... fields) {
    Field[] all = java.util.Arrays.copyOf(fields, fields.length + 3);
    all[fields.length] = field("reason", Reason.of(failure).label());
    all[fields.length + 1] = field("status", failure.exitStatus());
    all[fields.length + 2] = field("message", failure.getMessage());
    log(Level.WARN, event, all);
  }

  /// Tells of a fault of this program: what was thrown, and where.
  public void defect(String event, Throwable defect, Field... fields) {
    StackTraceElement[] stack = defect.getStackTrace();
    Field[] all = java.util.Arrays.copyOf(fields, fields.length + 3);
    all[fields.length] = field("reason", Reason.INTERNAL.label());
    all[fields.length + 1] = field("defect", defect);
    all[fields.length + 2] = field("at", stack.length == 0 ? null : stack[0]);
    log(Level.ERROR, event, all);
  }

  public void log(Level level, String event, Field... fields) {
    if (!isLogged(level)) {
      return;
    }
    byte[] line =
        format.line(clock.instant(), level, event, fields).getBytes(StandardCharsets.UTF_8);
    synchronized (out) {
      try {
        out.write(line);
        out.flush();
      } catch (IOException nobodyReads) {
        lost.incrementAndGet();
      }
    }
  }

  /// Whether lines of this level are written at all.
  public boolean isLogged(Level level) {
    return level.compareTo(least) >= 0;
  }

  /// Lines that could not be written; there is nowhere to tell that but the metrics.
  public long lost() {
    return lost.get();
  }
}
