/// Files of settings in TOML.
module io.sealift.toml {
  requires transitive io.sealift.core;
  requires org.tomlj;

  exports io.sealift.toml;
}
