/// Layers stacked by overlay mounts.
module io.sealift.overlay {
  requires transitive io.sealift.core;
  requires io.sealift.linux;

  exports io.sealift.overlay;
}
