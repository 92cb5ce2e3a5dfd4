/// Secrets of a confidential guest's owner: `kbs:///REPOSITORY/TYPE/TAG`, and layer keys wrapped
/// with them.
module io.sealift.kbs {
  requires transitive io.sealift.core;
  requires transitive io.sealift.registry;
  requires transitive io.sealift.wire;

  exports io.sealift.kbs;
}
