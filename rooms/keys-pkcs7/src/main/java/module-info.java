/// Keys of encrypted layers that are wrapped for certificates.
@SuppressWarnings("module") // the scheme is called so
module io.sealift.pkcs7 {
  requires transitive io.sealift.core;
  requires io.sealift.pem;
  requires static org.jspecify;

  exports io.sealift.pkcs7;
}
