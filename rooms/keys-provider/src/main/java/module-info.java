/// Layer keys that a key provider opens: a program, or a service over gRPC or ttrpc.
module io.sealift.keyprovider {
  requires transitive io.sealift.core;
  requires io.sealift.wire;
  requires io.grpc;
  requires io.grpc.stub;
  requires io.grpc.netty.shaded;
  // Guava has no module descriptor that would ask for this part of it.
  requires com.google.common.util.concurrent.internal;

  exports io.sealift.keyprovider;
}
