/// Where images are to be had: the registries' configuration of containers/image and of containerd.
module io.sealift.registries {
  requires transitive io.sealift.core;
  requires io.sealift.toml;

  exports io.sealift.registries;
}
