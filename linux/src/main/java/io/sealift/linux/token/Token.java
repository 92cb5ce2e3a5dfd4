package io.sealift.linux.token;

/// A token in a slot, by its own words (`CK_TOKEN_INFO`), without the blanks behind them.
///
/// @param slot the number of the slot
/// @param label what it was called when it was initialized
/// @param serial the serial number, of whatever characters
public record Token(long slot, String label, String manufacturer, String model, String serial) {}
