package io.sealift.crypt;

/// A wrapped key that could not be opened, with the reason: half a sentence without the key's name,
/// such as `none of 2 private keys is a recipient`. Never holds key material.
public final class KeyException extends Exception {

  private static final long serialVersionUID = 1L;

  public KeyException(String reason) {
    super(reason);
  }

  public KeyException(String reason, Throwable cause) {
    super(reason, cause);
  }

  /// The half sentence.
  public String reason() {
    return String.valueOf(getMessage());
  }
}
