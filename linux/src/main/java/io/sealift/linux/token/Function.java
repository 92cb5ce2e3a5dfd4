package io.sealift.linux.token;

/// The functions of a module that are called here, with their places in `CK_FUNCTION_LIST` (PKCS
/// #11 2.40, `pkcs11f.h`), which all versions since 2.0 begin with.
enum Function {
  C_INITIALIZE("C_Initialize", 0),
  C_FINALIZE("C_Finalize", 1),
  C_GET_SLOT_LIST("C_GetSlotList", 4),
  C_GET_TOKEN_INFO("C_GetTokenInfo", 6),
  C_OPEN_SESSION("C_OpenSession", 12),
  C_CLOSE_SESSION("C_CloseSession", 13),
  C_LOGIN("C_Login", 18),
  C_LOGOUT("C_Logout", 19),
  C_FIND_OBJECTS_INIT("C_FindObjectsInit", 26),
  C_FIND_OBJECTS("C_FindObjects", 27),
  C_FIND_OBJECTS_FINAL("C_FindObjectsFinal", 28),
  C_DECRYPT_INIT("C_DecryptInit", 33),
  C_DECRYPT("C_Decrypt", 34);

  /// The name in the specification.
  final String title;

  private final int place;

  Function(String title, int place) {
    this.title = title;
    this.place = place;
  }

  /// Bytes from the start of the list: the version, padded to a word, comes first.
  long offset() {
    return Long.BYTES * (1L + place);
  }

  /// Bytes of the list up to the last function called here.
  static long listBytes() {
    return C_DECRYPT.offset() + Long.BYTES;
  }
}
