package io.sealift.wire;

/// One frame of ttrpc (`PROTOCOL.md`): 10 bytes of header, then data.
///
/// | bytes | |
/// |--:|---|
/// | 4 | length of the data, big-endian |
/// | 4 | stream, big-endian, unsigned: odd for calls of clients |
/// | 1 | type: 1 request, 2 response, 3 data |
/// | 1 | flags |
///
/// @param stream unsigned
/// @param data of the frame alone; overwritten once it was sent
@SuppressWarnings("ArrayRecordComponent")
record Frame(int stream, byte type, byte flags, byte[] data) implements Inbound {

  static final int HEADER_BYTES = 10;

  /// Bytes of data in one frame; the protocol's own bound.
  static final int MAX_DATA = 4 * 1024 * 1024;

  static final byte REQUEST = 1;
  static final byte RESPONSE = 2;
  static final byte DATA = 3;

  /// The sender of a request will send data of a stream after it.
  static final byte REMOTE_OPEN = 2;

  static Frame request(int stream, byte[] data) {
    return new Frame(stream, REQUEST, (byte) 0, data);
  }

  static Frame response(int stream, byte[] data) {
    return new Frame(stream, RESPONSE, (byte) 0, data);
  }
}
