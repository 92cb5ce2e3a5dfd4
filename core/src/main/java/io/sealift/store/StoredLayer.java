package io.sealift.store;

import io.sealift.oci.DiffId;
import io.sealift.snapshot.LayerTree;

/// A layer that the store holds: every byte of it was proved before it was committed.
///
/// @param tarBytes bytes of its plain tar
public record StoredLayer(DiffId diffId, LayerTree tree, long tarBytes) {}
