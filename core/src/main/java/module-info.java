/// The way of an image, without the privileges it needs at either end: no native calls and no
/// sockets.
module io.sealift.core {
  requires static transitive org.jspecify;
  requires tools.jackson.core;

  exports io.sealift.browse;
  exports io.sealift.bundle;
  exports io.sealift.codec;
  exports io.sealift.crypt;
  exports io.sealift.failure;
  exports io.sealift.json;
  exports io.sealift.oci;
  exports io.sealift.policy;
  exports io.sealift.policyfile;
  exports io.sealift.pull;
  exports io.sealift.secret;
  exports io.sealift.snapshot;
  exports io.sealift.source;
  exports io.sealift.store;
  exports io.sealift.tar;
  exports io.sealift.unpack;
  exports io.sealift.verify;
}
