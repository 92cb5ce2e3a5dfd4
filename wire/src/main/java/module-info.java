/// Calls over Unix sockets, as confidential guests make them: ttrpc and the messages of the
/// services there.
module io.sealift.wire {
  requires com.google.protobuf;
  requires static org.jspecify;

  exports io.sealift.wire;
  exports io.sealift.wire.guest;
}
