package io.sealift.failure;

/// This machine's files did not do what was asked of them: a full disk, a read-only store, a store
/// of another format, a failed system call.
public sealed class StoreException extends ImageException permits DeniedException {

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
