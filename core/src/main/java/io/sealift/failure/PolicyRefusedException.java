package io.sealift.failure;

/// The policy says no, or there is no policy that could say yes.
public final class PolicyRefusedException extends ImageException {

  private static final long serialVersionUID = 1L;

  public PolicyRefusedException(String message) {
    super(message, null);
  }

  public PolicyRefusedException(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public int exitStatus() {
    return 3;
  }
}
