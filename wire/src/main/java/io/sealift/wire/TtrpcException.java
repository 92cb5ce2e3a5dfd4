package io.sealift.wire;

import org.jspecify.annotations.Nullable;

/// A call that did not succeed: what the other side answered, or that no answer came ({@link
/// Code#UNAVAILABLE}, {@link Code#DEADLINE_EXCEEDED}). The message is one line; what the other side
/// said in it is cut when it is long.
public final class TtrpcException extends Exception {

  private static final long serialVersionUID = 1L;

  /// Characters of a message; what a peer says may be hostile and long.
  static final int MAX_MESSAGE_LENGTH = 1000;

  private final Code code;

  public TtrpcException(Code code, String message) {
    this(code, message, null);
  }

  public TtrpcException(Code code, String message, @Nullable Throwable cause) {
    super(oneLine(message), cause);
    this.code = code;
  }

  public Code code() {
    return code;
  }

  /// The message without the code.
  public String reason() {
    return String.valueOf(getMessage());
  }

  private static String oneLine(String message) {
    StringBuilder line = new StringBuilder();
    message
        .codePoints()
        .limit(MAX_MESSAGE_LENGTH)
        .forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return message.length() > MAX_MESSAGE_LENGTH ? line.append('…').toString() : line.toString();
  }
}
