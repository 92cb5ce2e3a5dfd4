package io.sealift.failure;

import org.jspecify.annotations.Nullable;

/// A failure on the way of an image. The message is one line, lower case and without a full stop:
/// the operation, its subject, what was expected, what was found, and what to do about it.
///
/// | leaf | exit status | meaning |
/// |---|--:|---|
/// | {@link TransferException} | 1 | a source did not deliver; the only leaf that may be worth trying again |
/// | {@link StoreException} | 1 | this machine's files did not do what was asked of them |
/// | {@link UnsupportedImageException} | 1 | a sound image that this program does not run |
/// | {@link BadReferenceException} | 2 | a name, option or configuration that is not well formed |
/// | {@link PolicyRefusedException} | 3 | the policy says no |
/// | {@link NotFoundException} | 4 | no such image, platform, blob or file |
/// | {@link AuthenticationException} | 5 | the source wants other credentials |
/// | {@link IntegrityException} | 6 | bytes that are not what their digest, size or checksum says |
/// | {@link UnsafeContentException} | 7 | content that is malformed, ambiguous, dangerous or beyond a bound |
public abstract sealed class ImageException extends Exception
    permits AuthenticationException,
        BadReferenceException,
        IntegrityException,
        NotFoundException,
        PolicyRefusedException,
        StoreException,
        TransferException,
        UnsafeContentException,
        UnsupportedImageException {

  private static final long serialVersionUID = 1L;

  /// Characters of a message; what is quoted in it may be hostile and long.
  private static final int MAX_MESSAGE_LENGTH = 2000;

  private final String message;

  ImageException(String message, @Nullable Throwable cause) {
    super(oneLine(message), cause);
    this.message = oneLine(message);
  }

  /// Control characters, line ends and what turns the direction of writing, which only what is
  /// quoted can have, as `\xNN`; cut when it is long. A log cannot be forged by an image.
  private static String oneLine(String message) {
    StringBuilder line = new StringBuilder();
    message
        .codePoints()
        .limit(MAX_MESSAGE_LENGTH)
        .forEach(c -> {
          if (isForging(c)) {
            line.append("\\x%02x".formatted(c));
          } else {
            line.appendCodePoint(c);
          }
        });
    return message.length() > MAX_MESSAGE_LENGTH ? line.append('…').toString() : line.toString();
  }

  private static boolean isForging(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  @Override
  public String getMessage() {
    return message;
  }

  /// The status with which a process ends because of this failure, as the table above has it.
  public abstract int exitStatus();

  /// Whether the same operation may succeed when it is tried again a little later.
  public boolean retryable() {
    return false;
  }
}
