package io.sealift.sigstore.crypto;

/// Something does not prove what it should; the message is the reason, on one line.
public final class Unproven extends Exception {

  private static final long serialVersionUID = 1L;

  public Unproven(String message) {
    super(message);
  }

  public Unproven(String message, Throwable cause) {
    super(message, cause);
  }
}
