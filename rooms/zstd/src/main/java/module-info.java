/// Zstandard layers.
module io.sealift.zstd {
  requires transitive io.sealift.core;
  requires transitive io.sealift.linux;
  requires com.github.luben.zstd_jni;

  exports io.sealift.zstd;
}
