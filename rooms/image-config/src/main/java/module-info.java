/// What a guest's configuration says about images: the file of image-rs and the kernel's command
/// line.
module io.sealift.imageconfig {
  requires transitive io.sealift.core;
  requires io.sealift.toml;

  exports io.sealift.imageconfig;
}
