/// Simple signatures: OpenPGP over a small JSON text that names an image.
module io.sealift.simple {
  requires transitive io.sealift.core;
  requires org.bouncycastle.pg;
  requires org.snakeyaml.engine;

  exports io.sealift.simple;
}
