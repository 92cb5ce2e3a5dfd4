/// The one module with native access: files by descriptor, mounts, extended attributes, and native
/// libraries for inflating, digests and security tokens.
module io.sealift.linux {
  requires transitive io.sealift.core;

  exports io.sealift.linux;
  exports io.sealift.linux.library;
  exports io.sealift.linux.token;
}
