package io.sealift.service;

import static io.sealift.service.Log.field;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// Brings what is logged through the Java platform, by other parts of this program and by
/// libraries, into the one log of a daemon. Of libraries only warnings.
public final class PlatformLogs extends Handler {

  private static final String OURS = "io.sealift";

  private final Log log;
  private final SimpleFormatter formatter = new SimpleFormatter();

  /// The platform forgets the level of a logger that nobody holds.
  private final Logger ours = Logger.getLogger(OURS);

  private PlatformLogs(Log log) {
    this.log = log;
  }

  /// Takes the place of every handler that there is; for the whole process, and once.
  public static PlatformLogs into(Log log) {
    PlatformLogs handler = new PlatformLogs(log);
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    root.setLevel(Level.WARNING);
    handler.ours.setLevel(log.isLogged(Log.Level.DEBUG) ? Level.FINE : Level.INFO);
    return handler;
  }

  @Override
  public void publish(LogRecord entry) {
    if (!isLoggable(entry)) {
      return;
    }
    log.log(
        level(entry.getLevel()),
        "message",
        field("logger", entry.getLoggerName()),
        field("message", formatter.formatMessage(entry)),
        field("thrown", entry.getThrown()));
  }

  private static Log.Level level(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return Log.Level.ERROR;
    }
    if (value >= Level.WARNING.intValue()) {
      return Log.Level.WARN;
    }
    return value >= Level.INFO.intValue() ? Log.Level.INFO : Log.Level.DEBUG;
  }

  @Override
  public void flush() {} // lines are written at once

  @Override
  public void close() {} // the log is not this one's
}
