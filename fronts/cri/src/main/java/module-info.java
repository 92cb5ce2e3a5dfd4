/// The image service of a Kubernetes node, over gRPC.
module io.sealift.cri {
  requires io.sealift.core;
  requires io.sealift.imageconfig;
  requires io.sealift.jwe;
  requires io.sealift.kbs;
  requires io.sealift.keyprovider;
  requires io.sealift.linux;
  requires io.sealift.overlay;
  requires io.sealift.pem;
  requires io.sealift.pgp;
  requires io.sealift.pkcs7;
  requires io.sealift.registries;
  requires io.sealift.registry;
  requires io.sealift.service;
  requires io.sealift.sigstore;
  requires io.sealift.simple;
  requires io.sealift.telemetry;
  requires io.sealift.wire;
  requires io.sealift.zstd;
  requires io.grpc;
  requires io.grpc.netty.shaded;
  requires io.grpc.stub;
  // Guava has no module descriptor that would ask for this part of it.
  requires com.google.common.util.concurrent.internal;
  requires info.picocli;
  requires static org.jspecify;

  opens io.sealift.cri to
      info.picocli;
}
