/// Registries over HTTP.
module io.sealift.registry {
  requires transitive io.sealift.core;

  exports io.sealift.registry;
  exports io.sealift.registry.certs;
  exports io.sealift.registry.login;
  exports io.sealift.registry.proxy;
}
