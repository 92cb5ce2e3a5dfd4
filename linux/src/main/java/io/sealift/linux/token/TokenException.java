package io.sealift.linux.token;

import java.util.Map;
import java.util.Set;

/// A module or its token that did not do as asked: `C_Login: CKR_PIN_INCORRECT`. Never holds a PIN
/// or what was decrypted.
public final class TokenException extends Exception {

  private static final long serialVersionUID = 1L;

  static final long OK = 0;
  static final long ALREADY_INITIALIZED = 0x191;
  static final long ALREADY_LOGGED_IN = 0x100;

  /// What is worth a name (`pkcs11t.h`); others are shown as numbers.
  private static final Map<Long, String> NAMES =
      Map.ofEntries(
          Map.entry(0x03L, "CKR_SLOT_ID_INVALID"),
          Map.entry(0x05L, "CKR_GENERAL_ERROR"),
          Map.entry(0x06L, "CKR_FUNCTION_FAILED"),
          Map.entry(0x07L, "CKR_ARGUMENTS_BAD"),
          Map.entry(0x30L, "CKR_DEVICE_ERROR"),
          Map.entry(0x32L, "CKR_DEVICE_REMOVED"),
          Map.entry(0x40L, "CKR_ENCRYPTED_DATA_INVALID"),
          Map.entry(0x41L, "CKR_ENCRYPTED_DATA_LEN_RANGE"),
          Map.entry(0x54L, "CKR_FUNCTION_NOT_SUPPORTED"),
          Map.entry(0x63L, "CKR_KEY_TYPE_INCONSISTENT"),
          Map.entry(0x68L, "CKR_KEY_FUNCTION_NOT_PERMITTED"),
          Map.entry(0x70L, "CKR_MECHANISM_INVALID"),
          Map.entry(0x71L, "CKR_MECHANISM_PARAM_INVALID"),
          Map.entry(0xa0L, "CKR_PIN_INCORRECT"),
          Map.entry(0xa1L, "CKR_PIN_INVALID"),
          Map.entry(0xa2L, "CKR_PIN_LEN_RANGE"),
          Map.entry(0xa3L, "CKR_PIN_EXPIRED"),
          Map.entry(0xa4L, "CKR_PIN_LOCKED"),
          Map.entry(0xe0L, "CKR_TOKEN_NOT_PRESENT"),
          Map.entry(0xe1L, "CKR_TOKEN_NOT_RECOGNIZED"),
          Map.entry(0x101L, "CKR_USER_NOT_LOGGED_IN"),
          Map.entry(0x102L, "CKR_USER_PIN_NOT_INITIALIZED"));

  /// What tokens say of a mechanism, or of parameters of it, that they do not have; SoftHSM says
  /// that the arguments are bad.
  private static final Set<Long> NOT_ABLE = Set.of(0x07L, 0x54L, 0x70L, 0x71L);

  /// What tokens say of ciphertext that does not open; SoftHSM says that there was an error.
  private static final Set<Long> NOT_OPENED = Set.of(0x05L, 0x06L, 0x20L, 0x21L, 0x40L, 0x41L);

  private final long result;

  TokenException(Function function, long result) {
    super(function.title + ": " + NAMES.getOrDefault(result, "0x%x".formatted(result)));
    this.result = result;
  }

  TokenException(String message) {
    super(message);
    this.result = OK;
  }

  TokenException(String message, Throwable cause) {
    super(message, cause);
    this.result = OK;
  }

  /// Whether the PIN was not taken: another try with the same may lock the token.
  public boolean isAboutPin() {
    return result >= 0xa0 && result <= 0xa4;
  }

  boolean meansNotAble() {
    return NOT_ABLE.contains(result);
  }

  /// Whether this is what a token says of ciphertext that its key does not open, for whatever
  /// reason.
  public boolean meansNotOpened() {
    return NOT_OPENED.contains(result);
  }
}
