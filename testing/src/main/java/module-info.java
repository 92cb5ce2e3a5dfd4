/// What tests and the demonstration need: images made by hand, an in-process registry, hostile
/// content, contract suites.
module io.sealift.testing {
  requires transitive io.sealift.core;
  requires transitive io.sealift.wire;
  requires com.github.luben.zstd_jni;
  requires com.nimbusds.jose.jwt;
  requires static org.junit.jupiter.api;
  requires static org.junit.jupiter.params;

  exports io.sealift.testing;
  exports io.sealift.testing.codec;
  exports io.sealift.testing.crypt;
  exports io.sealift.testing.guest;
  exports io.sealift.testing.sign;
  exports io.sealift.testing.snapshot;
  exports io.sealift.testing.telemetry;
}
