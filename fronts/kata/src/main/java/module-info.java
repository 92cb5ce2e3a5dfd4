/// The image service of a confidential guest, as the Kata agent asks for it.
module io.sealift.kata {
  requires io.sealift.core;
  requires io.sealift.imageconfig;
  requires io.sealift.kbs;
  requires io.sealift.linux;
  requires io.sealift.overlay;
  requires io.sealift.registries;
  requires io.sealift.registry;
  requires io.sealift.service;
  requires io.sealift.sigstore;
  requires io.sealift.simple;
  requires io.sealift.telemetry;
  requires io.sealift.wire;
  requires io.sealift.zstd;
  requires static org.jspecify;
}
