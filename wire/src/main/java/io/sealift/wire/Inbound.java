package io.sealift.wire;

/// What a frame turned out to be.
sealed interface Inbound permits Frame, Inbound.TooLarge {

  /// A frame that has more data than allowed; its data was passed over.
  ///
  /// @param stream unsigned
  record TooLarge(int stream, byte type, int length) implements Inbound {}
}
