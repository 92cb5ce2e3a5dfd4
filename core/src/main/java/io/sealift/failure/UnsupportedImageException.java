package io.sealift.failure;

/// A sound image that this program does not run: an artifact, another operating system, schema 1.
public final class UnsupportedImageException extends ImageException {

  private static final long serialVersionUID = 1L;

  public UnsupportedImageException(String message) {
    super(message, null);
  }

  public UnsupportedImageException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public int exitStatus() {
    return 1;
  }
}
