package io.sealift.failure;

/// This machine's files did not do what was asked of them: a full disk, a read-only store, a store
/// of another format, a failed system call.
public final class StoreException extends ImageException {

  private static final long serialVersionUID = 1L;

  public StoreException(String message) {
    super(message, null);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public int exitStatus() {
    return 1;
  }
}
