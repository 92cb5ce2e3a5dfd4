/// Private keys and certificates as files have them.
module io.sealift.pem {
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires static org.jspecify;

  exports io.sealift.pem;
}
