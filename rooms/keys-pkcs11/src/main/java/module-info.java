/// Keys of encrypted layers that are wrapped for a key in a security token.
@SuppressWarnings("module") // the scheme is called so
module io.sealift.pkcs11 {
  requires transitive io.sealift.core;
  requires io.sealift.linux;
  requires org.snakeyaml.engine;
  requires static org.jspecify;

  exports io.sealift.pkcs11;
}
