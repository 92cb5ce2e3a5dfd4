package io.sealift.store;

import io.sealift.oci.DiffId;
import io.sealift.snapshot.LayerTree;
import org.jspecify.annotations.Nullable;

/// A layer that the store holds: every byte of it was proved before it was committed.
///
/// @param tarBytes bytes of its plain tar
/// @param seal of the key that it came encrypted with (see {@link
///   io.sealift.crypt.Decryption#seal}); null when it came plain. Only who has that key may have
///   the layer without bringing it
public record StoredLayer(DiffId diffId, LayerTree tree, long tarBytes, @Nullable String seal) {}
