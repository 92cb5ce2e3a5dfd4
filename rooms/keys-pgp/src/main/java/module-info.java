/// Keys of encrypted layers that are wrapped as OpenPGP messages.
module io.sealift.pgp {
  requires transitive io.sealift.core;
  requires org.bouncycastle.pg;
  requires org.bouncycastle.provider;
  requires static org.jspecify;

  exports io.sealift.pgp;
}
